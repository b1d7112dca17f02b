"""Files: taken in piece by piece, told by their content, and given to whoever may read their channel at that moment."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from models.accounts import Actor
from models.errors import Conflict, Invalid, NotFound, QuotaExceeded, RateLimited, TooLarge, Unavailable
from models.files import Content, File, StoredFile, Usage, file_name, file_of, thumbnail_name
from models.ids import ChannelId, FileId, UserId
from services.file_ports import Blobs, Files, Incoming, Spool
from services.file_types import BYTES, IMAGES, type_of
from services.images import MAX_PIXELS, Picture, draw_thumbnail
from services.members import MemberService
from services.workshop import Workshop

log = structlog.get_logger()

AT_ONCE = 8
"""Uploads of one user under way on this instance."""

SPARE_BYTES = 256 * 2**20
"""That an upload leaves free on the disk: the database may be on the same."""

MIB = 2**20


@dataclass(frozen=True, slots=True)
class FileBounds:
    """In bytes; of one file, and of all that one user or the workspace has."""

    of_file: int
    of_user: int
    of_workspace: int


@dataclass(slots=True)
class FileCounts:
    """Since this instance started."""

    uploaded: int = 0
    uploaded_bytes: int = 0
    refused: int = 0
    swept: int = 0


class FileService:
    """Whatever is not the caller's to read raises the same NotFound as what isn't there."""

    def __init__(
        self,
        files: Files,
        blobs: Blobs,
        spool: Spool,
        members: MemberService,
        workshop: Workshop,
        bounds: FileBounds,
    ) -> None:
        self._files = files
        self._blobs = blobs
        self._spool = spool
        self._members = members
        self._workshop = workshop
        self.bounds = bounds
        self.counts = FileCounts()
        self._under_way: Counter[UserId] = Counter()

    @asynccontextmanager
    async def receiving(self, actor: Actor, announced: int | None) -> AsyncIterator["Upload"]:
        """An upload, for as long as its request; `announced` is how much its head says will come.

        Raises TooLarge, QuotaExceeded, RateLimited and Unavailable before anything is read.
        """
        if self._under_way[actor.user_id] >= AT_ONCE:
            raise RateLimited(f"{AT_ONCE} uploads at once are the most.", retry_after=1)
        self._under_way[actor.user_id] += 1
        try:
            await self._demand_room(actor, announced or 0)
            async with self._spool.incoming() as incoming:
                yield Upload(self, actor, incoming)
        except Exception:
            self.counts.refused += 1
            raise
        finally:
            self._under_way[actor.user_id] -= 1
            self._under_way += Counter()  # forgets who has none

    async def aim(self, actor: Actor, channel: ChannelId) -> None:
        """Raises NotFound or Forbidden for a channel that the actor may not read."""
        await self._members.reader(actor, channel)

    async def _demand_room(self, actor: Actor, size: int) -> None:
        """An announced size is a little more than the file's: by that little nobody is refused."""
        if size > self.bounds.of_file + ENVELOPE:
            raise self.too_large()
        usage = await self._files.usage(actor.workspace_id, actor.user_id)
        for name, used, most in self._used(usage):
            if used >= most or used + size > most + ENVELOPE:
                raise _over_quota(name, most)
        if await self._spool.free_bytes() < size + SPARE_BYTES:
            raise Unavailable("The server's disk is full.", retry_after=60)

    def _used(self, usage: Usage) -> list[tuple[str, int, int]]:
        return [
            ("user", usage.of_user, self.bounds.of_user),
            ("workspace", usage.of_workspace, self.bounds.of_workspace),
        ]

    def too_large(self) -> TooLarge:
        return TooLarge(f"A file has at most {self.bounds.of_file // MIB} MiB.")

    async def keep(self, actor: Actor, channel: ChannelId, given_name: str, incoming: Incoming) -> File:
        """Row and bytes, in the order that a crash can't break: see store/files.py."""
        digest = await incoming.finish()
        content = await self._look_into(digest, incoming)
        await self._files.touch(content)
        await self._blobs.put(digest, incoming.path)
        if content.thumbnail_size is not None:
            await self._blobs.put(thumbnail_name(digest), incoming.thumbnail_path)
        id_, name = FileId(secrets.token_urlsafe(16)), file_name(given_name)
        most = Usage(self.bounds.of_workspace, self.bounds.of_user)
        added = await self._files.add(actor.workspace_id, channel, id_, actor.user_id, name, content, most)
        if added == "absent":
            raise NotFound("There is no such channel.")
        if added != "added":
            raise _over_quota(added, most.of_user if added == "user" else most.of_workspace)
        self.counts.uploaded += 1
        self.counts.uploaded_bytes += content.size
        log.info("file_uploaded", file_id=id_, channel_id=channel, user_id=actor.user_id, size=content.size)
        return file_of(id_, name, content)

    async def _look_into(self, digest: str, incoming: Incoming) -> Content:
        kind = type_of(incoming.head)
        if kind not in IMAGES:
            return Content(digest, incoming.size, kind)
        try:
            picture = await self._workshop.run(draw_thumbnail, incoming.path, incoming.thumbnail_path)
        except Unavailable:
            picture = "broken"  # too slow, or a decoder that died
        if isinstance(picture, Picture):
            return Content(digest, incoming.size, kind, *picture)
        if picture == "too_large":
            raise Invalid(
                f"An image has at most {MAX_PIXELS // 2**20} million pixels.",
                {"file": "Expected fewer pixels"},
            )
        return Content(digest, incoming.size, BYTES)

    async def get(self, actor: Actor, id_: FileId) -> StoredFile:
        found = await self._files.get(actor.workspace_id, id_, actor.user_id, is_admin=actor.role == "admin")
        if found is None:
            raise NotFound(_NO_FILE)
        return found

    async def read(self, file: StoredFile, start: int, length: int) -> AsyncIterator[bytes]:
        """Of a file that was got for the reader."""
        return await self._blobs.read(file.digest, start, length)

    async def read_thumbnail(self, file: StoredFile) -> AsyncIterator[bytes]:
        """Raises NotFound for what has none."""
        if file.thumbnail_size is None:
            raise NotFound("This file has no thumbnail.")
        return await self._blobs.read(thumbnail_name(file.digest), 0, file.thumbnail_size)

    async def delete(self, actor: Actor, id_: FileId) -> None:
        """Of one's own, before it is posted. Raises Conflict afterwards."""
        found = await self.get(actor, id_)
        if not await self._files.delete_waiting(found.channel_id, id_):
            raise Conflict("This file was posted: edit or delete its message.")


