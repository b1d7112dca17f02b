"""One browser and one server for all of these tests; what shares them makes people and channels of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from server.page import BUILT
from tests.conftest import NewDatabase
from tests.web.chromium import Trap, find, open_browser
from tests.web.servers import Server
from tests.web.town import Town
from tests.web.visitor import Visitor, open_visitor


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
async def town(
    new_database: NewDatabase, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A server that has an admin, alice."""
    async with new_database(migrated_template) as dsn:
        with Server(tmp_path_factory.mktemp("town"), dsn) as server:
            async with Town(server.url) as opened:
                yield opened


@pytest.fixture
def visit(browser: Browser) -> Callable[..., AbstractAsyncContextManager[Visitor]]:
    return partial(open_visitor, browser)
