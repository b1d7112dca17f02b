"""What the services need of the world that change, search and follow messages."""

from collections.abc import Collection
from typing import Literal, Protocol

from models.chat import Message, Version
from models.facts import Entry
from models.ids import ChannelId, Seq, UserId, WorkspaceId
from models.mentions import Named
from models.search import Hit, Wanted
from models.threads import Thread, ThreadsQuery

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
