"""Reads that are asked at the same time are one read, and nobody gets an answer from before they asked."""

import asyncio
from collections.abc import Sequence

import pytest

from models.errors import Unavailable
from models.gathered import Gathered
from tests.impatient import impatient

SECONDS = 1.0


class Table:
    """Takes a second to read, and answers with what it held when the read began."""

    def __init__(self, most: int = 500) -> None:
        self.value = 0
        self.asked: list[list[int]] = []
        self.error: Exception | None = None
        self.gathered = Gathered(self.read, most)

    async def read(self, keys: Sequence[int]) -> list[tuple[int, int]]:
        self.asked.append(list(keys))
        value = self.value
        await asyncio.sleep(SECONDS)
        if self.error is not None:
            raise self.error
        return [(key, value) for key in keys]


@impatient
async def test_those_who_ask_at_once_share_a_read_and_each_gets_its_own() -> None:
    table = Table()

    found = await asyncio.gather(*(table.gathered.get(number % 3) for number in range(300)))

    assert table.asked == [[0, 1, 2]]
    assert found == [(number % 3, 0) for number in range(300)]


@impatient
async def test_who_asks_during_a_read_gets_what_is_true_afterwards() -> None:
    table = Table()
    first = asyncio.create_task(table.gathered.get(1))
    await asyncio.sleep(SECONDS / 2)
    table.value = 7

    second = asyncio.create_task(table.gathered.get(1))

    assert [await first, await second] == [(1, 0), (1, 7)]


@impatient
async def test_a_crowd_is_read_in_bounded_parts_one_at_a_time() -> None:
    table = Table(most=100)
    began = asyncio.get_running_loop().time()

    await asyncio.gather(*map(table.gathered.get, range(250)))

    assert [len(keys) for keys in table.asked] == [100, 100, 50]
    assert asyncio.get_running_loop().time() - began == 3 * SECONDS


@impatient
async def test_a_read_that_fails_fails_for_all_of_it_and_the_next_is_a_new_one() -> None:
    table = Table()
    table.error = Unavailable("away")

    failed = await asyncio.gather(*map(table.gathered.get, range(3)), return_exceptions=True)
    table.error = None

    assert [type(one) for one in failed] == [Unavailable] * 3
    assert await table.gathered.get(1) == (1, 0)


@impatient
async def test_who_gives_up_takes_nobody_along() -> None:
    table = Table()
    patient, hasty = (asyncio.create_task(table.gathered.get(1)) for _ in range(2))
    await asyncio.sleep(SECONDS / 2)

    hasty.cancel()

    assert await patient == (1, 0)
    with pytest.raises(asyncio.CancelledError):
        await hasty
