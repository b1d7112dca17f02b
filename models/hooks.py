"""Webhooks: programs that post into a channel by a secret URL, and URLs that are told what happens in one."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from models.chat import Via
from models.ids import ChannelId, Seq, UserId
from models.text import Cursor, DisplayName, MessageText
from models.values import Ask, Value

HookEvent = Literal[
    "message.posted",
    "message.edited",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "message.pinned",
    "message.unpinned",
    "member.joined",
    "member.left",
    "member.changed",
    "channel.updated",
]
HookUrl = Annotated[str, Meta(min_length=8, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$(?!\n)")]
Trigger = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\s\x00-\x1f\x7f]+$(?!\n)")]


class IncomingHook(Value, frozen=True):
    """`url` is shown once: when the hook is made, and when its secret is changed."""

    channel_id: ChannelId
    id: int
    name: str
    may_broadcast: bool
    created_by: UserId
    created_at: datetime
    last_used_at: datetime | None
    url: str | None = None


class CreateIncomingHook(Ask, frozen=True):
    """With `may_broadcast` what it posts may address @channel and @here."""

    name: DisplayName
    may_broadcast: bool = False


class UpdateIncomingHook(Ask, frozen=True):
    name: DisplayName | UnsetType = UNSET
    may_broadcast: bool | UnsetType = UNSET


class OutgoingHook(Value, frozen=True):
    """`secret` is shown once, when the hook is made. `waiting` facts of the log it has not been told of yet."""

    channel_id: ChannelId
    id: int
    name: str
    url: str
    events: list[HookEvent]
    triggers: list[str]
    created_by: UserId
    created_at: datetime
    cursor_seq: Seq
    waiting: int
    attempts: int
    failing_since: datetime | None
    last_error: str | None
    disabled_at: datetime | None
    secret: str | None = None


Events = Annotated[list[HookEvent], Meta(min_length=1, max_length=20)]
Triggers = Annotated[list[Trigger], Meta(max_length=20)]


class CreateOutgoingHook(Ask, frozen=True):
    """With `triggers` a message is told only if it begins with one of these words."""

    name: DisplayName
    url: HookUrl
    events: Events
    triggers: Triggers = []


class UpdateOutgoingHook(Ask, frozen=True):
    """`disabled` of false starts a hook again that was disabled; what it missed meanwhile is told then."""

    name: DisplayName | UnsetType = UNSET
    url: HookUrl | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    triggers: Triggers | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class DeadLetter(Value, frozen=True):
    """A fact that a hook's target did not take."""

    seq: Seq
    attempts: int
    error: str
    died_at: datetime


class DeadLetterQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class DueHook(Value, frozen=True):
    """An outgoing hook whose turn it is, leased to this instance."""

    channel_id: ChannelId
    id: int
    name: str
    url: str
    secret: str
    events: list[str]
    triggers: list[str]
    cursor_seq: Seq
    attempts: int
    failing_since: datetime | None


class ProgramPost(Value, frozen=True):
    """What a program says, on its way into the log."""

    channel_id: ChannelId
    client_id: str
    text: str
    via: Via
    names: list[str] = []
    broadcast: str | None = None
    here: list[UserId] = []
    reply_to: Seq | None = None
    heeds_slow_mode: bool = False


class HookReply(Ask, frozen=True, forbid_unknown_fields=False):
    """What a target may answer: a text to post, or to show to the caller of a command."""

    text: MessageText | None = None
    response_type: Literal["ephemeral", "in_channel"] = "ephemeral"
