"""The index follows the log gently, and a search brings it up to date for itself or says that it couldn't."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from models.accounts import Actor
from models.chat import Message
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId
from models.search import Found, Hit, SearchQuery, Wanted
from services import search as rules
from services.search import PIECE, SEARCH_PIECE, SHARE, SearchService

BOB = Actor(UserId(2), WorkspaceId(1), SessionId("session"), "member", 0.0)
PLACE = ChannelId(7)
PIECE_SECONDS = 0.01


class FakeSearch:
    """Fits Search. `pieces` aren't indexed; each takes its time."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.indexed: list[tuple[int, list[ChannelId] | None]] = []
        self.all_is_indexed = asyncio.Event()

    async def set_language(self, language: str) -> None:
        pass

    async def index(self, most: int, channels: list[ChannelId] | None = None) -> bool:
        if not self.pieces:
            self.all_is_indexed.set()
            return False
        self.pieces -= 1
        self.indexed.append((most, channels))
        await asyncio.sleep(PIECE_SECONDS)
        return True

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


async def test_indexing_rests_between_its_pieces_for_nine_times_as_long_as_they_take() -> None:
    search = FakeSearch(pieces=4)
    indexing = asyncio.create_task(SearchService(search, "simple").keep_indexed())
    began = time.monotonic()
    await search.all_is_indexed.wait()
    lasted = time.monotonic() - began
    indexing.cancel()
    with suppress(asyncio.CancelledError):
        await indexing

    assert search.indexed == [(PIECE, None)] * 4
    assert lasted >= 4 * PIECE_SECONDS / SHARE


async def test_a_search_leaves_nothing_of_its_channels_behind_however_much_is_new() -> None:
    search = FakeSearch(pieces=40)

    answer = await found(search)

    assert answer.complete
    assert answer.items
    assert search.indexed == [(SEARCH_PIECE, [PLACE])] * 40


async def test_a_search_that_would_take_too_long_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PATIENCE_SECONDS", 3 * PIECE_SECONDS)
    search = FakeSearch(pieces=100)

    answer = await found(search)

    assert not answer.complete
    assert answer.items
    assert answer.next_cursor == "1_1"
    assert search.pieces > 50
