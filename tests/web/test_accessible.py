"""WCAG 2.2 A and AA over every view, in light and dark, as axe judges it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

import hatch_build
from tests.conftest import NewDatabase
from tests.house import House
from tests.web.gallery import View, World, furnish, settle
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
    wrong: dict[str, Any] = {}
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
                wrong |= {
                    f"{view.name}, {scheme}: {rule}": where for rule, where in (await examine(page)).items()
                }

    assert wrong == {}


async def show(visitor: Visitor, view: View) -> Page:
    await visitor.open(view.path)
    await settle(visitor.page)
    if view.step is not None:
        await view.step(visitor.page)
        await settle(visitor.page)
    return visitor.page


async def examine(page: Page) -> dict[str, list[str]]:
    """Which rules are broken, and where. The policy would keep axe out, so these pages are loaded without it."""
    found = await page.evaluate("(tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] })", RULES)
    return {
        broken["id"]: [f"{node['target']} {node['failureSummary'][:200]}" for node in broken["nodes"][:3]]
        for broken in found["violations"]
    }
