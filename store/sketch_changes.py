"""Sketches made, renamed, deleted, commented on and shown to others: each with its fact in the channel's log."""

from models import wire
from models.errors import NotFound
from models.facts import (
    Entry,
    MessagePosted,
    SketchCommented,
    SketchCommentUpdated,
    SketchCreated,
    SketchDeleted,
    SketchLinkRevoked,
    SketchUpdated,
)
from models.ids import ChannelId, Seq, SketchId, UserId
from models.sketches import Comment, CreateComment, Link, Profile, Sketch, SketchVersion
from store.changes import append_change, lock
from store.chat import message_of
from store.pool import Database


class SketchChangeStore:
    """Each method but the lists is one transaction; those of `None` found nothing to change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, channel: ChannelId, creator: UserId, title: str, profile: Profile
    ) -> tuple[Sketch, list[Entry]] | None:
        """With its message in the timeline; None if the channel is gone."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            sketch = await transaction.value("insert_sketch", channel, title, profile, creator)
            seq = await transaction.value("insert_sketch_message", channel, creator, title, sketch)
            await transaction.value("set_sketch_message", channel, sketch, seq)
            row = await transaction.first("get_message", channel, seq)
            assert row is not None
            message = message_of(row)
            made = Sketch(*(await transaction.first("get_sketch", sketch) or ()))
            fact = await append_change(transaction, creator, SketchCreated(channel, Seq(0), made))
            return made, [wire.entry(MessagePosted(channel, message.seq, message)), fact]

    async def rename(
        self, channel: ChannelId, sketch: SketchId, by: UserId, title: str
    ) -> tuple[Sketch, Entry] | None:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            if await transaction.value("update_sketch", channel, sketch, title) is None:
                return None
            seen = Sketch(*(await transaction.first("get_sketch", sketch) or ()))
            return seen, await append_change(transaction, by, SketchUpdated(channel, Seq(0), seen))

    async def delete(self, channel: ChannelId, sketch: SketchId, by: UserId) -> Entry | None:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            if await transaction.value("delete_sketch", channel, sketch) is None:
                return None
            return await append_change(transaction, by, SketchDeleted(channel, Seq(0), sketch))

    async def add_version(
        self, channel: ChannelId, sketch: SketchId, by: UserId, label: str, seq: int, state: bytes
    ) -> SketchVersion:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                raise NotFound("There is no such sketch.")
            values = (channel, sketch, label, seq, state, by)
            row = await transaction.first("insert_sketch_version", *values)
            assert row is not None
            return SketchVersion(*row)

    # Links.

    async def add_link(self, channel: ChannelId, sketch: SketchId, by: UserId, digest: bytes) -> Link:
        row = await self._database.first("insert_sketch_link", channel, sketch, digest, by)
        assert row is not None
        return Link(*row)

    async def links(self, channel: ChannelId, sketch: SketchId) -> list[Link]:
        return [Link(*row) for row in await self._database.all("list_sketch_links", channel, sketch)]

    async def find_link(self, digest: bytes) -> tuple[int, SketchId, Seq] | None:
        """The link with this digest, what it shows, and the head of the channel's log at this moment."""
        row = await self._database.first("find_sketch_link", digest)
        return (row["id"], SketchId(row["sketch_id"]), Seq(row["head_seq"])) if row else None

    async def revoke_link(self, channel: ChannelId, sketch: SketchId, link: int, by: UserId) -> Entry | None:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            if await transaction.value("revoke_sketch_link", channel, sketch, link) is None:
                return None
            return await append_change(transaction, by, SketchLinkRevoked(channel, Seq(0), sketch, link))

    # Comments.

    async def comment(
        self, channel: ChannelId, sketch: SketchId, by: UserId, ask: CreateComment
    ) -> tuple[Comment, Entry] | None:
        """None where the thread that it answers isn't there."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            values = (channel, sketch, ask.thread, ask.element_id, ask.text, by)
            row = await transaction.first("insert_sketch_comment", *values)
            if row is None:
                return None
            made = Comment(*row)
            return made, await append_change(
                transaction, by, SketchCommented(channel, Seq(0), sketch, made.id)
            )

    async def comments(self, channel: ChannelId, sketch: SketchId, after: int, limit: int) -> list[Comment]:
        rows = await self._database.all("list_sketch_comments", channel, sketch, after, limit)
        return [Comment(*row) for row in rows]

    async def get_comment(self, channel: ChannelId, sketch: SketchId, comment: int) -> Comment | None:
        row = await self._database.first("get_sketch_comment", channel, sketch, comment)
        return Comment(*row) if row else None

    async def resolve(
        self, channel: ChannelId, sketch: SketchId, comment: int, by: UserId, *, is_resolved: bool
    ) -> tuple[Comment, Entry] | None:
        return await self._change_comment(
            channel, by, "resolve_sketch_comment", (channel, sketch, comment, is_resolved)
        )

    async def delete_comment(
        self, channel: ChannelId, sketch: SketchId, comment: int, by: UserId
    ) -> tuple[Comment, Entry] | None:
        return await self._change_comment(channel, by, "delete_sketch_comment", (channel, sketch, comment))

    async def _change_comment(
        self, channel: ChannelId, by: UserId, statement: str, values: tuple[object, ...]
    ) -> tuple[Comment, Entry] | None:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            row = await transaction.first(statement, *values)
            if row is None:
                return None
            changed = Comment(*row)
            fact = SketchCommentUpdated(channel, Seq(0), changed.sketch_id, changed.id)
            return changed, await append_change(transaction, by, fact)
