"""The pool of PostgreSQL connections: every acquire and every statement has a deadline, and losing the database is
one error, Unavailable, whichever of asyncpg's many it was.

asyncpg prepares each constant text once a connection and keeps it; its handles would not outlive the pool's
checkout, its cache does. So texts are constant and the cache never expires.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import asyncpg
import orjson
from asyncpg import Connection, Record
from asyncpg.pool import PoolConnectionProxy

from models.errors import Conflict, Unavailable
from models.timings import Timings
from store.queries import Queries

ACQUIRE_SECONDS = 2.0
STATEMENT_SECONDS = 5.0

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what pg_terminate_backend makes of a statement under way: asyncpg #1069
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,  # disk full, out of memory
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)

_REASON = "The database can't be reached right now."

Handle: TypeAlias = "PoolConnectionProxy[Record]"


class Transaction:
    """Statements that take effect together. Only within `Database.transaction`."""

    def __init__(self, connection: Handle, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    async def all(self, name: str, *values: object) -> list[Record]:
        return await self._connection.fetch(self._queries[name], *values)

    async def first(self, name: str, *values: object) -> Record | None:
        return await self._connection.fetchrow(self._queries[name], *values)

    async def value(self, name: str, *values: object) -> Any:
        return await self._connection.fetchval(self._queries[name], *values)


class Database:
    """Runs named statements, each in a connection of the pool; raises Unavailable when it can't.

    `waits` has how long each was waited for.
    """

    def __init__(self, pool: "asyncpg.Pool[Record]", queries: Queries) -> None:
        self._pool = pool
        self._queries = queries
        self.waits = Timings()
        self._kept = 0

    def may_keep_one(self) -> bool:
        """Whether the caller may keep a connection for itself from now on: one at least is for everybody."""
        self._kept += 1
        return self._kept < self.size

    @property
    def size(self) -> int:
        """Connections at most."""
        return self._pool.get_max_size()

    def text(self, name: str) -> str:
        """The statement of this name."""
        return self._queries[name]

    async def all(self, name: str, *values: object) -> list[Record]:
        async with self._connection() as connection:
            return await connection.fetch(self._queries[name], *values)

    async def first(self, name: str, *values: object) -> Record | None:
        async with self._connection() as connection:
            return await connection.fetchrow(self._queries[name], *values)

    async def value(self, name: str, *values: object) -> Any:
        async with self._connection() as connection:
            return await connection.fetchval(self._queries[name], *values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._connection() as connection, connection.transaction():
            yield Transaction(connection, self._queries)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Handle]:
        with one_error():
            connection = await self.check_out()
            try:
                yield connection
            finally:
                await self.check_in(connection)

    async def check_out(self) -> Handle:
        """Whatever the server has against a new connection, the caller can only come back later. Within one_error."""
        began = time.perf_counter()
        try:
            # The pool's own timeout would start a task for each acquire.
            async with asyncio.timeout(ACQUIRE_SECONDS):
                return await self._pool.acquire()
        except asyncpg.PostgresError as error:
            raise Unavailable(_REASON) from error
        finally:
            self.waits.observe(time.perf_counter() - began)

    async def check_in(self, connection: Handle) -> None:
        await self._pool.release(connection)


@contextmanager
def one_error() -> Iterator[None]:
    """What asyncpg raises within comes out as the one or two errors that a rule can do something about."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Conflict("Somebody else took this just now.") from error
    except _AWAY as error:
        raise Unavailable(_REASON) from error


@asynccontextmanager
async def open_database(
    url: str, queries: Queries, size: int, *, statement_seconds: float = STATEMENT_SECONDS
) -> AsyncIterator[Database]:
    """A pool of `size` connections to the server at `url`."""
    pool = await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        init=_teach_json,
        timeout=ACQUIRE_SECONDS,
        command_timeout=statement_seconds,
        max_queries=2**62,
        max_cached_statement_lifetime=0,
        reset=_leave_as_is,
        statement_cache_size=max(256, 2 * len(queries)),
        server_settings={"application_name": "chalkline", "jit": "off"},
    )
    try:
        yield Database(pool, queries)
    finally:
        pool.terminate()


async def _leave_as_is(connection: "Connection[Any]") -> None:
    """No statement of ours changes its session, so the pool's reset, a round trip a checkout, has nothing to do."""


async def _teach_json(connection: "Connection[Any]") -> None:
    """jsonb comes as Python's own values; its text form is what asyncpg carries."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
    )


def columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    """Rows as a statement takes them: an array a column."""
    return [list(column) for column in zip(*rows, strict=True)]


def like(text: str) -> str:
    """A pattern for `like`: what contains the text, whatever wildcards it holds."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
