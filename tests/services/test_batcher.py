"""Group commit: in order, each once, a crowd together, the lone at once, and nobody at another's cost."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Conflict, Fault, Unavailable
from services.batcher import Batcher
from tests.impatient import impatient

SECONDS = 1.0
"""What a flush takes."""


class Disk:
    """Keeps what is flushed, batch by batch; `bad` items it can't take, and `refused` ones it answers with a Fault."""

    def __init__(self, bad: set[str] | None = None, refused: set[str] | None = None) -> None:
        self.batches: list[list[str]] = []
        self.bad = bad or set()
        self.refused = refused or set()

    async def flush(self, items: Sequence[str]) -> Sequence[str | Fault]:
        self.batches.append(list(items))
        await asyncio.sleep(SECONDS)
        if self.bad & set(items):
            raise LookupError
        return [Conflict("no") if item in self.refused else item.upper() for item in items]

    def open(self, **bounds: int) -> Batcher[str, str]:
        return Batcher(self.flush, lambda item: item.rstrip("'"), **bounds)


def now() -> float:
    return asyncio.get_running_loop().time()


@impatient
async def test_a_lone_item_waits_for_nobody() -> None:
    disk = Disk()
    async with disk.open() as batcher:
        assert await batcher.submit("a") == "A"

        assert now() == pytest.approx(SECONDS)


@impatient
async def test_what_arrives_during_a_flush_shares_the_next_in_the_order_it_came() -> None:
    disk = Disk()
    async with disk.open() as batcher:
        first = batcher.submit("a")
        await asyncio.sleep(SECONDS / 2)
        rest = [batcher.submit(item) for item in "bcdefg"]

        assert await asyncio.gather(first, *rest) == list("ABCDEFG")

    assert disk.batches == [["a"], list("bcdefg")]
    assert now() == pytest.approx(2 * SECONDS)


@impatient
async def test_what_is_about_to_come_when_a_flush_ends_shares_the_next() -> None:
    disk = Disk()
    async with disk.open() as batcher:
        last: list[asyncio.Future[str]] = []
        first = batcher.submit("a")
        await asyncio.sleep(SECONDS / 2)
        second = batcher.submit("b")
        first.add_done_callback(lambda _: last.append(batcher.submit("c")))
        await second

        assert await last[0] == "C"

    assert disk.batches == [["a"], ["b", "c"]]


@impatient
async def test_a_batch_has_a_bound() -> None:
    disk = Disk()
    async with disk.open(most=3) as batcher:
        await asyncio.gather(*(batcher.submit(item) for item in "abcdefgh"))

    assert disk.batches == [list("abc"), list("def"), list("gh")]


@impatient
async def test_two_of_one_name_never_share_a_batch_and_the_second_does_not_overtake() -> None:
    disk = Disk()
    async with disk.open() as batcher:
        await asyncio.gather(*(batcher.submit(item) for item in ("a", "b", "a'", "c", "b'", "a''")))

    assert disk.batches == [["a", "b"], ["a'", "c", "b'"], ["a''"]]


@impatient
async def test_an_item_that_cannot_be_taken_fails_alone() -> None:
    disk = Disk(bad={"b"})
    async with disk.open() as batcher:
        ends = await asyncio.gather(*(batcher.submit(item) for item in "abc"), return_exceptions=True)
        after = await batcher.submit("d")

    assert (ends[0], ends[2], after) == ("A", "C", "D")
    assert isinstance(ends[1], Fault)
    assert isinstance(ends[1].__cause__, LookupError)
    assert str(ends[1]) == "Something went wrong here."


