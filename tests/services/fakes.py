"""Fakes that fit services/ports.py: a log and channels in memory, and a publisher that remembers what it told."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import orjson

from models.accounts import Actor
from models.channels import Channel, ChannelQuery, ChannelRole, Standing, UpdateChannel, Visibility
from models.chat import Appended, Draft, Message
from models.errors import Unavailable
from models.facts import Entry
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId

ALICE = Actor(UserId(1), WorkspaceId(1), SessionId("alice"), "admin", 0.0)
BOB = Actor(UserId(2), WorkspaceId(1), SessionId("bob"), "member", 0.0)
MALLORY = Actor(UserId(3), WorkspaceId(1), SessionId("mallory"), "member", 0.0)
GENERAL = ChannelId(7)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Outcome = Literal["posted", "replayed", "conflict", "not_member", "not_found", "no_reply_to", "no_thread"]


class FakePublisher:
    """Fits Publisher. `watch` is called with each topic at the moment of telling."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[Entry]]] = []
        self.watch: Callable[[str], None] = lambda _: None

    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        self.watch(topic)
        self.told.append((topic, list(entries)))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(topic, type) of every fact."""
        return [
            (topic, orjson.loads(entry.payload)["type"]) for topic, entries in self.told for entry in entries
        ]

    def seqs(self, topic: str) -> list[int]:
        return [entry.seq for name, entries in self.told for entry in entries if name == topic]


class FakeChat:
    """Fits Chat. `lost_answers` and `lost_asks` are tries that fail after and before they save; `refuses` maps a text
    to the outcome that its post gets.
    """

    def __init__(self) -> None:
        self.messages: dict[tuple[ChannelId, Seq], Message] = {}
        self.heads: dict[ChannelId, int] = {}
        self.commits: list[int] = []
        self.lost_answers = 0
        self.lost_asks = 0
        self.lost_reads = 0
        self.seconds = 0.0
        self.refuses: dict[str, Outcome] = {}

    async def hidden(self, channel: ChannelId, seqs: Sequence[Seq]) -> dict[Seq, str]:
        return {}

    async def append(self, drafts: Sequence[Draft]) -> list[Appended]:
        await asyncio.sleep(self.seconds)
        if self.lost_asks:
            self.lost_asks -= 1
            raise Unavailable("lost")
        rows = [self._judge(draft) for draft in drafts]
        self.commits.append(len(drafts))
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("lost")
        return rows

    def _judge(self, draft: Draft) -> Appended:
        if draft.content.text in self.refuses:
            return Appended(self.refuses[draft.content.text], None, None)
        name = (draft.channel_id, draft.author_id, draft.content.client_id)
        for one in self.messages.values():
            if (one.channel_id, one.author_id, one.client_id) == name:
                outcome: Outcome = "replayed" if one.text == draft.content.text else "conflict"
                return Appended(outcome, one.seq, one.created_at)
        return Appended("posted", self.put(draft.channel_id, draft).seq, EPOCH)

    def put(self, channel: ChannelId, draft: Draft, at: int | None = None) -> Message:
        """A message at the next seq, or at one further on: others are changes."""
        seq = Seq(self.heads.get(channel, 0) + 1 if at is None else at)
        self.heads[channel] = seq
        content = draft.content
        self.messages[channel, seq] = Message(
            channel, seq, draft.author_id, "text", content.text, content.client_id, EPOCH
        )
        return self.messages[channel, seq]

    async def get(self, channel: ChannelId, seq: Seq) -> Message | None:
        if self.lost_reads:
            self.lost_reads -= 1
            raise Unavailable("lost")
        return self.messages.get((channel, seq))

    def _between(self, channel: ChannelId, after: int | None, before: int | None) -> list[Message]:
        return [
            one
            for (place, seq), one in sorted(self.messages.items())
            if place == channel and seq > (after or 0) and (before is None or seq < before)
        ]

    async def before(
        self, channel: ChannelId, before: int | None, after: int | None, limit: int
    ) -> list[Message]:
        found = self._between(channel, after, before)
        return found[max(0, len(found) - limit) :]

    async def after(
        self, channel: ChannelId, after: int | None, before: int | None, limit: int
    ) -> list[Message]:
        return self._between(channel, after, before)[:limit]

    async def facts(self, channel: ChannelId, after: Seq, limit: int) -> list[Entry]:
        return [
            Entry(one.seq, b'{"seq":%d}' % one.seq) for one in await self.after(channel, after, None, limit)
        ]


class FakeChannels:
    """Fits Channels, as far as standings go; `password_hash` is that of every channel."""

    def __init__(self) -> None:
        self.roles: dict[tuple[ChannelId, UserId], ChannelRole] = {}
        self.visible: dict[ChannelId, Visibility] = {GENERAL: "public"}
        self.kind: Literal["channel", "direct"] = "channel"
        self.password_hash: str | None = None
        self.head = Seq(0)

    async def standing(self, workspace: WorkspaceId, channel: ChannelId, user: UserId) -> Standing | None:
        if channel not in self.visible:
            return None
        role = self.roles.get((channel, user))
        return Standing(channel, self.kind, self.visible[channel], self.head, role, self.password_hash)

    async def create(
        self,
        workspace: WorkspaceId,
        creator: UserId,
        *,
        name: str,
        description: str,
        visibility: Visibility,
        password_hash: str | None,
    ) -> tuple[ChannelId, list[tuple[UserId, Entry, Entry]]] | None:
        raise NotImplementedError

    async def direct(
        self, workspace: WorkspaceId, creator: UserId, users: list[UserId]
    ) -> tuple[ChannelId, list[tuple[UserId, Entry, Entry]]]:
        raise NotImplementedError

    async def get(self, workspace: WorkspaceId, channel: ChannelId, caller: UserId) -> Channel | None:
        raise NotImplementedError

    async def page(self, workspace: WorkspaceId, caller: UserId, query: ChannelQuery) -> list[Channel]:
        raise NotImplementedError

    async def update(
        self, workspace: WorkspaceId, channel: ChannelId, by: UserId, change: UpdateChannel, hash_: str | None
    ) -> tuple[Channel, Entry] | Literal["absent", "taken"]:
        raise NotImplementedError

    async def delete(self, channel: ChannelId, by: UserId) -> Entry | None:
        raise NotImplementedError

    async def heads(self, channels: list[int]) -> dict[int, int]:
        return dict.fromkeys(channels, self.head)
