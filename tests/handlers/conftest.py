"""The shared house of a module's tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.databases import NewDatabase
from tests.handlers.town import Town, open_town

ALLOWED = "https://chat.example.org"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Without rate limits, with pages of one other origin let in, and with an AI endpoint that nobody asks.

    Only for tests marked with a module's loop.
    """
    async with (
        new_database() as dsn,
        open_town(
            dsn,
            tmp_path_factory.mktemp("town"),
            allowed_origins=(ALLOWED,),
            rate_limits=False,
            ai_base_url=("http://127.0.0.1:9/v1",),
            ai_models=("demo",),
        ) as opened,
    ):
        yield opened
