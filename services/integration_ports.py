"""What the services need of the world that let programs in and call them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

from models.accounts import Actor
from models.bots import Bot, BotQuery, BotToken, CreateBot, Scope
from models.chat import Message, Preview
from models.commands import CreateCommand, OwnCommand, UpdateCommand
from models.facts import Entry
from models.hooks import (
    CreateIncomingHook,
    CreateOutgoingHook,
    DeadLetter,
    DueHook,
    IncomingHook,
    OutgoingHook,
    ProgramPost,
    UpdateIncomingHook,
    UpdateOutgoingHook,
)
from models.ids import ChannelId, Seq, UserId, WorkspaceId


class Bots(Protocol):
    async def create(self, workspace: WorkspaceId, ask: CreateBot, by: UserId) -> Bot | Literal["taken"]: ...
    async def page(self, workspace: WorkspaceId, query: BotQuery) -> list[Bot]: ...
    async def is_bot(self, workspace: WorkspaceId, user: UserId) -> bool: ...
    async def create_token(
        self,
        bot: UserId,
        name: str,
        digest: bytes,
        scopes: list[Scope],
        expires_at: datetime | None,
        by: UserId,
    ) -> BotToken | Literal["too_many"]: ...
    async def tokens(self, bot: UserId) -> list[BotToken]: ...
    async def revoke_token(self, bot: UserId, token: str, by: UserId) -> Entry | None: ...
    async def actor(self, digest: bytes) -> Actor | None: ...


class Programs(Protocol):
    async def post(
        self, post: ProgramPost
    ) -> tuple[Message, Entry | None] | datetime | Literal["not_found", "archived"]: ...


class IncomingHooks(Protocol):
    async def create(
        self, channel: ChannelId, ask: CreateIncomingHook, digest: bytes, by: UserId
    ) -> IncomingHook | Literal["absent", "too_many"]: ...
    async def of(self, channel: ChannelId) -> list[IncomingHook]: ...
    async def update(
        self, channel: ChannelId, hook: int, change: UpdateIncomingHook, digest: bytes | None, by: UserId
    ) -> IncomingHook | None: ...
    async def delete(self, channel: ChannelId, hook: int, by: UserId) -> bool: ...
    async def find(self, digest: bytes) -> IncomingHook | None: ...


class OutgoingHooks(Protocol):
    async def create(
        self, channel: ChannelId, ask: CreateOutgoingHook, secret: str, by: UserId
    ) -> OutgoingHook | Literal["absent", "too_many"]: ...
    async def of(self, channel: ChannelId) -> list[OutgoingHook]: ...
    async def update(
        self, channel: ChannelId, hook: int, change: UpdateOutgoingHook, by: UserId
    ) -> OutgoingHook | None: ...
    async def delete(self, channel: ChannelId, hook: int, by: UserId) -> bool: ...
    async def claim(self, owner: str, most: int) -> list[DueHook]: ...
    async def get(self, channel: ChannelId, hook: int) -> DueHook | None: ...
    async def move(self, hook: DueHook, owner: str, seq: Seq) -> bool: ...
    async def fail(
        self,
        hook: DueHook,
        owner: str,
        seq: Seq,
        why: str,
        pause: timedelta,
        *,
        gives_up: bool,
        disables: bool,
    ) -> None: ...
    async def release(self, hook: DueHook, owner: str) -> None: ...
    async def dead(self, channel: ChannelId, hook: int, after: int, limit: int) -> list[DeadLetter]: ...
    async def is_dead(self, channel: ChannelId, hook: int, seq: Seq) -> bool: ...
    async def bury(self, channel: ChannelId, hook: int, seq: Seq) -> bool: ...


class Previewed(Protocol):
    async def preview(self, message: Message, previews: list[Preview]) -> Entry | None:
        """None where it no longer says what it said."""


class Answer(Protocol):
    """Of somewhere outside; `body` may be the beginning alone."""

    @property
    def status(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def is_cut(self) -> bool: ...
    @property
    def url(self) -> str: ...
    @property
    def retry_after(self) -> str: ...


class Outside(Protocol):
    """Addresses that users named. Nothing inside is reached, and everything has an end; raises TargetFailed."""

    def demand(self, url: str, field: str = "url", *, securely: bool = False) -> None:
        """Raises Invalid for what will never be reached."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most: int) -> Answer: ...
    async def get(self, url: str, most: int, redirects: int = 3) -> Answer: ...


class Commands(Protocol):
    async def create(
        self, workspace: WorkspaceId, ask: CreateCommand, secret: str, by: UserId
    ) -> OwnCommand | Literal["taken", "too_many"]: ...
    async def of(self, workspace: WorkspaceId) -> list[OwnCommand]: ...
    async def named(self, workspace: WorkspaceId, name: str) -> OwnCommand | None: ...
    async def update(
        self, workspace: WorkspaceId, command: int, change: UpdateCommand, by: UserId
    ) -> OwnCommand | None: ...
    async def delete(self, workspace: WorkspaceId, command: int, by: UserId) -> bool: ...
    async def user_named(self, workspace: WorkspaceId, name: str) -> UserId | None: ...
