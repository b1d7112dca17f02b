"""WCAG 2.2 A and AA over every view, in light and dark, as axe judges it."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

import hatch_build
from tests.conftest import NewDatabase
from tests.house import House
from tests.web.gallery import World, furnish, show
from tests.web.servers import Server
from tests.web.visitor import Visitor, open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = hatch_build.MODULES / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(
    new_database: NewDatabase, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, World]]:
    hatch_build.install(with_checks=True)
    async with new_database(migrated_template) as dsn:
        with Server(tmp_path_factory.mktemp("world"), dsn) as server:
            async with House(server.url) as house:
                yield server.url, await furnish(house)


async def test_no_view_shuts_anybody_out(browser: Browser, world: tuple[str, World]) -> None:
    url, found = world
    wrong: dict[str, list[str]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        visitors: dict[str, Visitor] = {}
        for who in ("", "alice", "bob"):
            visitors[who] = await stack.enter_async_context(open_visitor(browser, url, bypass_csp=True))
            if who:
                await visitors[who].sign_in(who)
        for view in found.views():
            page = await show(visitors[view.who], view)
            await page.add_script_tag(path=AXE)
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                for broken in await examine(page):
                    wrong[broken].append(f"{view.name} ({scheme})")

    assert not wrong, "\n".join(f"{broken}\n    in {', '.join(where)}" for broken, where in wrong.items())


async def examine(page: Page) -> list[str]:
    """Which rules are broken, and where. The policy would keep axe out, so these pages are loaded without it."""
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = await page.evaluate("(tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] })", RULES)
    return [
        f"{broken['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
