"""The pool when things go wrong: one error, in bounded time, nothing half done, and whole again afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import PurePath
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg
import pytest

from models.errors import Conflict, Unavailable
from models.ids import ChannelId, UserId
from store.pool import ACQUIRE_SECONDS, Database, open_database
from tests.store.shelf import Shelf, draft

T = TypeVar("T")

QUERIES = {
    "make": "create table marks (id integer primary key)",
    "mark": "insert into marks (id) values ($1) returning id",
    "count": "select count(*) from marks",
    "one": "select 1",
    "sleep": "select pg_sleep(60)",
    "shout": "select jsonb_build_object('heard', $1::jsonb)",
}
STATEMENT_SECONDS = 0.3


@asynccontextmanager
async def elsewhere(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection that is not of the pool."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def cut_all(dsn: str) -> int:
    """Ends every connection of the pool, from the server's side."""
    async with elsewhere(dsn) as connection:
        rows = await connection.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name = 'chalkline'"
        )
        return len(rows)


@pytest.fixture
async def pool(empty_database: str) -> AsyncIterator[Database]:
    async with open_database(empty_database, QUERIES, size=3, statement_seconds=STATEMENT_SECONDS) as opened:
        await opened.value("make")
        yield opened


async def until_it_heals(database: Database) -> int:
    """How many asked in vain before the pool was whole again; each connection may fail once."""
    for attempt in range(10):
        with suppress(Unavailable):
            await database.value("one")
            return attempt
    raise AssertionError("the pool does not heal")


async def test_connections_that_were_cut_are_one_error_and_the_pool_heals(
    pool: Database, empty_database: str
) -> None:
    sleeping = [asyncio.create_task(pool.value("sleep")) for _ in range(3)]
    async with elsewhere(empty_database) as connection:
        while await connection.fetchval(
            "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
        ) < len(sleeping):
            pass
    cut = await cut_all(empty_database)

    ends = await asyncio.gather(*sleeping, return_exceptions=True)

    assert cut == 3
    assert [type(end) for end in ends] == [Unavailable] * 3
    assert await until_it_heals(pool) <= 3


async def test_idle_connections_that_were_cut_cost_a_caller_at_most_an_unavailable(
    pool: Database, empty_database: str
) -> None:
    await asyncio.gather(*(pool.value("one") for _ in range(3)))
    await cut_all(empty_database)

    assert await until_it_heals(pool) <= 3
    assert await asyncio.gather(*(pool.value("one") for _ in range(9))) == [1] * 9


async def insisting(ask: Callable[[], Awaitable[T]]) -> T:
    """What comes of asking, once no connection is left that was cut while it was idle."""
    for _ in range(20):
        with suppress(Unavailable):
            return await ask()
    raise AssertionError("the pool does not heal")


class Poster:
    """Posts on and on, and remembers what was acknowledged."""

    def __init__(self, shelf: Shelf, channel: ChannelId, author: UserId) -> None:
        self.shelf, self.channel, self.author = shelf, channel, author
        self.saved: dict[str, int] = {}
        self.refused = 0
        self.came = asyncio.Event()

    async def post_until(self, end: asyncio.Event) -> None:
        while not end.is_set():
            one = draft(self.channel, self.author, self.shelf.name())
            try:
                (row,) = await self.shelf.chat.append([one])
            except Unavailable:
                self.refused += 1
            else:
                assert row.seq is not None
                self.saved[one.content.client_id] = row.seq
                self.came.set()

    async def until_more_are_saved(self, number: int) -> None:
        for _ in range(number):
            self.came.clear()
            await self.came.wait()


