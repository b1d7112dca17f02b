"""Messages, and what is asked about them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, UnsetType

from models.ai import RunInfo
from models.ids import ChannelId, IdNumber, Seq, SeqNumber, SketchId, UserId
from models.text import ClientId, Cursor, MessageText
from models.values import Ask, Value

MessageKind = Literal["text", "file", "sketch", "ai", "system"]
Attachments = Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=10)]


class Message(Value, frozen=True):
    """Its name, for ever, is its channel and the seq of its posting."""

    channel_id: ChannelId
    seq: Seq
    author_id: UserId
    kind: MessageKind
    text: str
    client_id: str
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    reply_to: Seq | None = None
    thread: Seq | None = None
    sketch_id: SketchId | None = None
    reactions: list[Any] = []
    attachments: list[Any] = []
    ai: RunInfo | UnsetType = UNSET
    """Of the run that writes or wrote it: only where the kind is `ai`."""


class PostMessage(Ask, frozen=True):
    """`client_id` is the author's name for this message: sent again, it posts nothing new."""

    client_id: ClientId
    text: MessageText
    reply_to: IdNumber | None = None
    thread: IdNumber | None = None
    attachments: Attachments = []


class Draft(Value, frozen=True):
    """A post on its way into the log."""

    channel_id: ChannelId
    author_id: UserId
    content: PostMessage


class Appended(Value, frozen=True):
    """What the log said to one draft; `seq` is that of the first post when it was a replay."""

    outcome: Literal["posted", "replayed", "conflict", "not_member", "not_found", "no_reply_to", "no_thread"]
    seq: Seq | None
    created_at: datetime | None


class Posted(Value, frozen=True):
    message: Message
    is_new: bool


class HistoryQuery(Ask, frozen=True):
    """The newest messages; `before` and `after` bound them, `around` puts a seq into their middle."""

    before: SeqNumber | None = None
    after: SeqNumber | None = None
    around: SeqNumber | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class EventsQuery(Ask, frozen=True):
    after: SeqNumber = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Events(Value, frozen=True):
    """A piece of a channel's log, as the facts were first encoded."""

    epoch: str
    head_seq: Seq
    events: list[Raw]
