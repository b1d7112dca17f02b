"""Files' rows, and the order in which rows and bytes come and go, so that a crash at any moment leaves no harm.

Coming: 1. the row of the bytes is written or touched, and committed; 2. the bytes are put into the store; 3. the row
of the file is committed. Going: 1. the file's row is deleted; 2. the sweep locks the row of bytes that no file uses and
nobody touched for an hour; 3. deletes the bytes; 4. deletes their row and commits. So bytes always have a row, and a
file always has bytes. Who puts the same bytes there meanwhile waits at the lock in step 1, and then finds them gone.
"""

from collections.abc import Sequence
from typing import Protocol

from models.files import Content, StoredFile, Usage, thumbnail_name
from models.ids import ChannelId, FileId, UserId, WorkspaceId
from store.pool import Database, Transaction

TOUCHED_SECONDS = 3600.0
"""For so long after their row was touched, bytes may still be on their way."""

AT_ONCE = 100
"""Rows that one round of the sweep takes."""


class Deletes(Protocol):
    """A store of bytes."""

    async def delete(self, names: Sequence[str]) -> None: ...


class FileStore:
    """Rights are judged by `get` and `add` themselves: nothing is given to, or taken from, who isn't in the channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def usage(self, workspace: WorkspaceId, user: UserId) -> Usage:
        row = await self._database.first("get_file_usage", workspace, user)
        assert row is not None
        return Usage(*row)

    async def touch(self, content: Content) -> None:
        """Step 1 of coming."""
        await self._database.value(
            "touch_blob", content.digest, content.size, content.type, content.width, content.height,
            content.thumbnail_size,
        )  # fmt: skip

    async def add(
        self,
        workspace: WorkspaceId,
        channel: ChannelId,
        id_: FileId,
        uploader: UserId,
        name: str,
        content: Content,
        most: Usage,
    ) -> str:
        """Step 3 of coming. What was counted is counted under the lock of its counts: nobody gets past a quota."""
        try:
            async with self._database.transaction() as transaction:
                row = (workspace, channel, id_, uploader, content.digest, name)
                if await transaction.value("insert_file", *row) is None:
                    return "absent"
                await _demand_quota(transaction, workspace, uploader, most)
        except _TooMuch as too_much:
            return str(too_much)
        return "added"

    async def get(
        self, workspace: WorkspaceId, id_: FileId, reader: UserId, *, is_admin: bool
    ) -> StoredFile | None:
        row = await self._database.first("get_file", workspace, id_, reader, is_admin)
        return StoredFile(*row) if row else None

    async def delete_waiting(self, channel: ChannelId, id_: FileId) -> bool:
        return await self._database.value("delete_waiting_file", channel, id_) is not None

    async def sweep(self, grace_seconds: float, blobs: Deletes) -> int:
        """One round of going, here or at another instance; how much there was to do."""
        async with self._database.transaction() as transaction:
            if not await transaction.value("try_to_sweep"):
                return 0
            done: int = await transaction.value("expire_files", grace_seconds, AT_ONCE)
            done += await transaction.value("clear_deleted_channels", AT_ONCE)
        async with self._database.transaction() as transaction:
            rows = await transaction.all("lock_unused_blobs", TOUCHED_SECONDS, AT_ONCE)
            digests = [row["digest"] for row in rows]
            await blobs.delete([name for digest in digests for name in (digest, thumbnail_name(digest))])
            await transaction.all("delete_blobs", digests)
        return done + len(digests)

    async def known(self, digests: Sequence[str]) -> set[str]:
        """Those that have a row."""
        return {row["digest"] for row in await self._database.all("has_blobs", list(digests))}

    async def blobs(self, after: str, limit: int) -> list[tuple[str, int, int | None, int]]:
        """Digest, size, size of the thumbnail and uses, ascending."""
        rows = await self._database.all("list_blobs", after, limit)
        return [(row["digest"], row["size"], row["thumbnail_size"], row["uses"]) for row in rows]

    async def recount(self) -> int:
        """Puts the counts of uses right; how many were wrong."""
        wrong: int = await self._database.value("count_blob_uses")
        return wrong

    async def totals(self) -> tuple[int, int]:
        """Files, and their bytes."""
        row = await self._database.first("sum_files")
        assert row is not None
        return row["files"], row["bytes"]


class _TooMuch(Exception):
    """Undoes the transaction; its text is whose quota it was."""


async def _demand_quota(transaction: Transaction, workspace: WorkspaceId, user: UserId, most: Usage) -> None:
    row = await transaction.first("get_file_usage", workspace, user)
    assert row is not None
    used = Usage(*row)
    if used.of_user > most.of_user:
        raise _TooMuch("user")
    if used.of_workspace > most.of_workspace:
        raise _TooMuch("workspace")
