"""What the rules of files need of the world: rows, a store of bytes, and a place for what is still arriving."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from models.files import Content, StoredFile, Usage
from models.ids import ChannelId, FileId, UserId, WorkspaceId


class Blobs(Protocol):
    """Bytes by name, which is their digest or that of their thumbnail. All raise Unavailable."""

    async def put(self, name: str, path: str) -> None:
        """Moves or copies the file at `path` here, all of it or nothing. Where the name is there, nothing is to do."""

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Pieces; that it can be read is known before the first. Raises NotFound."""

    async def delete(self, names: Sequence[str]) -> None:
        """Also where they aren't."""

    def names(self) -> AsyncIterator[tuple[str, int]]:
        """Everything that is here, with its size."""


class Incoming(Protocol):
    """Bytes that arrive."""

    size: int
    head: bytes
    path: str
    thumbnail_path: str

    async def write(self, piece: bytes) -> None: ...
    async def finish(self) -> str:
        """All of it is on the disk now; its SHA-256 in hex."""


class Spool(Protocol):
    """`incoming` leaves nothing behind, however it ends."""

    def incoming(self) -> AbstractAsyncContextManager[Incoming]: ...
    async def sweep(self, idle_seconds: float) -> int: ...
    async def free_bytes(self) -> int: ...


class Files(Protocol):
    async def usage(self, workspace: WorkspaceId, user: UserId) -> Usage: ...
    async def touch(self, content: Content) -> None:
        """From now on, for an hour, nobody deletes these bytes, whether they are there yet or not."""

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
        """`added`; `absent` for who may no longer read the channel; or `user` or `workspace`: whose files would be more
        than the most.
        """

    async def get(
        self, workspace: WorkspaceId, id_: FileId, reader: UserId, *, is_admin: bool
    ) -> StoredFile | None: ...
    async def delete_waiting(self, channel: ChannelId, id_: FileId) -> bool: ...
    async def sweep(self, grace_seconds: float, blobs: Blobs) -> int: ...


class Shelved(Protocol):
    """The rows of bytes, for who compares them with the bytes."""

    async def blobs(self, after: str, limit: int) -> list[tuple[str, int, int | None, int]]: ...
    async def known(self, digests: Sequence[str]) -> set[str]: ...
    async def recount(self) -> int: ...
