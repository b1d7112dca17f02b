"""One user at two instances, for whoever wants to draw at both."""

import pytest

from tests.house import House, Person, visit


@pytest.fixture
async def twins(houses: tuple[House, House]) -> tuple[Person, Person]:
    """One user, with a session at each instance."""
    here, there = houses
    alice = await here.register("alice")
    return alice, await visit(alice, there)
