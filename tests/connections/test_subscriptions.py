"""Where a subscription begins, falls behind, comes back and ends: at its very place in the log."""

import asyncio
import weakref

import pytest

from connections.manager import ANSWER_BYTES, CANNOT_PROMISE, PAUSED_SECONDS, TOO_SLOW
from models.errors import Conflict, NotFound, Unavailable
from models.facts import Entry, user_label
from tests.connections.stage import TOPIC, open_stage
from tests.garbage import uncollected
from tests.impatient import impatient


def upto(last: int, first: int = 1) -> list[int]:
    return list(range(first, last + 1))


@impatient
async def test_a_silent_subscription_hears_nothing_and_is_ended_all_the_same() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        stage.say(3)
        await alice.subscribe(0, is_silent=True, answers=False)
        await stage.settle()
        stage.say()

        stage.manager.tell(TOPIC, [stage.remove(alice)])

        assert alice.heard == []
        assert alice.dropped == [TOPIC]


@impatient
async def test_who_resumes_gets_what_was_missed_and_then_what_is_live() -> None:
    async with open_stage() as stage:
        for _ in range(450):
            stage.log.commit()
        alice = stage.listener()
        await alice.subscribe(5)
        assert alice.resumed is not None
        assert not alice.resumed.is_complete

        stage.say(3)
        await stage.settle()
        stage.say()

        assert alice.heard == upto(454, first=6)


@impatient
async def test_an_answer_holds_as_much_as_a_frame_may_and_the_rest_follows() -> None:
    async with open_stage() as stage:
        big = ANSWER_BYTES // 3
        stage.log.entries[TOPIC] = [Entry(seq, b"0" * big + b"%d" % seq) for seq in upto(9)]
        alice = stage.listener()

        await alice.subscribe(0)
        assert alice.resumed is not None
        assert len(alice.resumed.entries) == 2
        await stage.settle()

        assert alice.heard == upto(9)


@impatient
async def test_an_after_beyond_the_head_is_a_conflict_and_leaves_nothing_open() -> None:
    async with open_stage() as stage:
        stage.log.commit()
        alice = stage.listener()

        with pytest.raises(Conflict):
            await alice.subscribe(2)

        assert stage.manager.topics() == []


@impatient
async def test_who_is_not_admitted_or_meets_a_lost_database_leaves_nothing_open() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        stage.removed = {alice.user}
        with pytest.raises(NotFound):
            await alice.subscribe()
        stage.removed, stage.log.is_away = set(), True
        with pytest.raises(Unavailable):
            await alice.subscribe()

        assert stage.manager.topics() == []
        stage.log.is_away = False
        await alice.subscribe()
        stage.say()
        assert alice.heard == [1]


@impatient
async def test_a_topic_lives_as_long_as_somebody_listens() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()

        stage.manager.unsubscribe(alice.connection, TOPIC)
        stage.say()
        assert stage.manager.topics() == [TOPIC]
        bob.vanish()

        assert stage.manager.topics() == []
        assert (alice.heard, bob.heard) == ([], [1])


@impatient
async def test_a_topic_that_was_let_go_leaves_nothing_for_the_collector() -> None:
    with uncollected():
        async with open_stage() as stage:
            alice = stage.listener()
            await alice.subscribe(0)
            stage.say(3)
            await stage.settle()
            topic = stage.manager._topics.get(TOPIC)
            assert topic is not None
            watched = weakref.ref(topic)
            del topic

            stage.manager.unsubscribe(alice.connection, TOPIC)
            alice.resumed = None
            await stage.settle()

            assert watched() is None


@impatient
async def test_who_subscribes_again_begins_again() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        stage.say(2)
        await alice.subscribe(0)
        stage.say()

        assert alice.heard == [1, 2, 1, 2, 3]


