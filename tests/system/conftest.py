"""Two instances on one database and one bus, for whoever wants to draw at both."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.embedded_valkey import EmbeddedValkey
from tests.house import PASSWORD, House, Person, open_house


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as running:
        yield running


@pytest.fixture
async def houses(database: str, tmp_path: Path, valkey: EmbeddedValkey) -> AsyncIterator[tuple[House, House]]:
    async with (
        open_house(database, tmp_path, redis_url=valkey.url, rate_limits=False) as here,
        open_house(database, tmp_path, redis_url=valkey.url, rate_limits=False) as there,
    ):
        yield here, there


@pytest.fixture
async def twins(houses: tuple[House, House]) -> tuple[Person, Person]:
    """One user, with a session at each instance."""
    here, there = houses
    alice = await here.register("alice")
    again = await alice.post("/auth/login", {"username": "alice", "password": PASSWORD})
    return alice, there.person(again)
