"""WCAG 2.2 A and AA over every view, in light and dark, as axe judges it."""

from collections import defaultdict
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

import hatch_build
from tests.conftest import NewDatabase
from tests.house import House
from tests.web.gallery import FIRST_RUN, View, furnish, show
from tests.web.servers import Server
from tests.web.visitor import open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = hatch_build.MODULES / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def test_no_view_shuts_anybody_out(
    browser: Browser, new_database: NewDatabase, migrated_template: str, tmp_path: Path
) -> None:
    hatch_build.install(with_checks=True)
    wrong: dict[str, list[str]] = defaultdict(list)
    async with new_database(migrated_template) as dsn:
        with Server(tmp_path, dsn) as server:
            async with House(server.url) as house:
                await judge(browser, server.url, [FIRST_RUN], wrong)
                await judge(browser, server.url, (await furnish(house)).views(), wrong)

    assert not wrong, "\n".join(f"{broken}\n    in {', '.join(where)}" for broken, where in wrong.items())


async def judge(browser: Browser, url: str, views: list[View], wrong: dict[str, list[str]]) -> None:
    """The policy would keep axe out, so these pages are loaded without it."""
    for who in dict.fromkeys(view.who for view in views):
        async with open_visitor(browser, url, bypass_csp=True) as visitor:
            if who:
                await visitor.sign_in(who)
            for view in (view for view in views if view.who == who):
                page = await show(visitor, view)
                await page.add_script_tag(path=AXE)
                for scheme in SCHEMES:
                    await page.emulate_media(color_scheme=scheme)
                    for broken in await examine(page):
                        wrong[broken].append(f"{view.name} ({scheme})")


async def examine(page: Page) -> list[str]:
    """Which rules are broken, and where, once every colour has arrived."""
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = await page.evaluate("(tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] })", RULES)
    return [
        f"{broken['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
