"""What every test may ask for: the real PostgreSQL of the whole run, and a database of its own in it."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from tests.databases import Databases, NewDatabase
from tests.house import House, Person, open_house


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
def databases(postgres_dsn: str) -> Databases:
    return Databases(postgres_dsn)


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> NewDatabase:
    """For tests that need several, or one for as long as a module."""
    return databases.migrated


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[str]:
    """The DSN of a migrated database that no other test sees."""
    async with new_database() as dsn:
        yield dsn


@pytest.fixture
async def empty_database(databases: Databases) -> AsyncIterator[str]:
    """The DSN of a database with nothing in it."""
    async with databases.empty() as dsn:
        yield dsn


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """A whole instance on a database of its own."""
    async with open_house(database, tmp_path) as opened:
        yield opened


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A bus for instances, which a test may freeze or kill."""
    with EmbeddedValkey(tmp_path / "valkey") as running:
        yield running


@pytest.fixture
async def houses(database: str, tmp_path: Path, valkey: EmbeddedValkey) -> AsyncIterator[tuple[House, House]]:
    """Two instances on one database and one bus."""
    flags = {"redis_url": valkey.url, "rate_limits": False}
    async with (
        open_house(database, tmp_path, **flags) as here,
        open_house(database, tmp_path, **flags) as there,
    ):
        yield here, there


@pytest.fixture(params=["redis", "frozen redis"])
def patience(
    request: pytest.FixtureRequest, valkey: EmbeddedValkey, houses: tuple[House, House]
) -> Iterator[float]:
    """How long a fact may take from one to the other, as docs/protocol.md promises it: with Redis at work, and with
    Redis frozen while the instances run.
    """
    assert houses
    assert valkey.pid is not None
    if request.param == "redis":
        yield 1.0
        return
    os.kill(valkey.pid, signal.SIGSTOP)
    yield 3.0
    os.kill(valkey.pid, signal.SIGCONT)


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
