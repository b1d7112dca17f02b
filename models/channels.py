"""Channels, who is in them, and what is asked about them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from models.ids import ChannelId, IdNumber, Seq, SeqNumber, UserId
from models.text import ChannelName, Cursor, Description, GivenPassword, SearchText
from models.values import Ask, Value

Kind = Literal["channel", "direct", "ai"]
Visibility = Literal["public", "private"]
ChannelRole = Literal["owner", "moderator", "member"]
NotificationLevel = Literal["all", "mentions", "none"]

ChannelPassword = Annotated[str, Meta(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]


class Membership(Value, frozen=True):
    """The caller's own place in a channel."""

    role: ChannelRole
    last_read_seq: Seq
    unread: int
    """Others' messages in the channel itself; threads are counted apart."""
    mentions: int
    notifications: NotificationLevel | UnsetType = UNSET
    """Left out for the usual level: mentions in a channel, everything in a direct one."""
    muted_until: datetime | UnsetType = UNSET
    """Only while the caller may read and not post, by a moderator's word."""
    mute_reason: str | UnsetType = UNSET


class Channel(Value, frozen=True):
    """A channel as its caller sees it; in facts, which everyone shares, `membership` is null."""

    id: ChannelId
    name: str
    description: str
    kind: Kind
    visibility: Visibility
    has_password: bool
    creator_id: UserId
    created_at: datetime
    head_seq: Seq
    member_count: int
    membership: Membership | None
    direct_user_ids: list[UserId] | None = None
    """Who a direct channel is between."""
    archived_at: datetime | UnsetType = UNSET
    slow_seconds: int | UnsetType = UNSET
    """Between two posts of a member, where there is slow mode."""
    post_role: ChannelRole | UnsetType = UNSET
    """The lowest role that may post, where not every member may."""


class Member(Value, frozen=True):
    user_id: UserId
    username: str
    display_name: str
    role: ChannelRole
    joined_at: datetime


class Present(Value, frozen=True):
    """A member who is there. Who isn't listed is not."""

    user_id: UserId
    status: Literal["online"]


class Standing(Value, frozen=True):
    """What the rules need to know of one user and one channel."""

    channel_id: ChannelId
    kind: Kind
    visibility: Visibility
    head_seq: Seq
    role: ChannelRole | None
    password_hash: str | None = None
    may_post: bool = True
    """As one of this role in this channel, who isn't muted."""
    is_muted: bool = False


class CreateChannel(Ask, frozen=True):
    name: ChannelName
    description: Description = ""
    visibility: Visibility = "public"
    password: ChannelPassword | None = None


class UpdateChannel(Ask, frozen=True):
    """A `password` of null takes it away."""

    name: ChannelName | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    password: ChannelPassword | UnsetType | None = UNSET
    slow_seconds: Annotated[int, Meta(ge=0, le=86_400)] | UnsetType = UNSET
    post_role: ChannelRole | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class JoinChannel(Ask, frozen=True):
    password: GivenPassword | None = None


class PutMember(Ask, frozen=True):
    """Without a `role` somebody new comes in as member, and somebody who is in stays what they are."""

    role: ChannelRole | UnsetType = UNSET


class OpenDirect(Ask, frozen=True):
    """The others in the conversation; the caller is always in it."""

    user_ids: Annotated[list[IdNumber], Meta(min_length=1, max_length=20)]


class MarkRead(Ask, frozen=True):
    """Up to which seq: an earlier one marks what follows as unread. In a thread, where one is named."""

    seq: SeqNumber
    thread: IdNumber | None = None


class UpdateMembership(Ask, frozen=True):
    """`notifications` of null is the usual level."""

    notifications: NotificationLevel | None


class ChannelQuery(Ask, frozen=True):
    scope: Literal["joined", "all"] = "joined"
    q: SearchText = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class MemberQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
