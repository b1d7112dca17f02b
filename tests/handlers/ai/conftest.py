"""A scripted provider, and a house that asks it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.provider import FakeProvider
from tests.handlers.ai.ai_house import open_ai_house
from tests.house import House


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


@pytest.fixture
async def house(database: str, tmp_path: Path, fake: FakeProvider) -> AsyncIterator[House]:
    async with open_ai_house(database, tmp_path, fake) as opened:
        yield opened
