"""A connection of its own: kept while all is well, given back with the first error, never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from models.errors import Unavailable
from store.lane import Lane
from store.pool import Database, open_database
from tests.store.test_pool import QUERIES, STATEMENT_SECONDS, cut_all

TELLING = {
    **QUERIES,
    "who": "select pg_backend_pid() as id",
    "wait": "select pg_backend_pid() as id, pg_sleep(0.1)",
}


@pytest.fixture(params=[1, 2])
async def pool(request: pytest.FixtureRequest, empty_database: str) -> AsyncIterator[Database]:
    async with open_database(
        empty_database, TELLING, size=request.param, statement_seconds=STATEMENT_SECONDS
    ) as opened:
        yield opened


async def _who(lane: Lane) -> int:
    (row,) = await lane.all("who")
    return int(row["id"])


async def test_its_connection_is_kept_and_the_others_stay_with_the_pool(pool: Database) -> None:
    lane = Lane(pool)

    first = await _who(lane)

    assert await _who(lane) == first
    assert pool.size == 1 or await pool.value("who") != first


async def test_who_comes_while_it_is_busy_is_answered_all_the_same(pool: Database) -> None:
    lane = Lane(pool)

    rows = await asyncio.gather(*(lane.all("wait") for _ in range(3)))

    assert len({row["id"] for (row,) in rows}) == pool.size


async def test_connections_that_were_cut_cost_a_caller_each_at_most_an_unavailable(
    pool: Database, empty_database: str
) -> None:
    lane = Lane(pool)
    first = await _who(lane)
    await cut_all(empty_database)

    refused = 0
    for _ in range(4):
        try:
            assert await _who(lane) != first
        except Unavailable:
            refused += 1

    assert refused <= pool.size


async def test_a_statement_that_takes_too_long_or_is_given_up_takes_no_connection_away(
    pool: Database,
) -> None:
    lane = Lane(pool)
    for _ in range(pool.size + 1):
        with pytest.raises(Unavailable):
            await lane.all("sleep")
        asking = asyncio.create_task(lane.all("sleep"))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    assert await _who(lane)
    assert await pool.value("one") == 1


async def test_the_last_connection_stays_everybodys(pool: Database) -> None:
    lanes = [Lane(pool), Lane(pool)]

    for lane in lanes:
        await _who(lane)

    assert await pool.value("one") == 1
