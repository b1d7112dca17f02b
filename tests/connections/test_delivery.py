"""From the log to the sockets: in order, once, with nothing missing, and nothing after one's end."""

import asyncio

from connections.topic import EARLY, HOLE_SECONDS
from models.facts import EVERYBODY, Entry
from tests.connections.stage import TOPIC, open_stage
from tests.impatient import impatient


def upto(last: int, first: int = 1) -> list[int]:
    return list(range(first, last + 1))


@impatient
async def test_a_fact_goes_to_every_listener_of_its_topic_and_nobody_else() -> None:
    async with open_stage() as stage:
        alice, bob, mallory = stage.listener(), stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        await mallory.subscribe(topic="channel:8")

        stage.say(3)

        assert alice.heard == bob.heard == [1, 2, 3]
        assert mallory.heard == []


@impatient
async def test_facts_in_disorder_are_heard_in_order_and_those_told_twice_once() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        one, two, three = (stage.log.commit() for _ in range(3))

        for entry in (one, three, one, three, two, two, one):
            stage.manager.tell(TOPIC, [entry])

        assert alice.heard == [1, 2, 3]
        assert stage.log.reads == []


@impatient
async def test_a_fact_that_was_never_told_is_fetched_after_a_moment() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        for _ in range(250):
            stage.log.commit()
        stage.say()

        assert alice.heard == []
        await asyncio.sleep(HOLE_SECONDS * 2)

        assert alice.heard == upto(251)


@impatient
async def test_a_hole_is_filled_however_long_the_database_is_away() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        stage.log.is_away = True
        stage.log.commit()
        stage.say()
        await asyncio.sleep(60)
        assert alice.heard == []

        stage.log.is_away = False
        await asyncio.sleep(1)

        assert alice.heard == [1, 2]


@impatient
async def test_early_facts_are_held_back_within_a_bound_and_none_is_lost() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        stage.log.commit()
        stage.say(5 * EARLY)

        await stage.settle()

        assert alice.heard == upto(5 * EARLY + 1)


@impatient
async def test_an_answer_to_a_socket_that_was_lost_a_moment_ago_goes_nowhere() -> None:
    async with open_stage() as stage:
        alice = stage.listener()

        def write(frames: bytes) -> None:
            raise RuntimeError("the handler is closed")

        alice.connection.write = write
        alice.connection.send_soon(b"{}")
        await stage.settle()  # fails where the loop is told of an error

        alice.connection.send(b"{}")


@impatient
async def test_after_a_fence_what_was_lost_is_fetched() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()
        for _ in range(3):
            stage.log.commit()

        stage.manager._topics.compare(None)
        await stage.settle()

        assert alice.heard == [1, 2, 3]


@impatient
async def test_the_facts_of_one_tick_from_the_bus_are_one_write() -> None:
    async with open_stage() as stage:
        alice = stage.listener()
        await alice.subscribe()

        for _ in range(10):
            stage.manager.heard(TOPIC, [stage.log.commit()])
        await asyncio.sleep(0)

        assert alice.heard == upto(10)
        assert alice.writes == 1


@impatient
async def test_passing_facts_are_heard_by_the_live_alone() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        bob.pause()
        passing = Entry(0, b"0")

        stage.manager.tell(TOPIC, [passing])
        stage.say()
        bob.resume()
        await stage.settle()

        assert alice.heard == [0, 1]
        assert bob.heard == [1]


@impatient
async def test_a_removal_is_the_last_that_the_removed_hear() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        stage.say()

        stage.manager.tell(TOPIC, [stage.remove(bob), stage.log.commit()])
        stage.say()

        assert bob.heard == [1, 2]
        assert bob.dropped == [TOPIC]
        assert alice.heard == [1, 2, 3, 4]
        assert alice.dropped == []


@impatient
async def test_facts_told_before_the_removal_that_precedes_them_wait_for_it() -> None:
    async with open_stage() as stage:
        bob = stage.listener()
        await bob.subscribe()
        removal, secret = stage.remove(bob), stage.log.commit()

        stage.manager.tell(TOPIC, [secret])
        await asyncio.sleep(HOLE_SECONDS / 2)
        assert bob.heard == []
        stage.manager.tell(TOPIC, [removal])
        await stage.settle()

        assert bob.heard == [1]
        assert bob.dropped == [TOPIC]


@impatient
async def test_what_ends_a_topic_for_everybody_ends_it_for_each() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        bob.pause()

        stage.manager.tell(TOPIC, [stage.log.commit(drops=EVERYBODY)])

        assert (alice.dropped, bob.dropped) == ([TOPIC], [TOPIC])
        assert stage.manager.topics() == []


@impatient
async def test_a_writer_that_fails_takes_nobody_along() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe()
        await bob.subscribe()
        alice.code = 1000  # it fails when it is written to

        stage.say()

        assert bob.heard == [1]
