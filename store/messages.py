"""What happens to a message after it was posted: each change is a fact, written under the channel's lock."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from models import wire
from models.chat import Message, Preview, Version
from models.facts import (
    Entry,
    MessageChange,
    MessageDeleted,
    MessagePinned,
    MessageUnpinned,
    ReactionAdded,
    ReactionRemoved,
)
from models.ids import ChannelId, Seq, UserId
from models.mentions import Named
from store.audit import write_down
from store.changes import append_change, append_edit, lock
from store.chat import message_of
from store.pool import Database, Transaction

KINDS = 20
"""Different emoji on one message."""

PINS = 100
"""Pinned messages of one channel."""

Refusal = Literal[
    "no_channel",
    "not_member",
    "no_message",
    "archived",
    "not_author",
    "too_many",
    "muted",
    "hidden",
    "running",
    "no_file",
    "empty",
]
Changed = Entry | Seq | Refusal
"""The new fact; or, where nothing had to be done, the seq of the newest about this message; or why it may not be."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One message, its channel's lock being held."""

    transaction: Transaction
    channel: ChannelId
    seq: Seq
    by: UserId
    author: UserId
    text: str
    is_pinned: bool
    is_hidden: bool

    async def tell(self, fact: MessageChange) -> Entry:
        return await append_change(self.transaction, self.by, fact)

    async def rewrite(
        self, text: str, named: Named | None, here: Collection[UserId], files: Collection[str]
    ) -> None:
        """Keeps the text before, where it was another, and of the files only these."""
        where = self.channel, self.seq
        if self.text != text:
            await self.transaction.value("insert_version", *where, self.text, self.by)
        await self.transaction.value("drop_files", *where, list(files))
        keys, broadcast = (named.keys, named.broadcast) if named else ([], None)
        reached = list(here) if broadcast == "here" else []
        await self.transaction.value("edit_message", *where, text, keys, broadcast, reached)
        await self.transaction.value("reindex_message", *where)

    async def last_change(self) -> Seq:
        return Seq(await self.transaction.value("get_last_change", self.channel, self.seq))


