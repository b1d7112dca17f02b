"""A page of a log is read once for all who need it within a few seconds, and is never taken for more than it holds."""

import asyncio

from connections.shelf import KEPT_BYTES, KEPT_SECONDS, Shelf
from connections.topic import PAGE
from models.facts import Entry
from tests.connections.stage import TOPIC, open_stage
from tests.impatient import impatient


def entries(first: int, last: int) -> list[Entry]:
    return [Entry(seq, b"%d" % seq) for seq in range(first, last + 1)]


def seqs(found: list[Entry]) -> list[int]:
    return [entry.seq for entry in found]


@impatient
async def test_a_page_serves_every_place_within_it_and_none_beyond() -> None:
    shelf = Shelf()

    shelf.put(TOPIC, 5, entries(6, 9), 4)

    assert seqs(shelf.find(TOPIC, 5, 9, 100)) == [6, 7, 8, 9]
    assert seqs(shelf.find(TOPIC, 8, 9, 100)) == [9]
    assert (
        shelf.find(TOPIC, 4, 9, 100)
        == shelf.find(TOPIC, 9, 9, 100)
        == shelf.find("channel:8", 5, 9, 100)
        == []
    )
    assert shelf.find(TOPIC, 5, 10, 100) == []
    assert seqs(shelf.find(TOPIC, 5, 10, 4)) == [6, 7, 8, 9]


@impatient
async def test_pages_go_after_a_few_seconds() -> None:
    shelf = Shelf()
    shelf.put(TOPIC, 0, entries(1, 3), 3)

    await asyncio.sleep(KEPT_SECONDS + 0.001)

    assert shelf.find(TOPIC, 0, 3, 100) == []
    assert not shelf._pages


@impatient
async def test_all_pages_together_stay_within_a_bound_and_the_oldest_go_first() -> None:
    shelf = Shelf()

    for number in range(3):
        shelf.put(f"channel:{number}", 0, entries(1, 3), KEPT_BYTES // 2)

    assert [seqs(shelf.find(f"channel:{number}", 0, 3, 100)) for number in range(3)] == [
        [],
        [1, 2, 3],
        [1, 2, 3],
    ]
    assert shelf._bytes == KEPT_BYTES // 2 * 2


@impatient
async def test_a_crowd_that_comes_back_over_seconds_reads_each_page_of_the_log_once() -> None:
    async with open_stage() as stage:
        stage.log.seconds = 0.05
        for _ in range(2 * PAGE + PAGE // 2):
            stage.log.commit()
        crowd = [stage.listener() for _ in range(200)]

        async def come_back(place: int) -> None:
            await asyncio.sleep(place * 0.02)
            await crowd[place].subscribe(3)

        await asyncio.gather(*map(come_back, range(200)))
        await stage.settle()

        assert all(one.heard == list(range(4, 2 * PAGE + PAGE // 2 + 1)) for one in crowd)
        assert sorted(set(stage.log.reads)) == sorted(stage.log.reads)
        assert len(stage.log.reads) == 3


@impatient
async def test_what_was_committed_after_a_page_was_read_is_heard_all_the_same() -> None:
    async with open_stage() as stage:
        for _ in range(5):
            stage.log.commit()
        alice, bob = stage.listener(), stage.listener()
        await alice.subscribe(0)
        stage.log.commit()  # and nobody tells it

        await bob.subscribe(0)
        await stage.settle()

        assert alice.heard == bob.heard == [1, 2, 3, 4, 5, 6]
