"""Is this PostgreSQL fit to hold the messages? Law: what it acknowledges survives a power cut, or we do not start."""

from typing import TypeAlias

import asyncpg

from server.cannot_start import CannotStart

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

OLDEST, NEWEST = 15, 18  # the versions the tests have seen

_MUST_NOT_BE_OFF = {
    "fsync": "a crash of the machine would lose or corrupt what was acknowledged",
    "synchronous_commit": "a commit would be acknowledged before it is on disk",
    "full_page_writes": "a crash of the machine would leave torn pages",
}
_SETTINGS = "select name, setting from pg_settings where name = any($1::text[])"


class UnfitDatabase(CannotStart):
    """This server must not or cannot keep our data; the text says which setting, and what to do."""


async def check_fitness(connection: Connection) -> list[str]:
    """Raise `UnfitDatabase` when the server won't do; answer with what is merely odd."""
    major = connection.get_server_version().major
    if major < OLDEST:
        raise UnfitDatabase(f"PostgreSQL {major} is too old: Chalkline needs {OLDEST} or newer.")
    await _check_role(connection)
    await _check_durability(connection)
    if major > NEWEST:
        return [f"PostgreSQL {major} is newer than {NEWEST}, the newest that Chalkline was tested with."]
    return []


async def _check_role(connection: Connection) -> None:
    if await connection.fetchval("select pg_is_in_recovery()"):
        raise UnfitDatabase(
            "This PostgreSQL is a read-only standby: let CHALKLINE_DATABASE_URL name the primary."
        )
    encoding = await connection.fetchval("show server_encoding")
    if encoding != "UTF8":
        raise UnfitDatabase(f"The database's encoding is {encoding}: create it with encoding UTF8.")


async def _check_durability(connection: Connection) -> None:
    for name, setting in await connection.fetch(_SETTINGS, list(_MUST_NOT_BE_OFF)):
        if setting == "off":
            raise UnfitDatabase(f"PostgreSQL runs with {name} = off: {_MUST_NOT_BE_OFF[name]}. Set it to on.")
