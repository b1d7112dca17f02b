"""What the rules need of the world, as Protocols: the stores and the connections fit by their shape."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, Protocol

from models.accounts import Actor, Invite, QuietHours, Role, SessionInfo, UpdateUser, User, UserQuery
from models.audit import AuditQuery, Deed
from models.channels import (
    Channel,
    ChannelQuery,
    ChannelRole,
    Member,
    MemberQuery,
    NotificationLevel,
    Standing,
    UpdateChannel,
    Visibility,
)
from models.chat import Appended, Draft, Message, Version
from models.facts import Entry
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId
from models.mentions import Named
from models.search import Hit, Wanted
from models.threads import Thread, ThreadsQuery


class Publisher(Protocol):
    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        """To every listener of the topic, on every instance. Called only after the commit; never waits."""


class Listeners(Protocol):
    """The sockets of this instance, and who is online anywhere."""

    def online(self) -> set[str]:
        """Names of owners, such as `user:7`."""

    def topics(self, prefix: str) -> list[str]:
        """Those with listeners here."""

    def whisper(self, topic: str, entry: Entry) -> None:
        """A passing fact for this instance's listeners alone."""


class Audit(Protocol):
    async def page(self, workspace: WorkspaceId, query: AuditQuery) -> list[Deed]: ...


class Limits(Protocol):
    """Both raise RateLimited beyond so many a minute under these names."""

    async def take(self, per_minute: int, *names: str) -> None: ...
    async def check(self, per_minute: int, *names: str) -> None: ...


class Users(Protocol):
    async def is_empty(self, workspace: WorkspaceId) -> bool: ...
    async def create(
        self,
        workspace: WorkspaceId,
        username: str,
        display_name: str,
        password_hash: str,
        role: Role | None = None,
        invite: bytes | None = None,
    ) -> User | Literal["taken", "no_invite"]: ...
    async def get(self, workspace: WorkspaceId, user: UserId) -> User | None: ...
    async def page(self, workspace: WorkspaceId, query: UserQuery) -> list[User]: ...
    async def credentials(self, workspace: WorkspaceId, username: str) -> tuple[UserId, str] | None: ...
    async def password_hash(self, user: UserId) -> str | None: ...
    async def update_me(
        self, user: UserId, *, display_name: str | None, status: str | None
    ) -> User | None: ...
    async def update(
        self, workspace: WorkspaceId, user: UserId, change: UpdateUser, by: UserId | None = None
    ) -> tuple[User, Entry | None] | Literal["absent", "last_admin"]: ...
    async def delete(
        self, workspace: WorkspaceId, user: UserId, by: UserId
    ) -> tuple[Entry, dict[ChannelId, list[Entry]]] | Literal["absent", "last_admin"]: ...
    async def quiet_hours(self, user: UserId) -> QuietHours | None: ...
    async def set_quiet_hours(self, user: UserId, hours: QuietHours | None) -> None: ...
    async def heads(self, users: list[int]) -> dict[int, int]: ...
    async def facts(self, user: UserId, after: Seq, limit: int) -> list[Entry]: ...


class Sessions(Protocol):
    async def create(
        self, user: UserId, user_agent: str, expires_at: datetime, password_hash: str
    ) -> SessionId | None: ...
    async def actor(self, session: SessionId, user: UserId, expires_at: float) -> Actor | None: ...
    async def rotate(
        self, session: SessionId, generation: int, expires_at: datetime, user_agent: str
    ) -> UserId | None: ...
    async def revoke(self, session: SessionId, user: UserId) -> Entry | None: ...
    async def revoke_all(self, user: UserId) -> Entry: ...
    async def change_password(self, user: UserId, kept: SessionId, password_hash: str) -> list[Entry]: ...
    async def alive(self, user: UserId, current: SessionId) -> list[SessionInfo]: ...


class Invites(Protocol):
    async def create(
        self, workspace: WorkspaceId, digest: bytes, uses: int, expires_at: datetime, by: UserId
    ) -> Invite: ...
    async def usable(self, workspace: WorkspaceId) -> list[Invite]: ...
    async def delete(self, workspace: WorkspaceId, invite: str) -> bool: ...


