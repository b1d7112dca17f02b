"""Posting and reading: saved before told, told once, and pages that are one list cut into pieces."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.accounts import Actor
from models.chat import Draft, EventsQuery, HistoryQuery, Posted, PostMessage
from models.errors import Conflict, Forbidden, NotFound, Unavailable
from models.ids import ChannelId, Seq
from services.chat import PATIENCE_SECONDS, ChatService
from tests.impatient import impatient
from tests.services.fakes import ALICE, BOB, GENERAL, MALLORY, FakeChannels, FakeChat, FakePublisher, Outcome
from tests.services.town import member_service

TOPIC = f"channel:{GENERAL}"
HELLO = PostMessage("c1", "hello")


@dataclass
class Room:
    """Alice and Bob are in GENERAL; Mallory is not."""

    service: ChatService
    chat: FakeChat
    channels: FakeChannels
    publisher: FakePublisher

    async def post(self, client_id: str, text: str = "hello", author: Actor = ALICE) -> Posted:
        return await self.service.post(author, GENERAL, PostMessage(client_id, text))

    async def fill(self, seqs: Sequence[int]) -> None:
        for seq in sorted(seqs):
            self.chat.put(GENERAL, Draft(GENERAL, ALICE.user_id, PostMessage(f"c{seq}", "hello")), seq)

    async def pages(self, **query: int) -> list[list[int]]:
        """The seqs on each page, as they come."""
        found: list[list[int]] = []
        cursor: str | None = None
        while True:
            page = await self.service.history(ALICE, GENERAL, HistoryQuery(cursor=cursor, **query))
            found.append([message.seq for message in page.items])
            cursor = page.next_cursor
            if cursor is None:
                return found


@asynccontextmanager
async def open_room() -> AsyncIterator[Room]:
    chat, channels, publisher = FakeChat(), FakeChannels(), FakePublisher()
    channels.roles = {(GENERAL, ALICE.user_id): "owner", (GENERAL, BOB.user_id): "member"}
    members = member_service(channels=channels, publisher=publisher)
    async with ChatService(chat, members, publisher, "epoch") as service:
        yield Room(service, chat, channels, publisher)


@impatient
async def test_a_message_is_saved_before_anybody_is_told() -> None:
    async with open_room() as room:
        saved_when_told: list[int] = []
        room.publisher.watch = lambda _: saved_when_told.append(len(room.chat.messages))

        posted = await room.service.post(ALICE, GENERAL, HELLO)

        assert posted.is_new
        assert saved_when_told == [1]
        assert room.publisher.facts == [(TOPIC, "message.posted")]
        assert posted.message == room.chat.messages[GENERAL, Seq(1)]


@impatient
async def test_a_retried_message_is_stored_once_and_told_once() -> None:
    async with open_room() as room:
        first = await room.service.post(ALICE, GENERAL, HELLO)
        again = await room.service.post(ALICE, GENERAL, HELLO)

        assert again.message == first.message
        assert (first.is_new, again.is_new) == (True, False)
        assert room.publisher.seqs(TOPIC) == [1]


@impatient
async def test_the_same_message_twice_at_once_is_one() -> None:
    async with open_room() as room:
        both = await asyncio.gather(*(room.service.post(ALICE, GENERAL, HELLO) for _ in range(2)))

        assert both[0].message == both[1].message
        assert room.publisher.seqs(TOPIC) == [1]


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        ("conflict", Conflict),
        ("not_member", Forbidden),
        ("not_found", NotFound),
        ("no_reply_to", NotFound),
        ("no_thread", NotFound),
    ],
)
@impatient
async def test_each_verdict_has_its_error_and_nobody_hears_of_it(
    outcome: Outcome, refusal: type[Exception]
) -> None:
    async with open_room() as room:
        room.chat.refuses = {"bad": outcome}

        good, bad = await asyncio.gather(
            room.post("c1", "good"), room.post("c2", "bad"), return_exceptions=True
        )

        assert isinstance(good, Posted)
        assert type(bad) is refusal
        assert room.publisher.seqs(TOPIC) == [1]
        assert (room.service.counts.posted, room.service.counts.refused) == (1, 1)


@impatient
async def test_posts_that_come_during_a_commit_share_the_next() -> None:
    async with open_room() as room:
        room.chat.seconds = 1.0
        first = asyncio.create_task(room.post("first"))
        await asyncio.sleep(0.5)
        await asyncio.gather(first, *(room.post(f"c{n}") for n in range(20)))

        assert room.chat.commits == [1, 20]
        assert room.publisher.seqs(TOPIC) == list(range(1, 22))


@impatient
async def test_a_lost_database_is_tried_again_and_nobody_notices() -> None:
    async with open_room() as room:
        room.chat.lost_asks = 2

        assert (await room.post("c1")).is_new
        assert room.publisher.seqs(TOPIC) == [1]


@impatient
async def test_a_post_whose_commit_was_not_answered_is_told_all_the_same() -> None:
    async with open_room() as room:
        room.chat.lost_answers = 1

        posted = await room.post("c1")

        assert posted.message.seq == 1
        assert room.publisher.seqs(TOPIC) == [1]


@impatient
async def test_after_a_lost_answer_a_conflict_tells_nobody() -> None:
    async with open_room() as room:
        await room.post("c1", "hello")
        room.chat.lost_answers = 1

        with pytest.raises(Conflict):
            await room.post("c1", "hallo")
        assert room.publisher.seqs(TOPIC) == [1]


@impatient
async def test_a_database_that_stays_away_is_told_within_bounds() -> None:
    async with open_room() as room:
        room.chat.lost_asks = 1000
        with pytest.raises(Unavailable):
            await room.post("c1")
        assert asyncio.get_running_loop().time() <= PATIENCE_SECONDS

        room.chat.seconds = 5.0  # each try takes as long as a statement may
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await room.post("c2")
        assert asyncio.get_running_loop().time() - began == pytest.approx(5.0)
        assert room.publisher.told == []


@impatient
async def test_a_replay_that_cannot_be_read_fails_alone() -> None:
    async with open_room() as room:
        await room.post("c1")
        room.chat.lost_reads = 1

        replay, fresh = await asyncio.gather(room.post("c1"), room.post("c2"), return_exceptions=True)

        assert isinstance(replay, Unavailable)
        assert isinstance(fresh, Posted)
        assert room.publisher.seqs(TOPIC) == [1, 2]


@impatient
async def test_closing_saves_what_waits() -> None:
    async with open_room() as room:
        room.chat.seconds = 1.0
        asked = [room.service.post(ALICE, GENERAL, PostMessage(f"c{n}", "hello")) for n in range(5)]

    assert [one.result().message.seq for one in asked] == [1, 2, 3, 4, 5]


@impatient
async def test_who_is_not_in_the_channel_reads_nothing() -> None:
    async with open_room() as room:
        await room.post("c1")
        for read in (
            room.service.history(MALLORY, GENERAL, HistoryQuery()),
            room.service.get(MALLORY, GENERAL, Seq(1)),
            room.service.events(MALLORY, GENERAL, EventsQuery()),
        ):
            with pytest.raises(Forbidden):
                await read
        room.channels.visible = {GENERAL: "private"}
        with pytest.raises(NotFound):
            await room.service.history(MALLORY, GENERAL, HistoryQuery())
        with pytest.raises(NotFound):
            await room.service.history(ALICE, ChannelId(8), HistoryQuery())


@impatient
async def test_a_head_that_grew_while_the_log_was_read_is_told_as_it_is_now() -> None:
    async with open_room() as room:
        await room.fill([1, 2, 3])
        room.channels.head = Seq(2)

        events = await room.service.events(ALICE, GENERAL, EventsQuery(after=1))

        assert (events.epoch, events.head_seq, [bytes(one) for one in events.events]) == (
            "epoch",
            3,
            [b'{"seq":2}', b'{"seq":3}'],
        )


logs = st.sets(st.integers(1, 60), max_size=40)
limits = st.integers(1, 12)
bounds = st.none() | st.integers(0, 62)


@given(logs, limits, bounds, bounds)
@settings(deadline=None)
@impatient
async def test_pages_one_after_the_other_are_the_whole_list(
    seqs: set[int], limit: int, after: int | None, before: int | None
) -> None:
    async with open_room() as room:
        await room.fill(sorted(seqs))
        query = {name: value for name, value in (("after", after), ("before", before)) if value is not None}

        pages = await room.pages(limit=limit, **query)

        expected = [seq for seq in sorted(seqs) if seq > (after or 0) and (before is None or seq < before)]
        is_forward = after is not None and before is None
        assert list(chain(*(pages if is_forward else pages[::-1]))) == expected
        assert all(len(page) == limit for page in pages[:-1])
        assert len(pages) == max(1, -(-len(expected) // limit))


@given(logs, limits, st.integers(0, 62))
@settings(deadline=None)
@impatient
async def test_around_a_seq_stand_the_nearest_before_and_after_it(
    seqs: set[int], limit: int, middle: int
) -> None:
    async with open_room() as room:
        await room.fill(sorted(seqs))

        (page,) = await room.pages(limit=limit, around=middle)

        older = [seq for seq in sorted(seqs) if seq <= middle]
        newer = [seq for seq in sorted(seqs) if seq > middle]
        taken = older[max(0, len(older) - (limit + 1) // 2) :]
        assert page == taken + newer[: limit - len(taken)]