@impatient
async def test_a_refusal_is_for_its_own_asker_and_a_fault_of_the_flush_for_all() -> None:
    disk = Disk(refused={"b"})
    async with disk.open() as batcher:
        ends = await asyncio.gather(*(batcher.submit(item) for item in "abc"), return_exceptions=True)
    assert [type(end) for end in ends] == [str, Conflict, str]

    async def lose(items: Sequence[str]) -> Sequence[str]:
        calls.append(len(items))
        raise Unavailable("gone")

    calls: list[int] = []
    async with Batcher(lose, str) as lost:
        ends = await asyncio.gather(*(lost.submit(item) for item in "abc"), return_exceptions=True)

    assert [type(end) for end in ends] == [Unavailable] * 3
    assert calls == [3]


@impatient
async def test_a_flush_that_answers_with_too_few_results_fails_its_items_and_stops_nothing() -> None:
    async def forget_one(items: Sequence[str]) -> Sequence[str]:
        return [item for item in items if item != "b"]

    async with Batcher(forget_one, str) as batcher:
        ends = await asyncio.gather(*(batcher.submit(item) for item in "abc"), return_exceptions=True)

        assert await batcher.submit("d") == "d"
    assert [ends[0], type(ends[1]), ends[2]] == ["a", Fault, "c"]


@impatient
async def test_so_many_may_wait_and_the_next_is_told_to_come_back() -> None:
    disk = Disk()
    async with disk.open(waiting=4) as batcher:
        taken = [batcher.submit(item) for item in "abcd"]
        with pytest.raises(Unavailable):
            batcher.submit("e")

        assert await asyncio.gather(*taken) == list("ABCD")
        assert await batcher.submit("f") == "F"


@impatient
async def test_closing_flushes_what_waits_and_takes_nothing_new() -> None:
    disk = Disk()
    async with disk.open(most=2) as batcher:
        asked = [batcher.submit(item) for item in "abcde"]

    assert [one.result() for one in asked] == list("ABCDE")
    with pytest.raises(Unavailable):
        batcher.submit("f")


@impatient
async def test_an_asker_who_goes_away_takes_nobody_along() -> None:
    disk = Disk(refused={"c"})
    async with disk.open() as batcher:
        a, b, c, d = (batcher.submit(item) for item in "abcd")
        await asyncio.sleep(SECONDS / 2)
        b.cancel()
        c.cancel()

        assert (await a, await d) == ("A", "D")
    assert disk.batches == [list("abcd")]


pauses = st.sampled_from([0.0, 0.0, 0.3, 1.5])
programs = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["ok", "ok", "bad", "refused", "leaves"]), pauses),
    max_size=40,
)


@given(programs, st.integers(1, 5))
@settings(deadline=None)
@impatient
async def test_whatever_is_asked_each_item_is_taken_once_in_order_and_each_asker_gets_their_own(
    program: list[tuple[str, str, float]], most: int
) -> None:
    asked = [
        (f"{name}{'' if fate == 'ok' else fate}{n}", fate, pause)
        for n, (name, fate, pause) in enumerate(program)
    ]
    disk = Disk(
        bad={item for item, fate, _ in asked if fate == "bad"},
        refused={item for item, fate, _ in asked if fate == "refused"},
    )
    futures = []
    async with Batcher(disk.flush, lambda item: item[0], most=most) as batcher:
        for item, fate, pause in asked:
            futures.append(batcher.submit(item))
            await asyncio.sleep(pause)
            if fate == "leaves":
                futures[-1].cancel()

    for (item, fate, _), future in zip(asked, futures, strict=True):
        match fate:
            case "ok":
                assert future.result() == item.upper()
            case "refused":
                assert type(future.exception()) is Conflict
            case "bad":
                assert type(future.exception()) is Fault
    assert all(len({item[0] for item in batch}) == len(batch) <= most for batch in disk.batches)
    assert in_order(disk, [item for item, *_ in asked])


def in_order(disk: Disk, items: list[str]) -> bool:
    """Each item's last flush, which is the one that counted, comes in the order of asking."""
    last = {item: number for number, batch in enumerate(disk.batches) for item in batch}
    places = [(last[item], disk.batches[last[item]].index(item)) for item in items]
    return all(one < two for one, two in pairwise(places))
