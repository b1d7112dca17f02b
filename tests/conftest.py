"""What every test may ask for: the real PostgreSQL of the whole run, and a database of its own in it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from server.embedded_postgres import EmbeddedPostgres
from server.migrate import migrate_up
from tests.house import House, Person, open_house

NewDatabase = Callable[[str], AbstractAsyncContextManager[str]]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """The one server, durable as in production."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_dsn(postgres: EmbeddedPostgres) -> str:
    """Leads to its maintenance database: for making databases, not for keeping things in."""
    return postgres.dsn


@pytest.fixture(scope="session")
def migrated_template(postgres_dsn: str) -> str:
    """The name of a database that is migrated once and copied for each test."""
    name = "migrated_template"
    asyncio.run(_create(postgres_dsn, name, "template1"))
    asyncio.run(migrate_up(_named(postgres_dsn, name)))
    return name


@pytest.fixture(scope="session")
def new_database(postgres_dsn: str) -> NewDatabase:
    """Makes a database from a template and drops it afterwards: 20 ms and 8 ms, against 45 and 25 by file copy."""
    numbers = itertools.count(1)

    @asynccontextmanager
    async def make(template: str) -> AsyncIterator[str]:
        name = f"test_{next(numbers)}"
        await _create(postgres_dsn, name, template)
        yield _named(postgres_dsn, name)
        await _execute(postgres_dsn, f"drop database {name} with (force)")

    return make


@pytest.fixture
async def database(new_database: NewDatabase, migrated_template: str) -> AsyncIterator[str]:
    """The DSN of a migrated database that no other test sees."""
    async with new_database(migrated_template) as dsn:
        yield dsn


@pytest.fixture
async def empty_database(new_database: NewDatabase) -> AsyncIterator[str]:
    """The DSN of a database with nothing in it."""
    async with new_database("template1") as dsn:
        yield dsn


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """A whole instance on a database of its own."""
    async with open_house(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def alice(house: House) -> Person:
    """The admin: she was first."""
    return await house.register("alice")


@pytest.fixture
async def bob(house: House, alice: Person) -> Person:
    """A member."""
    return await house.register("bob")


@pytest.fixture
async def mallory(house: House, alice: Person) -> Person:
    """A member who is up to no good."""
    return await house.register("mallory")


async def _create(dsn: str, name: str, template: str) -> None:
    await _execute(dsn, f"create database {name} template {template} strategy wal_log")


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(dsn: str, name: str) -> str:
    return dsn.replace("/postgres?", f"/{name}?")
