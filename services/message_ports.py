"""What the services need of the world that change, search and follow messages."""

from collections.abc import Collection
from typing import Literal, Protocol

from models.chat import Message, Version
from models.facts import Entry
from models.ids import ChannelId, Seq, UserId, WorkspaceId
from models.mentions import Named
from models.moderation import (
    PutRestraint,
    Report,
    ReportMessage,
    ReportQuery,
    ResolveReport,
    Restraint,
    RestraintKind,
    RestraintQuery,
)
from models.search import Hit, Wanted
from models.threads import Thread, ThreadsQuery

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


class Search(Protocol):
    async def set_language(self, language: str) -> None: ...
    async def index(self, most: int, channels: list[ChannelId] | None = None) -> int: ...
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
        files: Collection[str] | None = None,
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
    async def hide(self, channel: ChannelId, seq: Seq, by: UserId) -> Entry | Seq | Refusal: ...
    async def show(self, channel: ChannelId, seq: Seq, by: UserId) -> Entry | Seq | Refusal: ...
    async def pinned(self, channel: ChannelId) -> list[Message]: ...
    async def versions(self, channel: ChannelId, seq: Seq) -> list[Version] | None: ...


class Moderation(Protocol):
    async def restrain(
        self, channel: ChannelId, user: UserId, kind: RestraintKind, ask: PutRestraint, by: UserId
    ) -> tuple[list[Entry], list[Entry]] | Literal["absent"]: ...
    async def release(
        self, channel: ChannelId, user: UserId, kind: RestraintKind, by: UserId
    ) -> list[Entry] | Literal["absent"]: ...
    async def restrained(
        self, channel: ChannelId, kind: RestraintKind, query: RestraintQuery
    ) -> list[Restraint]: ...
    async def ban_user(
        self, workspace: WorkspaceId, user: UserId, ask: PutRestraint, by: UserId
    ) -> Entry | None: ...
    async def unban_user(self, workspace: WorkspaceId, user: UserId, by: UserId) -> bool: ...
    async def banned_users(self, workspace: WorkspaceId, query: RestraintQuery) -> list[Restraint]: ...
    async def report(
        self, channel: ChannelId, seq: Seq, ask: ReportMessage, by: UserId
    ) -> tuple[Report, list[tuple[UserId, Entry]]] | None: ...
    async def reports(
        self, workspace: WorkspaceId, channel: ChannelId | None, query: ReportQuery
    ) -> list[Report]: ...
    async def resolve(
        self, channel: ChannelId, report: int, ask: ResolveReport, by: UserId
    ) -> Report | None: ...
