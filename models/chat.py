"""Messages, and what is asked about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, UnsetType

from models.ai import RunInfo
from models.files import Attachments, File
from models.ids import ChannelId, IdNumber, Seq, SeqNumber, SketchId, UserId
from models.mentions import Broadcast, Named
from models.text import Caption, ClientId, Cursor
from models.values import Ask, Value

MessageKind = Literal["text", "file", "sketch", "ai", "system"]


class Reaction(Value, frozen=True):
    """One emoji on a message; whoever came first stands first."""

    emoji: str
    count: int
    user_ids: list[UserId]


class Via(Value, frozen=True):
    """Which webhook or command posted a message, and what it would like to be called and shown as."""

    kind: Literal["incoming", "outgoing", "command"]
    id: int
    name: str
    icon: str | UnsetType = UNSET
    """An emoji's name or a URL, as the program gave it: nothing that is loaded unasked."""


class Preview(Value, frozen=True):
    """What a linked page says of itself."""

    url: str
    title: str
    description: str = ""
    site: str = ""


class Extras(Value, frozen=True):
    """What few messages have: on the wire a field is there only where it says something."""

    reactions: list[Reaction] = []
    attachments: list[File] = []
    sketch_id: SketchId | UnsetType = UNSET
    ai: RunInfo | UnsetType = UNSET
    mentions: list[UserId] | UnsetType = UNSET
    broadcast: Broadcast | UnsetType = UNSET
    to_channel: bool | UnsetType = UNSET
    pinned_at: datetime | UnsetType = UNSET
    pinned_by: UserId | UnsetType = UNSET
    reply_count: int | UnsetType = UNSET
    last_reply_seq: Seq | UnsetType = UNSET
    via: Via | UnsetType = UNSET
    hidden_at: datetime | UnsetType = UNSET
    hidden_by: UserId | UnsetType = UNSET
    previews: list[Preview] | UnsetType = UNSET


class Message(Value, frozen=True):
    """Its name, for ever, is its channel and the seq of its posting.

    One that was deleted stays as a tombstone, without its text and all that came with it.
    """

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
    reactions: list[Reaction] = []
    attachments: list[File] = []
    sketch_id: SketchId | UnsetType = UNSET
    """Only where the kind is `sketch`."""
    ai: RunInfo | UnsetType = UNSET
    """Of the run that writes or wrote it: only where the kind is `ai`."""
    mentions: list[UserId] | UnsetType = UNSET
    """Who was named in the text, or was there when it said @here."""
    broadcast: Broadcast | UnsetType = UNSET
    to_channel: bool | UnsetType = UNSET
    """Of a reply in a thread: it stands in the channel too."""
    pinned_at: datetime | UnsetType = UNSET
    pinned_by: UserId | UnsetType = UNSET
    reply_count: int | UnsetType = UNSET
    """Of a thread's first message, with the deleted replies."""
    last_reply_seq: Seq | UnsetType = UNSET
    bot: bool | UnsetType = UNSET
    """A bot wrote it."""
    via: Via | UnsetType = UNSET
    """Of what a webhook or a command posted."""
    hidden_at: datetime | UnsetType = UNSET
    """By a moderator: only moderators see what it says, until it is shown again."""
    hidden_by: UserId | UnsetType = UNSET
    previews: list[Preview] | UnsetType = UNSET
    """Of links in it, where the server makes them."""
    html: str | UnsetType = UNSET
    """What it says, rendered, where that was asked for."""


class Version(Value, frozen=True):
    """A text that a message once had, and who put an end to it when."""

    number: int
    text: str
    replaced_by: UserId
    replaced_at: datetime


class PostMessage(Ask, frozen=True):
    """`client_id` is the author's name for this message: sent again, it posts nothing new.

    `text` may be empty where there are attachments: ids of files that the author uploaded to this channel.
    """

    client_id: ClientId
    text: Caption
    reply_to: IdNumber | None = None
    thread: IdNumber | None = None
    attachments: Attachments = []
    to_channel: bool = False


class EditMessage(Ask, frozen=True):
    """`attachments`: the files that stay, of those that it has; without it they all do."""

    text: Caption
    attachments: Attachments | UnsetType = UNSET


class Draft(Value, frozen=True):
    """A post on its way into the log; `named` is null where its text mentions nobody, `here` whom an @here reaches."""

    channel_id: ChannelId
    author_id: UserId
    content: PostMessage
    named: Named | None = None
    here: Sequence[UserId] = ()


Outcome = Literal[
    "posted",
    "replayed",
    "conflict",
    "not_member",
    "not_found",
    "archived",
    "not_allowed",
    "too_soon",
    "no_reply_to",
    "no_thread",
    "no_file",
]


class Appended(Value, frozen=True):
    """What the log said to one draft.

    `seq` and `created_at` are those of the first post when it was a replay; for one that came too soon, `created_at`
    is when the next may come.
    """

    outcome: Outcome
    seq: Seq | None
    created_at: datetime | None
    mentions: list[UserId] | None = None
    attachments: list[dict[str, Any]] | None = None


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


class MessageQuery(Ask, frozen=True):
    """`render` adds the text as HTML that is safe to show."""

    render: Literal["html"] | None = None


class EventsQuery(Ask, frozen=True):
    after: SeqNumber = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Events(Value, frozen=True):
    """A piece of a channel's log, as the facts were first encoded."""

    epoch: str
    head_seq: Seq
    events: list[Raw]
