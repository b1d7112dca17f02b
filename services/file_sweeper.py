"""Deletes what nobody can reach any more: uploads that were never posted, bytes without a file, what a crash left."""

import asyncio

import structlog

from models.errors import Fault, Unavailable
from services.file_ports import Blobs, Files, Spool
from services.files import FileCounts

log = structlog.get_logger()

PAUSE_SECONDS = 60.0

GRACE_SECONDS = 24 * 3600.0
"""That an upload may wait for its message: a draft keeps it over a night."""

IDLE_SECONDS = 3600.0
"""After which something in the spool belongs to no request: bodies that stop coming are given up in seconds."""


class FileSweeper:
    """`keep_swept` runs on every instance; rows are one instance's business at a time, by a lock in the database."""

    def __init__(self, files: Files, blobs: Blobs, spool: Spool, counts: FileCounts) -> None:
        self._files = files
        self._blobs = blobs
        self._spool = spool
        self._counts = counts

    async def sweep(self, grace_seconds: float = GRACE_SECONDS) -> int:
        """Until nothing is left to do; how much it was. Raises Unavailable."""
        done = await self._spool.sweep(IDLE_SECONDS)
        while now := await self._files.sweep(grace_seconds, self._blobs):
            done += now
        self._counts.swept += done
        return done

    async def keep_swept(self) -> None:
        """For ever."""
        while True:
            try:
                await self.sweep()
            except Unavailable:
                log.warning("files_not_swept")
            except (Fault, OSError):
                log.exception("files_not_swept")
            await asyncio.sleep(PAUSE_SECONDS)