class MessageStore:
    """That the actor is a member is checked again here, under the lock: who was removed changes nothing more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def edit(
        self,
        channel: ChannelId,
        seq: Seq,
        by: UserId,
        text: str,
        named: Named | None,
        here: Collection[UserId],
        files: Collection[str] | None = None,
    ) -> tuple[Message, Entry | None] | Refusal:
        """Of one's own; the text before is kept, and of its files `files`, or all.

        Without a fact where all is the same.
        """
        async with self._at(channel, seq, by, speaks=True) as place:
            if isinstance(place, str):
                return place
            if place.author != by:
                return "not_author"
            before = [row["id"] for row in await place.transaction.all("list_file_ids", channel, seq)]
            stay = before if files is None else files
            if not {*stay} <= {*before}:
                return "no_file"
            if not text and not stay:
                return "empty"
            is_other = place.text != text or len(stay) < len(before)
            if is_other:
                await place.rewrite(text, named, here, stay)
            row = await place.transaction.first("get_message", channel, seq)
            assert row is not None
            message = message_of(row)
            return message, await append_edit(place.transaction, by, message) if is_other else None

    async def delete(self, channel: ChannelId, seq: Seq, by: UserId, *, may_any: bool) -> Changed:
        """Of one's own, or of anybody's. Again: the seq of the first time."""
        async with self._at(channel, seq, by, even_deleted=True, even_hidden=True) as place:
            if isinstance(place, str):
                return place
            if place.author != by and not may_any:
                return "not_author"
            row = await place.transaction.first("get_message", channel, seq)
            if row is None or row["deleted_at"] is not None:
                return await place.last_change()
            hidden = await place.transaction.first("list_hidden", channel, [seq])
            text = hidden["text"] if hidden else place.text
            await place.transaction.value("insert_version", channel, seq, text, by)
            await place.transaction.value("drop_files", channel, seq, [])
            deleted_at = await place.transaction.value("delete_message", channel, seq)
            await place.transaction.value("reindex_message", channel, seq)
            return await place.tell(MessageDeleted(channel, Seq(0), seq, by, deleted_at))

    async def react(self, channel: ChannelId, seq: Seq, by: UserId, emoji: str) -> Changed:
        async with self._at(channel, seq, by, speaks=True) as place:
            if isinstance(place, str):
                return place
            row = await place.transaction.first("get_reaction", channel, seq, emoji, by)
            assert row is not None
            if row["seq"] is not None:
                return Seq(row["seq"])
            if row["others"] >= KINDS:
                return "too_many"
            entry = await place.tell(ReactionAdded(channel, Seq(0), seq, by, emoji))
            await place.transaction.value("insert_reaction", channel, seq, emoji, by, entry.seq)
            return entry

    async def unreact(self, channel: ChannelId, seq: Seq, by: UserId, emoji: str) -> Changed:
        async with self._at(channel, seq, by) as place:
            if isinstance(place, str):
                return place
            if await place.transaction.value("delete_reaction", channel, seq, emoji, by) is None:
                return await place.last_change()
            return await place.tell(ReactionRemoved(channel, Seq(0), seq, by, emoji))

    async def pin(self, channel: ChannelId, seq: Seq, by: UserId) -> Changed:
        async with self._at(channel, seq, by, speaks=True) as place:
            if isinstance(place, str):
                return place
            if place.is_pinned:
                return await place.last_change()
            if await place.transaction.value("count_pins", channel) >= PINS:
                return "too_many"
            pinned_at = await place.transaction.value("pin_message", channel, seq, by)
            return await place.tell(MessagePinned(channel, Seq(0), seq, by, pinned_at))

    async def unpin(self, channel: ChannelId, seq: Seq, by: UserId) -> Changed:
        async with self._at(channel, seq, by, speaks=True) as place:
            if isinstance(place, str):
                return place
            if not place.is_pinned:
                return await place.last_change()
            await place.transaction.value("unpin_message", channel, seq)
            return await place.tell(MessageUnpinned(channel, Seq(0), seq, by))

    async def hide(self, channel: ChannelId, seq: Seq, by: UserId) -> Changed:
        """What it says is put elsewhere, so that no way of reading can tell it."""
        async with self._at(channel, seq, by, even_hidden=True) as place:
            if isinstance(place, str):
                return place
            if place.is_hidden:
                return await place.last_change()
            row = await place.transaction.first("get_message", channel, seq)
            assert row is not None
            answer = message_of(row).ai
            if answer and answer.status == "running":
                return "running"
            await place.transaction.value("hide_message", channel, seq, by)
            return await self._tell_anew(place, "message.hidden")

    async def show(self, channel: ChannelId, seq: Seq, by: UserId) -> Changed:
        async with self._at(channel, seq, by, even_hidden=True) as place:
            if isinstance(place, str):
                return place
            if not place.is_hidden:
                return await place.last_change()
            await place.transaction.value("show_message", channel, seq)
            return await self._tell_anew(place, "message.shown")

    async def preview(self, message: Message, previews: list[Preview]) -> Entry | None:
        """None where it no longer says what it said."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, message.channel_id):
                return None
            rows = [wire.row_of(one) for one in previews]
            place = (message.channel_id, message.seq)
            if await transaction.value("set_previews", *place, message.text, rows) is None:
                return None
            row = await transaction.first("get_message", *place)
            assert row is not None
            return await append_edit(transaction, message.author_id, message_of(row))

    async def _tell_anew(self, place: _Place, action: str) -> Entry:
        """The message as it is now, to all who have it: clients that know nothing of hiding do right by it."""
        of, author = place.channel, place.author
        await write_down(place.transaction, place.by, action, channel=of, user=author, message_seq=place.seq)
        await place.transaction.value("reindex_message", place.channel, place.seq)
        row = await place.transaction.first("get_message", place.channel, place.seq)
        assert row is not None
        return await append_edit(place.transaction, place.by, message_of(row))

    async def pinned(self, channel: ChannelId) -> list[Message]:
        """The newest pin first."""
        return [message_of(row) for row in await self._database.all("list_pinned", channel)]

    async def versions(self, channel: ChannelId, seq: Seq) -> list[Version] | None:
        """The texts that the message had before, the oldest first; None if there is no such message."""
        if await self._database.first("get_message", channel, seq) is None:
            return None
        return [Version(*row) for row in await self._database.all("list_versions", channel, seq)]

    @asynccontextmanager
    async def _at(
        self,
        channel: ChannelId,
        seq: Seq,
        by: UserId,
        *,
        even_deleted: bool = False,
        even_hidden: bool = False,
        speaks: bool = False,
    ) -> AsyncIterator[_Place | Refusal]:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                yield "no_channel"
                return
            row = await transaction.first("get_place", channel, seq, by)
            assert row is not None
            if row["role"] is None:
                yield "not_member"
            elif row["author_id"] is None or (row["is_deleted"] and not even_deleted):
                yield "no_message"
            elif row["is_archived"]:
                yield "archived"
            elif row["is_muted"] and speaks:
                yield "muted"
            elif row["is_hidden"] and not even_hidden:
                yield "hidden"
            else:
                author, text = UserId(row["author_id"]), row["text"]
                flags = (row["is_pinned"], row["is_hidden"])
                yield _Place(transaction, channel, seq, by, author, text, *flags)
