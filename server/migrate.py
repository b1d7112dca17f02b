"""Takes a database from one version of the schema to another. Law: a migration is applied once, whole, as merged.

Plain files `NNNN_name.up.sql` and `NNNN_name.down.sql`; what was applied is in the table `chalkline_migrations` with a
checksum. Instances that start together queue on an advisory lock, and the first does the work.
"""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise

import structlog

from server.cannot_start import CannotStart
from server.database_door import connect, insist
from server.fitness import Connection, check_fitness

log = structlog.stdlib.get_logger()

_FILE = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.(?P<way>up|down)\.sql")
_LOCK = 0x6368616C6B  # any constant will do, as long as every version of Chalkline takes the same
_CLOSE_SECONDS = 10

_CREATE_LEDGER = """
create table if not exists chalkline_migrations (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
)
"""


class MigrationRefused(CannotStart):
    """The database and these files do not belong together; the text says how."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema, as its two files have it."""

    version: int
    name: str
    up: str = field(repr=False)
    down: str = field(repr=False)

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.up.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.version:04}_{self.name}"


@dataclass(frozen=True, slots=True)
class Applied:
    """One step as the database remembers it."""

    version: int
    name: str
    checksum: str
    applied_at: datetime

    def __str__(self) -> str:
        return f"{self.version:04}_{self.name}"


def read_migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """The migrations in `folder` (by default those of this server), in order: from 1 on, each number once.

    Numbers may be left out, so that changes made side by side don't take each other's.
    """
    texts: dict[tuple[int, str], dict[str, str]] = {}
    for file in (folder or files("sql") / "migrations").iterdir():
        if file.name.endswith(".sql"):
            found = _FILE.fullmatch(file.name)
            if found is None:
                raise MigrationRefused(f"{file.name} is not named NNNN_name.up.sql or NNNN_name.down.sql.")
            ways = texts.setdefault((int(found["version"]), found["name"]), {})
            # A checkout may turn line ends; the checksum must not notice.
            ways[found["way"]] = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    known = tuple(_migration(*step) for step in sorted(texts.items()))
    for before, migration in pairwise(known):
        if before.version == migration.version:
            raise MigrationRefused(f"Migration {migration} has the number of {before}.")
    if known and known[0].version != 1:
        raise MigrationRefused(f"Migration {known[0]} stands where 0001 belongs.")
    return known


def _migration(key: tuple[int, str], ways: dict[str, str]) -> Migration:
    version, name = key
    if ways.keys() != {"up", "down"}:
        raise MigrationRefused(f"Migration {version:04}_{name} needs both .up.sql and .down.sql.")
    return Migration(version, name, **ways)


class Migrator:
    """Works on one open connection of its own; take it from `open_migrator`, which holds the lock meanwhile."""

    def __init__(self, connection: Connection, migrations: tuple[Migration, ...]) -> None:
        self._connection = connection
        self._known = migrations

    async def up(self) -> list[Migration]:
        """Apply what is missing, one transaction each. Raises `MigrationRefused`."""
        applied = await self.applied()
        self._refuse_strangers(applied)
        missing = list(self._known[len(applied) :])
        for migration in missing:
            await self._apply(migration)
        return missing

    async def down(self, to: int | None = None) -> list[Migration]:
        """Take back every migration above version `to`; without `to`, the newest one. Raises `MigrationRefused`."""
        applied = await self.applied()
        self._refuse_strangers(applied)
        versions = [0, *(one.version for one in applied)]
        target = versions[-2] if to is None and applied else to
        if target not in versions:
            raise MigrationRefused(
                f"There is nothing to take back to {to}: the database is at {versions[-1]}."
            )
        undone = list(reversed(self._known[versions.index(target) : len(applied)]))
        for migration in undone:
            await self._take_back(migration)
        return undone

    async def applied(self) -> list[Applied]:
        """What the database has, in order."""
        query = "select version, name, checksum, applied_at from chalkline_migrations order by version"
        return [Applied(*row) for row in await self._connection.fetch(query)]

    def _refuse_strangers(self, applied: list[Applied]) -> None:
        for place, found in enumerate(applied):
            if place >= len(self._known):
                newest = self._known[-1] if self._known else "none"
                raise MigrationRefused(
                    f"The database is at migration {applied[-1]}, this older server knows up to {newest}: "
                    "run the newer Chalkline, or let it take the newer migrations down first."
                )
            known = self._known[place]
            if (found.version, found.checksum) != (known.version, known.checksum):
                raise MigrationRefused(
                    f"Migration {known} is not the one that was applied on {found.applied_at:%Y-%m-%d} as {found}: "
                    "a merged migration is never edited. Put the file back and add a new one."
                )

    async def _apply(self, migration: Migration) -> None:
        insert = "insert into chalkline_migrations (version, name, checksum) values ($1, $2, $3)"
        await self._run(migration.up, insert, migration.version, migration.name, migration.checksum)
        log.info("migration_applied", migration=str(migration))

    async def _take_back(self, migration: Migration) -> None:
        await self._run(
            migration.down, "delete from chalkline_migrations where version = $1", migration.version
        )
        log.info("migration_taken_back", migration=str(migration))

    async def _run(self, text: str, record: str, *values: object) -> None:
        async with self._connection.transaction():
            # A migration that waits behind a long query must not make everyone wait behind itself.
            await self._connection.execute("set local lock_timeout = '4s'")
            await self._connection.execute(text)
            await self._connection.execute(record, *values)


@asynccontextmanager
async def open_migrator(
    dsn: str, migrations: tuple[Migration, ...] | None = None, patience_seconds: float = 0
) -> AsyncIterator[Migrator]:
    """Connect, check the server, and keep every other migrator out until the block ends.

    Raises `Unreachable` when `patience_seconds` are over, `UnfitDatabase`, `MigrationRefused`.
    """
    known = read_migrations() if migrations is None else migrations
    connection = await connect(dsn, patience_seconds)
    try:
        for oddity in await check_fitness(connection):
            log.warning("database_is_odd", detail=oddity)
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        await connection.execute(_CREATE_LEDGER)
        yield Migrator(connection, known)
    finally:
        await connection.close(timeout=_CLOSE_SECONDS)


async def migrate_up(
    dsn: str, migrations: tuple[Migration, ...] | None = None, patience_seconds: float = 0
) -> list[Migration]:
    """What every start does: bring the database to this server's version, also when it is lost meanwhile."""

    async def attempt() -> list[Migration]:
        async with open_migrator(dsn, migrations, patience_seconds) as migrator:
            return await migrator.up()

    return await insist(dsn, attempt, patience_seconds)
