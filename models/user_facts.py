"""Facts for one user's own sockets, in that user's own log: what concerns nobody else."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from models.channels import NotificationLevel
from models.ids import ChannelId, Seq, SessionId, UserId


class UserFact(Struct, frozen=True, tag_field="type"):
    """A fact for one user's own sockets, in that user's own log.

    Its seq stays inside the server: on the wire only facts of a channel's log have one.
    """

    user_id: UserId


class SessionRevoked(UserFact, frozen=True, tag="session.revoked"):
    session_id: SessionId


class UserRevoked(UserFact, frozen=True, tag="user.revoked"):
    """All sessions ended: revoked at once, or the user was disabled or deleted."""


class UserUpdated(UserFact, frozen=True, tag="user.updated"):
    """The user changed their name or status. It doesn't say to what: logs outlive accounts, and keep no names."""


class ChannelOpened(UserFact, frozen=True, tag="channel.opened"):
    """The user came into a channel: by joining it, or because somebody put them there."""

    channel_id: ChannelId


class MembershipUpdated(UserFact, frozen=True, tag="membership.updated"):
    """The user's own settings for a channel."""

    channel_id: ChannelId
    notifications: NotificationLevel | None


class ChannelClosed(UserFact, frozen=True, tag="channel.closed"):
    channel_id: ChannelId


class ChannelRead(UserFact, frozen=True, tag="channel.read"):
    """The user read up to here, or marked what follows as unread, on whichever device; in a thread, where one is named.

    `unread` and `mentions` were counted when the channel's head was `head_seq`.
    """

    channel_id: ChannelId
    last_read_seq: Seq
    unread: int
    mentions: int
    head_seq: Seq
    thread: Seq | UnsetType = UNSET


class MembershipMuted(UserFact, frozen=True, tag="membership.muted"):
    """A moderator lets the user read and not post, until then; null takes it back."""

    channel_id: ChannelId
    until: datetime | None
    reason: str


class MembershipBanned(UserFact, frozen=True, tag="membership.banned"):
    """A moderator keeps the user out of a channel until then. That they are out is told before."""

    channel_id: ChannelId
    until: datetime
    reason: str


class ReportCreated(UserFact, frozen=True, tag="report.created"):
    """For the channel's moderators: somebody reported a message."""

    channel_id: ChannelId
    report_id: int
    message_seq: Seq


PersonalFact = (
    MembershipMuted
    | MembershipBanned
    | ReportCreated
    | ChannelRead
    | MembershipUpdated
    | SessionRevoked
    | UserRevoked
    | UserUpdated
    | ChannelOpened
    | ChannelClosed
)
