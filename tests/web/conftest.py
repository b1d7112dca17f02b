"""One browser and one server for all of these tests; what shares them makes people and channels of its own."""

from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from server.demo_provider import DemoProvider
from server.page import BUILT
from tests.databases import NewDatabase
from tests.fakes.provider import FakeProvider
from tests.web.chromium import Trap, find, open_browser
from tests.web.town import Town, open_town


@pytest.fixture(scope="session", autouse=True)
def built_page() -> None:
    if not (BUILT / "index.html").is_file():
        pytest.fail("The page isn't built: make page")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened_browser() -> AsyncIterator[tuple[Browser, Trap]]:
    async with open_browser(find()) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser(opened_browser: tuple[Browser, Trap]) -> Browser:
    return opened_browser[0]


@pytest.fixture(autouse=True)
def no_foreign_host(opened_browser: tuple[Browser, Trap]) -> Iterator[None]:
    """Of pages, of workers, of the browser itself: nothing is asked of any other host."""
    _, trap = opened_browser
    trap.asked.clear()
    yield
    assert sorted(set(trap.asked)) == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A server that has an admin, alice."""
    async with open_town(new_database, tmp_path_factory.mktemp("town")) as (_, town):
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fake() -> AsyncIterator[FakeProvider]:
    """Plays what a test scripts, and else is the demo."""
    async with FakeProvider() as fake:
        fake.default = (partial(DemoProvider.answer, fake),)
        yield fake


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ai_town(
    fake: FakeProvider,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Town]:
    """A server that has a model."""
    settings = {
        "AI_BASE_URL": fake.url,
        "AI_MODELS": "demo",
        "AI_RUNS_PER_USER": "40",
        "AI_BUDGETS": "user/day=90000",
    }
    place = tmp_path_factory.mktemp("ai")
    async with open_town(new_database, place, **settings) as (_, town):
        yield town
