"""What the rules need of the world, as Protocols: the stores and the connections fit by their shape."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from models.accounts import Actor, Invite, QuietHours, Role, SessionInfo, UpdateUser, User, UserQuery
from models.ai import (
    AiChannel,
    Begun,
    Checkpoint,
    ContextMessage,
    NewRun,
    Piece,
    Prompt,
    Run,
    RunInfo,
    RunStatus,
    SetAiChannel,
    Usage,
)
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
from models.chat import Appended, Draft, Message
from models.facts import Entry
from models.ids import ChannelId, RunId, Seq, SessionId, UserId, WorkspaceId
from models.moderation import Ban


class Publisher(Protocol):
    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        """To every listener of the topic, on every instance. Called only after the commit; never waits."""


class Taps(Protocol):
    async def tap(
        self, name: str, hear: Callable[[Entry], None], ahead: Callable[[], Sequence[bytes]]
    ) -> None:
        """Each entry of the topic, in order, from now on; `ahead` is what was whispered and is to be told yet, for
        whoever comes to listen here. Raises Unavailable.
        """

    def untap(self, name: str) -> None: ...


class Whisperer(Protocol):
    def whisper(self, topic: str, entry: Entry) -> None:
        """A passing fact for this instance's listeners alone."""


class Topics(Publisher, Taps, Whisperer, Protocol):
    """Both ends of them."""


class Listeners(Whisperer, Protocol):
    """The sockets of this instance, and who is online anywhere."""

    def online(self) -> set[str]:
        """Names of owners, such as `user:7`."""

    def topics(self, prefix: str) -> list[str]:
        """Those with listeners here."""


class Spawner(Protocol):
    def spawn(self, work: Coroutine[Any, Any, None]) -> object:
        """A task that ends with its owner at the latest."""


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
    ) -> tuple[User, Entry | None] | None: ...
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


class Conversations(Protocol):
    """Channels of kind `ai`."""

    async def conversation(
        self, workspace: WorkspaceId, creator: UserId, name: str
    ) -> tuple[ChannelId, list[tuple[UserId, Entry, Entry]]]: ...
    async def conversations(
        self, workspace: WorkspaceId, caller: UserId, before: int | None, limit: int
    ) -> list[Channel]: ...


class Members(Protocol):
    async def add(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> tuple[UserId, Entry, Entry] | Ban | Literal["absent", "already"]: ...
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


class Provider(Protocol):
    """A model somewhere. Whoever stops reading an answer closes it."""

    @property
    def is_configured(self) -> bool: ...
    async def models(self) -> list[str]: ...
    def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Raises AiFailed, also in the middle."""


class Runs(Protocol):
    async def begin(self, new: NewRun, most_at_once: int, budgets: Sequence[int | None]) -> Begun: ...
    async def get(self, run: RunId) -> Run | None: ...
    async def restart(
        self, run: Run, asker: UserId, most_at_once: int, budgets: Sequence[int | None]
    ) -> tuple[Run, Message, Entry] | str: ...
    async def checkpoint(self, checkpoints: Sequence[Checkpoint]) -> set[RunId]: ...
    async def stops(self, runs: Sequence[RunId]) -> list[RunId]: ...
    async def ask_stop(self, run: RunId) -> None: ...
    async def orphans(self, limit: int) -> list[tuple[Run, str, Usage]]: ...
    async def finish(
        self, run: Run, text: str, info: RunInfo, usage: Usage, *, is_orphan: bool = False
    ) -> tuple[Message, Entry] | None: ...
    async def running(self, channels: Sequence[ChannelId]) -> list[tuple[RunId, ChannelId, str]]: ...
    async def said(self, run: RunId) -> tuple[RunStatus, str] | None: ...
    async def channel(self, channel: ChannelId) -> AiChannel: ...
    async def set_channel(self, channel: ChannelId, change: SetAiChannel) -> AiChannel: ...
    async def spent(
        self, workspace: WorkspaceId, user: UserId
    ) -> dict[tuple[str, str], tuple[int, int, float]]: ...
    async def count_running(self, user: UserId) -> int: ...
    async def last_answer(self, channel: ChannelId) -> Seq | None: ...
    async def followed(self, channel: ChannelId, question: Seq) -> Seq | None: ...


class Readings(Protocol):
    """Messages as a model may get to read them: newest first."""

    async def up_to(
        self, channel: ChannelId, seq: Seq, thread: Seq | None, limit: int
    ) -> list[ContextMessage]: ...
    async def newest(
        self, channel: ChannelId, thread: Seq | None, limit: int
    ) -> tuple[int, list[ContextMessage]]: ...
    async def branch(self, channel: ChannelId, seq: Seq, limit: int) -> list[ContextMessage]: ...
    async def search(
        self, channel: ChannelId, text: str, before: Seq | None, limit: int
    ) -> list[ContextMessage]: ...
    async def unread(
        self, channel: ChannelId, user: UserId, before: Seq | None, limit: int
    ) -> list[ContextMessage]: ...


class Chat(Protocol):
    async def append(self, drafts: Sequence[Draft]) -> list[Appended]: ...
    async def get(self, channel: ChannelId, seq: Seq) -> Message | None: ...
    async def before(
        self, channel: ChannelId, before: int | None, after: int | None, limit: int
    ) -> list[Message]: ...
    async def hidden(self, channel: ChannelId, seqs: Sequence[Seq]) -> dict[Seq, str]: ...
    async def after(
        self, channel: ChannelId, after: int | None, before: int | None, limit: int
    ) -> list[Message]: ...
    async def facts(self, channel: ChannelId, after: Seq, limit: int) -> list[Entry]: ...
