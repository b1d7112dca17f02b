"""A shelf for each test, and the known people in it. Alice was first: she is the admin."""

from collections.abc import AsyncIterator

import pytest

from models.ids import UserId
from tests.store.shelf import Shelf, open_shelf


@pytest.fixture
async def shelf(database: str) -> AsyncIterator[Shelf]:
    async with open_shelf(database) as opened:
        yield opened


@pytest.fixture
async def alice(shelf: Shelf) -> UserId:
    return await shelf.person("alice")


@pytest.fixture
async def bob(shelf: Shelf, alice: UserId) -> UserId:
    return await shelf.person("bob")


@pytest.fixture
async def mallory(shelf: Shelf, alice: UserId) -> UserId:
    return await shelf.person("mallory")