class Channels(Protocol):
    async def create(
        self,
        workspace: WorkspaceId,
        creator: UserId,
        *,
        name: str,
        description: str,
        visibility: Visibility,
        password_hash: str | None,
    ) -> tuple[ChannelId, list[tuple[UserId, Entry, Entry]]] | None: ...
    async def direct(
        self, workspace: WorkspaceId, creator: UserId, users: list[UserId]
    ) -> tuple[ChannelId, list[tuple[UserId, Entry, Entry]]]: ...
    async def get(self, workspace: WorkspaceId, channel: ChannelId, caller: UserId) -> Channel | None: ...
    async def page(self, workspace: WorkspaceId, caller: UserId, query: ChannelQuery) -> list[Channel]: ...
    async def standing(self, workspace: WorkspaceId, channel: ChannelId, user: UserId) -> Standing | None: ...
    async def update(
        self, workspace: WorkspaceId, channel: ChannelId, by: UserId, change: UpdateChannel, hash_: str | None
    ) -> tuple[Channel, Entry] | Literal["absent", "taken"]: ...
    async def delete(self, channel: ChannelId, by: UserId) -> Entry | None: ...
    async def heads(self, channels: list[int]) -> dict[int, int]: ...


class Members(Protocol):
    async def add(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> tuple[UserId, Entry, Entry] | Literal["absent", "already"]: ...
    async def remove(
        self, channel: ChannelId, user: UserId, by: UserId
    ) -> tuple[list[Entry], Entry] | Literal["absent"]: ...
    async def change_role(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> Entry | Literal["absent", "already", "last_owner"]: ...
    async def page(self, channel: ChannelId, query: MemberQuery) -> list[Member]: ...
    async def mark_read(
        self, channel: ChannelId, user: UserId, seq: Seq, thread: Seq | None = None
    ) -> Entry | Literal["absent", "no_thread", "already"]: ...
    async def set_notifications(
        self, channel: ChannelId, user: UserId, level: NotificationLevel | None
    ) -> Entry | Literal["absent"]: ...
    async def shared(
        self, channels: Sequence[int], users: Sequence[int]
    ) -> list[tuple[ChannelId, UserId]]: ...


class Chat(Protocol):
    async def append(self, drafts: Sequence[Draft]) -> list[Appended]: ...
    async def get(self, channel: ChannelId, seq: Seq) -> Message | None: ...
    async def before(
        self, channel: ChannelId, before: int | None, after: int | None, limit: int
    ) -> list[Message]: ...
    async def after(
        self, channel: ChannelId, after: int | None, before: int | None, limit: int
    ) -> list[Message]: ...
    async def facts(self, channel: ChannelId, after: Seq, limit: int) -> list[Entry]: ...


Refusal = Literal["no_channel", "not_member", "no_message", "archived", "not_author", "too_many"]


class Search(Protocol):
    async def set_language(self, language: str) -> None: ...
    async def index(self, channels: list[ChannelId] | None = None) -> bool: ...
    async def readable(
        self, workspace: WorkspaceId, user: UserId, channel: int | None, name: str | None
    ) -> list[ChannelId]: ...
    async def author(self, workspace: WorkspaceId, name: str) -> UserId | None: ...
    async def search(
        self, channels: list[ChannelId], wanted: Wanted, author: UserId | None, cursor: str | None, limit: int
    ) -> tuple[list[Hit], str | None]: ...


class Threads(Protocol):
    async def page(
        self, channel: ChannelId, thread: Seq, after: int, limit: int
    ) -> list[Message] | Literal["no_thread"]: ...
    async def follow(
        self, channel: ChannelId, thread: Seq, user: UserId, follows: bool
    ) -> Literal["absent", "no_thread"] | None: ...
    async def of(
        self, workspace: WorkspaceId, user: UserId, query: ThreadsQuery, offset: int
    ) -> list[Thread]: ...


class Messages(Protocol):
    """Where nothing had to be done, the answer is the seq of the newest fact about the message."""

    async def edit(
        self,
        channel: ChannelId,
        seq: Seq,
        by: UserId,
        text: str,
        named: Named | None,
        here: Collection[UserId],
    ) -> tuple[Message, Entry | None] | Refusal: ...
    async def delete(
        self, channel: ChannelId, seq: Seq, by: UserId, *, may_any: bool
    ) -> Entry | Seq | Refusal: ...
    async def react(self, channel: ChannelId, seq: Seq, by: UserId, emoji: str) -> Entry | Seq | Refusal: ...
    async def unreact(
        self, channel: ChannelId, seq: Seq, by: UserId, emoji: str
    ) -> Entry | Seq | Refusal: ...
    async def pin(self, channel: ChannelId, seq: Seq, by: UserId) -> Entry | Seq | Refusal: ...
    async def unpin(self, channel: ChannelId, seq: Seq, by: UserId) -> Entry | Seq | Refusal: ...
    async def pinned(self, channel: ChannelId) -> list[Message]: ...
    async def versions(self, channel: ChannelId, seq: Seq) -> list[Version] | None: ...