@impatient
async def test_a_slow_listener_falls_behind_and_comes_back_with_nothing_lost() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        stage.say(2)
        alice.pause()
        assert alice.reading == ["paused"]
        stage.say(500)
        await asyncio.sleep(PAUSED_SECONDS - 1)
        assert alice.heard == [1, 2]
        assert bob.heard == upto(502)

        alice.resume()
        assert alice.reading == ["paused", "resumed"]
        stage.say()
        await stage.settle()
        stage.say()

        assert alice.heard == bob.heard == upto(504)
        assert alice.code is None


@impatient
async def test_a_listener_that_stays_behind_for_too_long_is_closed() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        alice.pause()
        stage.say()

        await asyncio.sleep(PAUSED_SECONDS + 1)

        assert alice.code == TOO_SLOW
        assert alice.heard == []
        assert stage.manager.connections == 0


@impatient
async def test_a_listener_whose_catching_up_fails_is_told_to_come_back() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        stage.say()
        await alice.subscribe(0, answers=False)
        stage.log.entries[TOPIC] = None  # type: ignore[assignment]

        await stage.settle()

        assert alice.code == CANNOT_PROMISE


@impatient
async def test_an_old_removal_does_not_end_it_for_who_has_come_back() -> None:
    async with open_stage() as stage:
        bob = stage.listener()
        stage.log.commit()
        stage.log.commit(drops=user_label(bob.user))
        stage.log.commit()

        await bob.subscribe(0)
        stage.say()
        await stage.settle()

        assert bob.heard == [1, 2, 3, 4]
        assert bob.dropped == []


@pytest.mark.parametrize("after", [0, 2])
@impatient
async def test_who_is_removed_while_they_subscribe_hears_nothing_after_it(after: int) -> None:
    async with open_stage() as stage:
        stage.log.seconds = 1.0
        for _ in range(3):
            stage.log.commit()
        bob = stage.listener()
        subscribing = asyncio.create_task(bob.subscribe(after))
        await asyncio.sleep(1.8)  # his right and the head have been looked at

        stage.manager.tell(TOPIC, [stage.remove(bob)])
        stage.say(3)
        await subscribing
        await stage.settle()
        stage.say()

        assert bob.heard == upto(4, first=after + 1)
        assert bob.dropped == [TOPIC]


@impatient
async def test_who_goes_away_while_they_subscribe_leaves_nothing_open() -> None:
    async with open_stage() as stage:
        stage.log.seconds = 1.0
        alice = stage.listener()
        subscribing = asyncio.create_task(alice.subscribe())
        await asyncio.sleep(0.5)
        alice.vanish()
        await subscribing
        stage.say()

        assert stage.manager.topics() == []
        assert alice.heard == []


@impatient
async def test_one_who_breaks_off_while_a_topic_opens_does_not_spoil_it_for_others() -> None:
    async with open_stage() as stage:
        stage.log.seconds = 1.0
        alice, bob = stage.listener(), stage.listener()
        first, second = asyncio.create_task(alice.subscribe()), asyncio.create_task(bob.subscribe())
        await asyncio.sleep(0.2)
        first.cancel()
        await second
        stage.say()

        assert bob.heard == [1]


@impatient
async def test_who_subscribes_with_a_full_buffer_hears_the_answer_alone_until_it_drains() -> None:
    async with open_stage() as stage:
        stage.log.commit()
        alice = stage.listener()
        alice.pause()
        await alice.subscribe(0)
        stage.say(3)
        await asyncio.sleep(PAUSED_SECONDS / 2)
        assert alice.heard == [1]

        alice.resume()
        await stage.settle()

        assert alice.heard == [1, 2, 3, 4]


@impatient
async def test_a_fact_that_waits_to_be_written_is_not_for_who_has_read_it_in_the_log() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        entry = stage.log.commit()
        resumed = await stage.manager.subscribe(bob.connection, TOPIC, lambda: bob._admit(TOPIC), 0)

        stage.manager.heard(TOPIC, [entry])
        stage.manager.start(resumed.subscription)
        await stage.settle()
        stage.say()

        assert resumed.entries == [entry]
        assert bob.heard == [2]
        assert alice.heard == [1, 2]