async def test_posts_over_a_database_that_is_cut_again_and_again_are_saved_once_or_refused(
    shelf: Shelf, alice: UserId, database: str
) -> None:
    general = await shelf.channel(alice)
    poster, is_over = Poster(shelf, general, alice), asyncio.Event()

    async def cut() -> None:
        for _ in range(5):
            await poster.until_more_are_saved(5)
            await cut_all(database)
        is_over.set()

    async with asyncio.timeout(30):
        await asyncio.gather(cut(), *(poster.post_until(is_over) for _ in range(6)))

    log = await insisting(lambda: shelf.log(general))
    assert [fact["seq"] for fact in log] == list(range(1, len(log) + 1))
    stored = {fact["message"]["client_id"]: fact["seq"] for fact in log[1:]}
    assert len(stored) == len(log) - 1
    assert poster.saved.items() <= stored.items()
    assert poster.refused > 0


async def test_a_lock_that_is_held_elsewhere_is_unavailable_within_the_bound(
    pool: Database, empty_database: str
) -> None:
    async with elsewhere(empty_database) as connection, connection.transaction():
        await connection.execute("lock table marks in access exclusive mode")

        async with asyncio.timeout(STATEMENT_SECONDS * 5):
            with pytest.raises(Unavailable):
                await pool.value("mark", 1)

    assert await pool.value("mark", 1) == 1


async def test_a_statement_past_its_deadline_leaves_its_connection_usable(pool: Database) -> None:
    ends = await asyncio.gather(*(pool.value("sleep") for _ in range(6)), return_exceptions=True)

    assert [type(end) for end in ends] == [Unavailable] * 6
    assert await asyncio.gather(*(pool.value("one") for _ in range(6))) == [1] * 6


async def test_when_all_connections_are_taken_one_waits_for_a_bounded_time(pool: Database) -> None:
    async with pool.transaction(), pool.transaction(), pool.transaction():
        async with asyncio.timeout(ACQUIRE_SECONDS + 1):
            with pytest.raises(Unavailable):
                await pool.value("one")

    assert await pool.value("one") == 1


async def test_who_goes_away_while_waiting_or_asking_takes_no_connection_along(pool: Database) -> None:
    for _ in range(10):
        asking = [asyncio.create_task(pool.value("sleep")) for _ in range(6)]
        for _ in range(3):
            await asyncio.sleep(0)
        for one in asking:
            one.cancel()
        ends = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)

    async with pool.transaction(), pool.transaction(), pool.transaction() as last:
        assert await last.value("one") == 1


async def mark(pool: Database, *numbers: int, between: Callable[[], Awaitable[object]]) -> None:
    """Several marks in one transaction, and something else between them."""
    async with pool.transaction() as transaction:
        for number in numbers:
            await transaction.value("mark", number)
            await between()


async def nothing() -> None:
    pass


async def fail() -> None:
    raise LookupError


async def test_what_fails_within_a_transaction_takes_back_all_of_it(pool: Database) -> None:
    with pytest.raises(LookupError):
        await mark(pool, 1, between=fail)
    with pytest.raises(Conflict):
        await mark(pool, 2, 2, between=nothing)

    assert await pool.value("count") == 0


async def test_a_transaction_whose_connection_was_cut_is_unavailable_and_did_nothing(
    pool: Database, empty_database: str
) -> None:
    with pytest.raises(Unavailable):
        await mark(pool, 1, 2, between=lambda: cut_all(empty_database))

    await until_it_heals(pool)
    assert await pool.value("count") == 0


async def test_a_database_that_is_gone_is_unavailable(pool: Database, empty_database: str) -> None:
    name = PurePath(urlsplit(empty_database).path).name
    async with elsewhere(empty_database.replace(f"/{name}?", "/postgres?")) as connection:
        await connection.execute(f"alter database {name} allow_connections false")
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name
        )

    for _ in range(6):
        with pytest.raises(Unavailable):
            await pool.value("one")


async def test_jsonb_comes_back_as_it_went(pool: Database) -> None:
    said = {"text": 'ä \U0001f600 \\ " \n', "numbers": [0, -1, 2**53 - 1, 1.5], "nothing": None, "yes": True}

    assert await pool.value("shout", said) == {"heard": said}