class Upload:
    """One file on its way in. Only within `FileService.receiving`."""

    def __init__(self, service: FileService, actor: Actor, incoming: Incoming) -> None:
        self._service = service
        self._actor = actor
        self._incoming = incoming
        self._channel: ChannelId | None = None

    async def aim(self, channel: ChannelId) -> None:
        """Where it belongs. Raises NotFound or Forbidden: the earlier this is called, the less is read in vain."""
        await self._service.aim(self._actor, channel)
        self._channel = channel

    async def write(self, piece: bytes) -> None:
        """Raises TooLarge."""
        if self._incoming.size + len(piece) > self._service.bounds.of_file:
            raise self._service.too_large()
        await self._incoming.write(piece)

    async def keep(self, name: str) -> File:
        """All has come. Raises Invalid for what may not be kept, QuotaExceeded, Unavailable."""
        if self._channel is None:
            raise Invalid("Say which channel the file is for.", {"channel_id": "Required"})
        return await self._service.keep(self._actor, self._channel, name, self._incoming)


ENVELOPE = 64 * 1024
"""What a request may hold beside the file."""

_NO_FILE = "There is no such file."


def _over_quota(whose: str, most: int) -> QuotaExceeded:
    owner = "Your files" if whose == "user" else "The files of this workspace"
    return QuotaExceeded(f"{owner} would take more than {most // MIB} MiB: delete some first.")
