"""Messages and the log they make together with the changes: per channel the seq is 1, 2, 3 … without a gap."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from models import wire
from models.ai import RunInfo
from models.chat import Appended, Draft, Message
from models.facts import AiStarted, Entry, MessageEdited, MessagePosted
from models.ids import BOT_IDS, MAX_ID, ChannelId, Seq
from store.lane import Lane
from store.pool import Database


class ChatStore:
    """Only `append` writes, and it judges the right to post in the same call."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lane = Lane(database)

    async def append(self, drafts: Sequence[Draft]) -> list[Appended]:
        """Judges, numbers and commits a batch; the verdicts come in the batch's order.

        No (channel, author, client_id) may stand in the batch twice.
        """
        rows = await self._lane.all("append_messages", *columns_of(drafts))
        return [Appended(*row) for row in rows]

    async def get(self, channel: ChannelId, seq: Seq) -> Message | None:
        row = await self._database.first("get_message", channel, seq)
        return message_of(row) if row else None

    async def hidden(self, channel: ChannelId, seqs: Sequence[Seq]) -> dict[Seq, str]:
        """What hidden messages say."""
        rows = await self._database.all("list_hidden", channel, [*seqs])
        return {Seq(row["message_seq"]): row["text"] for row in rows}

    async def before(
        self, channel: ChannelId, before: int | None, after: int | None, limit: int
    ) -> list[Message]:
        """The newest between two seqs, ascending."""
        rows = await self._database.all(
            "list_messages_before", channel, MAX_ID if before is None else before, after or 0, limit
        )
        return [message_of(row) for row in reversed(rows)]

    async def after(
        self, channel: ChannelId, after: int | None, before: int | None, limit: int
    ) -> list[Message]:
        """The oldest between two seqs, ascending."""
        rows = await self._database.all(
            "list_messages_after", channel, after or 0, MAX_ID if before is None else before, limit
        )
        return [message_of(row) for row in rows]

    async def facts(self, channel: ChannelId, after: Seq, limit: int) -> list[Entry]:
        """The log after a seq: every fact, ascending, without a gap."""
        return [_entry(channel, row) for row in await self._database.all("list_facts", channel, after, limit)]


def columns_of(drafts: Sequence[Draft]) -> list[list[Any] | None]:
    """A batch as the parameters of `append_messages`."""
    names = [
        (place, key) for place, draft in enumerate(drafts, start=1) if draft.named for key in draft.named.keys
    ]
    return [
        [draft.channel_id for draft in drafts],
        [draft.author_id for draft in drafts],
        [draft.content.client_id for draft in drafts],
        [draft.content.text for draft in drafts],
        _sparse([draft.content.reply_to for draft in drafts]),
        _sparse([draft.content.thread for draft in drafts]),
        _sparse([draft.content.to_channel or None for draft in drafts]),
        _sparse([draft.named.broadcast if draft.named else None for draft in drafts]),
        [place for place, _ in names],
        [name for _, name in names],
        [*{user for draft in drafts for user in draft.here}],
        _sparse([",".join(draft.content.attachments) or None for draft in drafts]),
    ]


def _sparse(column: list[Any]) -> list[Any] | None:
    """A column that few posts have something in: where none has, it isn't sent."""
    return column if any(column) else None


def message_of(row: Record | Sequence[Any]) -> Message:
    """The columns of every statement that gives messages are the first fields of Message, and what few have."""
    *fields, more = row
    message = Message(*fields)
    if message.author_id in BOT_IDS:
        message = wire.replace(message, bot=True)
    return message if more is None else wire.with_extras(message, more)


def _entry(channel: ChannelId, row: Record) -> Entry:
    fact, body, seq, *columns = row
    match fact:
        case "message.posted":
            return wire.entry(_posting(channel, seq, message_of(columns)))
        case "message.edited":
            return wire.entry(MessageEdited(channel, seq, message_of(columns)))
        case "ai.started" | "ai.finished" | "ai.undone":
            answer = message_of(columns)
            if answer.deleted_at is not None or answer.hidden_at:
                body = {**body, "message": wire.row_of(answer)}
    return wire.entry(wire.change_fact(channel, seq, fact, body))


def _posting(channel: ChannelId, seq: Seq, message: Message) -> MessagePosted | AiStarted:
    """An answer is told as it began: empty."""
    if not message.ai:
        return MessagePosted(channel, seq, message)
    begun = RunInfo(message.ai.run_id, "running", message.ai.model, message.ai.asked_by)
    return AiStarted(channel, seq, message.ai.run_id, wire.replace(message, text="", ai=begun))
