"""WCAG 2.2 A and AA over every view, in light and dark, as axe judges it."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

import hatch_build
from tests.databases import NewDatabase
from tests.fakes.provider import FakeProvider
from tests.house import House
from tests.web.gallery import FIRST_RUN, View, arrange, follow, furnish, settings, settle
from tests.web.servers import Server
from tests.web.visitor import open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARRIVED = """(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let round = 0; round < 4 || document.getAnimations().length; round++) {
        await frame();
        await Promise.allSettled(document.getAnimations().map((one) => one.finished));
    }
})()"""
"""A colour that is inherited moves after its parent's, so one end may be another's beginning."""

AXE = hatch_build.MODULES / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BETWEEN = "/account/appearance"
"""Where one goes from a view to the same one as it is first."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]


PARTS = 2


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_view_shuts_anybody_out(
    browser: Browser, new_database: NewDatabase, tmp_path: Path, part: int
) -> None:
    """Every second view: two processes share them."""
    hatch_build.install(with_checks=True)
    wrong: dict[str, list[str]] = defaultdict(list)
    async with new_database() as dsn, FakeProvider() as fake:
        with Server(tmp_path, dsn, **settings(fake)) as server:
            async with House(server.url) as house:
                await judge(browser, server.url, [FIRST_RUN], wrong)
                views = (await furnish(house, fake)).views()
                await judge(browser, server.url, views[part::PARTS], wrong)

    assert not wrong, "\n".join(f"{broken}\n    in {', '.join(where)}" for broken, where in wrong.items())


async def judge(browser: Browser, url: str, views: list[View], wrong: dict[str, list[str]]) -> None:
    """By several visitors at once."""
    by_person = [
        [view for view in views if view.who == who] for who in dict.fromkeys(view.who for view in views)
    ]
    await asyncio.gather(
        *(
            judge_as_one(browser, url, part[side::2], wrong)
            for part in by_person
            for side in (0, 1)
            if part[side:]
        )
    )


async def judge_as_one(browser: Browser, url: str, views: list[View], wrong: dict[str, list[str]]) -> None:
    """The policy would keep axe out, so these pages are loaded without it; each once, from view to view by links."""
    async with open_visitor(browser, url, bypass_csp=True) as visitor:
        page = visitor.page
        if views[0].who:
            await visitor.sign_in(views[0].who)
        else:
            await visitor.open(views[0].path)
        for view in views:
            if urlsplit(page.url).path == view.path:
                await follow(page, BETWEEN)
                await settle(page)
            await follow(page, view.path)
            await arrange(page, view)
            if await page.evaluate("typeof axe === 'undefined'"):
                await page.add_script_tag(path=AXE)
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                for broken in await examine(page, scheme):
                    wrong[broken].append(f"{view.name} ({scheme})")


async def examine(page: Page, scheme: str) -> list[str]:
    """Which rules are broken, and where, once every colour has arrived. In dark, of those that colours decide.

    All else of the same document was judged a moment before, in light.
    """
    await page.evaluate(ARRIVED)
    rules = COLOUR_RULES if scheme == "dark" else RULES
    found = await page.evaluate("(rules) => axe.run({ runOnly: rules, resultTypes: ['violations'] })", rules)
    return [
        f"{broken['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
