"""A connection of its own for the statements of one caller, who asks one after the other: the checkout costs 35 µs."""

import asyncio

from asyncpg import Record

from store.pool import Database, Handle, one_error

STALE_SECONDS = 300.0
"""A connection that was idle for so long isn't trusted; the pool thinks so, too."""


class Lane:
    """Answers as its Database does. The connection is one of the pool, and goes back with the first error.

    Who comes while it is busy goes to the pool like everybody; the pool's last connection stays everybody's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Handle | None = None
        self._is_busy = not database.may_keep_one()
        self._used_at = 0.0

    async def all(self, name: str, *values: object) -> list[Record]:
        if self._is_busy:
            return await self._database.all(name, *values)
        self._is_busy = True
        try:
            with one_error():
                connection = await self._ready()
                return await connection.fetch(self._database.text(name), *values)
        except BaseException:
            await self._give_back()
            raise
        finally:
            self._is_busy = False

    async def _ready(self) -> Handle:
        now = asyncio.get_running_loop().time()
        connection, idle = self._connection, now - self._used_at
        self._used_at = now
        if connection is not None and (connection.is_closed() or idle > STALE_SECONDS):
            connection.terminate()
            await self._give_back()
            connection = None
        if connection is None:
            connection = self._connection = await self._database.check_out()
        return connection

    async def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._database.check_in(connection)
