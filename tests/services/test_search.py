"""The index follows the log without being in the way, and a search brings it up to date or says that it couldn't."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from models.accounts import Actor
from models.chat import Message
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId
from models.search import Found, Hit, SearchQuery, Wanted
from services import search as rules
from services.search import FLOOD, GENTLE, PAUSE_SECONDS, PIECE, QUICK, SEARCH_PIECE, SearchService

BOB = Actor(UserId(2), WorkspaceId(1), SessionId("session"), "member", 0.0)
PLACE = ChannelId(7)
PIECE_SECONDS = 0.001


class Clock:
    """Stands in for `time` and `asyncio` there: nobody waits. Over the pause between two looks, all ends."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rested: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds == PAUSE_SECONDS:
            raise asyncio.CancelledError
        self.now += seconds
        self.rested.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(rules, "time", made)
    monkeypatch.setattr(rules, "asyncio", made)
    return made


class FakeSearch:
    """Fits Search. `left` steps aren't indexed, and `coming` a second come, for `flood_seconds`."""

    def __init__(self, clock: Clock, left: int, coming: float = 0, flood_seconds: float = 0) -> None:
        self.clock = clock
        self.left = float(left)
        self.coming = coming
        self.flood_seconds = flood_seconds
        self.looked_at = 0.0
        self.indexed: list[tuple[int, list[ChannelId] | None]] = []

    async def set_language(self, language: str) -> None:
        pass

    async def index(self, most: int, channels: list[ChannelId] | None = None) -> int:
        self.clock.now += PIECE_SECONDS
        until = min(self.clock.now, self.flood_seconds)
        self.left += max(0, until - self.looked_at) * self.coming
        self.looked_at = self.clock.now
        if self.left >= 1:
            self.indexed.append((most, channels))
        self.left = max(0, self.left - most)
        return int(self.left)

    async def readable(
        self, workspace: WorkspaceId, user: UserId, channel: int | None, name: str | None
    ) -> list[ChannelId]:
        return [PLACE]

    async def author(self, workspace: WorkspaceId, name: str) -> UserId | None:
        return None

    async def search(
        self, channels: list[ChannelId], wanted: Wanted, author: UserId | None, cursor: str | None, limit: int
    ) -> tuple[list[Hit], str | None]:
        message = Message(
            channel_id=PLACE, seq=Seq(1), author_id=UserId(2), kind="text", text="found", client_id="one",
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        return [Hit(PLACE, message, "found")], "1_1"


async def found(search: FakeSearch) -> Found:
    return await SearchService(search, "simple").find(BOB, SearchQuery(q="found"))


async def follow(search: FakeSearch) -> None:
    with suppress(asyncio.CancelledError):
        await SearchService(search, "simple").keep_indexed()


async def test_indexing_works_for_a_small_share_of_a_flood_and_hurries_after_it(clock: Clock) -> None:
    search = FakeSearch(clock, 5 * FLOOD, coming=2 * FLOOD, flood_seconds=20)

    await follow(search)

    assert search.left == 0
    assert {(PIECE, None)} == {*search.indexed}
    shares = [round(PIECE_SECONDS / (PIECE_SECONDS + rested), 3) for rested in clock.rested]
    assert shares == sorted(shares)
    assert {*shares} == {GENTLE, QUICK}
    assert sum(clock.rested[: shares.index(QUICK)]) > 15


async def test_indexing_hurries_while_little_is_posted(clock: Clock) -> None:
    search = FakeSearch(clock, 100_000, coming=FLOOD / 2, flood_seconds=1e9)

    await follow(search)

    assert search.left < 1
    assert clock.now < 1.5 * (100_000 / PIECE) * PIECE_SECONDS / QUICK


async def test_a_search_leaves_nothing_of_its_channels_behind(clock: Clock) -> None:
    search = FakeSearch(clock, 40 * SEARCH_PIECE)

    answer = await found(search)

    assert answer.complete
    assert answer.items
    assert search.indexed == [(SEARCH_PIECE, [PLACE])] * 40


async def test_a_search_that_would_take_too_long_says_what_it_is(clock: Clock) -> None:
    search = FakeSearch(clock, 10_000 * SEARCH_PIECE)

    answer = await found(search)

    assert not answer.complete
    assert answer.items
    assert answer.next_cursor == "1_1"
    assert search.left > 5_000 * SEARCH_PIECE
