"""Where uploads arrive: a file of its own for each, never whole in memory, gone with its request."""

import asyncio
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiofiles
import structlog
from aiofiles.threadpool.binary import AsyncFileIO

from models.errors import Unavailable

PIECE_BYTES = 256 * 1024
"""What is gathered before it is written: each write is a thread's turn."""

HEAD_BYTES = 4096

log = structlog.get_logger()


class Incoming:
    """One upload. `head` is what it begins with, for telling what it is."""

    def __init__(self, file: AsyncFileIO, path: Path) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self.path = str(path)
        self.thumbnail_path = f"{path}.thumbnail"
        self.size = 0
        self.head = b""

    async def write(self, piece: bytes) -> None:
        """Raises Unavailable."""
        self._gathered.append(piece)
        self._gathered_bytes += len(piece)
        self.size += len(piece)
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + piece)[:HEAD_BYTES]
        if self._gathered_bytes >= PIECE_BYTES:
            await self._flush()

    async def finish(self) -> str:
        """On the disk, with fsync; the SHA-256 in hex."""
        await self._flush()
        with one_error():
            await self._file.flush()
            await asyncio.to_thread(os.fsync, self._file.fileno())
        return self._digest.hexdigest()

    async def _flush(self) -> None:
        piece = b"".join(self._gathered)
        self._gathered.clear()
        self._gathered_bytes = 0
        self._digest.update(piece)  # some 0.2 ms
        with one_error():
            await self._file.write(piece)


class Spool:
    """In a directory of its own, on the same disk as the store, where that is one: then nothing is copied."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    @asynccontextmanager
    async def incoming(self) -> AsyncIterator[Incoming]:
        path = self._directory / secrets.token_hex(16)
        try:
            with one_error():
                file = await aiofiles.open(path, "xb", buffering=0)
            try:
                yield Incoming(file, path)
            finally:
                await asyncio.shield(file.close())
        finally:
            _remove(path)

    async def free_bytes(self) -> int:
        return (await asyncio.to_thread(shutil.disk_usage, self._directory)).free

    async def sweep(self, idle_seconds: float) -> int:
        """Removes what a crash left: whatever nobody wrote to for so long. How many that were."""
        return await asyncio.to_thread(self._sweep, time.time() - idle_seconds)

    def _sweep(self, before: float) -> int:
        old = [
            entry
            for entry in os.scandir(self._directory)
            if entry.stat(follow_symlinks=False).st_mtime < before
        ]
        for entry in old:
            Path(entry.path).unlink(missing_ok=True)
        return len(old)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    Path(f"{path}.thumbnail").unlink(missing_ok=True)


@contextmanager
def one_error() -> Iterator[None]:
    """What the file system says comes out as the one error that a rule can do something about."""
    try:
        yield
    except OSError as error:
        log.error("files_failed", error=str(error))  # noqa: TRY400 - it says which file and why
        raise Unavailable("Files can't be written or read right now.", retry_after=10) from error
