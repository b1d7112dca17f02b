"""At 360 pixels, by thumb."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.gallery import settle
from tests.web.town import Town
from tests.web.visitor import PHONE, composer_of, open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_one_reads_and_writes_on_a_phone(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob, name="kitchen")
    await town.alice.say(room, "a" * 500)
    await town.alice.say(room, "```\n" + "wide " * 100 + "\n```\n\nhttps://example.org/" + "long" * 60)
    async with town.at_the_page(browser, bob, **PHONE) as visitor:
        page = visitor.page
        await page.get_by_role("button", name="Show channels").tap()
        await page.get_by_role("navigation").get_by_text("kitchen").tap()
        await composer_of(page).tap()
        await composer_of(page).fill("from the tram")
        await page.get_by_role("button", name="Send").tap()
        await visitor.sees("from the tram")
        await visitor.sees("wide wide")

        for path in (f"/c/{room}", "/browse", "/account", "/account/sessions", "/"):
            await visitor.open(path)
            await settle(page)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        await visitor.open(f"/c/{room}")
        await visitor.sees("from the tram")
        assert (
            await page.locator(".list-scroller").evaluate("(list) => list.scrollWidth - list.clientWidth")
            <= 1
        )
        await expect(page.get_by_role("button", name="Show channels")).to_be_visible()


async def test_at_the_door_everything_fits(browser: Browser, town: Town) -> None:
    async with open_visitor(browser, town.url, **PHONE) as visitor:
        for path in ("/sign-in", "/sign-up"):
            await visitor.open(path)
            await settle(visitor.page)
            assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= 360, path


async def test_the_button_that_sends_stays_in_its_box(browser: Browser, ai_town: Town) -> None:
    """Also beside everything else that a channel's composer can have."""
    room = await ai_town.room()
    async with ai_town.at_the_page(browser, ai_town.alice, f"/c/{room}", **PHONE) as visitor:
        await expect(visitor.page.get_by_role("button", name="Ask the assistant")).to_be_visible()
        box = await visitor.page.locator(".composer-box").bounding_box()
        send = await visitor.page.locator(".send").bounding_box()
        assert box
        assert send
        assert send["x"] + send["width"] <= box["x"] + box["width"]
