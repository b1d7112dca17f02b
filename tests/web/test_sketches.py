"""Two browsers at one sketch: what one draws the other sees, and nothing that was said to be saved is lost."""

import asyncio
import math
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.databases import NewDatabase
from tests.house import Person
from tests.web.servers import Line, Server
from tests.web.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


def board(page: Page) -> Locator:
    return page.get_by_role("application")


async def has(page: Page, elements: int) -> None:
    name = re.compile(rf", {elements} elements?$")
    await expect(page.get_by_role("application", name=name)).to_be_visible()


async def is_saved(page: Page) -> None:
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()


async def press(page: Page, keys: str) -> None:
    await board(page).focus()
    await page.keyboard.press(keys)


async def draw(page: Page, x: int, y: int, lifts: bool = True) -> None:
    """A wave from there on."""
    await press(page, "p")
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 25):
        await page.mouse.move(x + 5 * step, y + 30 * math.sin(step / 4))
    if lifts:
        await page.mouse.up()


async def drag(page: Page, *corners: int) -> None:
    x, y, to_x, to_y = corners
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move((x + to_x) / 2, (y + to_y) / 2)
    await page.mouse.move(to_x, to_y)
    await page.mouse.up()


async def scene(person: Person, sketch: int) -> list[dict[str, Any]]:
    found = await person.get(f"/sketches/{sketch}/export.json")
    return sorted(found["elements"], key=lambda element: float(element["x"]))


async def new_sketch(town: Town, *members: Person) -> tuple[int, str]:
    room = await town.room(*members)
    made = await town.alice.post(f"/channels/{room}/sketches", {"title": "Plan"})
    return made["id"], f"/c/{room}/sketches/{made['id']}"


async def test_both_draw_at_once_and_undo_takes_back_ones_own(browser: Browser, town: Town) -> None:
    bob = await town.newcomer("bob")
    sketch, path = await new_sketch(town, bob)
    async with (
        town.at_the_page(browser, town.alice, path) as one,
        town.at_the_page(browser, bob, path) as other,
    ):
        await has(one.page, 0)
        await has(other.page, 0)
        await asyncio.gather(draw(one.page, 700, 300), draw(other.page, 700, 450))
        for page in (one.page, other.page):
            await has(page, 2)
            await is_saved(page)

        await press(one.page, "Control+z")
        for page in (one.page, other.page):
            await has(page, 1)
        left = await scene(bob, sketch)
        assert [element["by"] for element in left] == [bob.id]

        await press(one.page, "Control+Shift+z")
        await has(other.page, 2)


async def test_shapes_text_and_moving_are_what_the_server_has(browser: Browser, town: Town) -> None:
    sketch, path = await new_sketch(town)
    async with town.at_the_page(browser, town.alice, path) as alice:
        page = alice.page
        await has(page, 0)
        await press(page, "r")
        await drag(page, 700, 250, 860, 350)
        await press(page, "Enter")
        await page.get_by_role("textbox", name="Text").fill("Kiln")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("textbox", name="Text")).to_have_count(0)
        await is_saved(page)
        (before,) = await scene(town.alice, sketch)
        assert (before["kind"], before["text"], before["width"], before["height"]) == (
            "rectangle",
            "Kiln",
            160,
            100,
        )

        await press(page, "v")
        await drag(page, 740, 270, 790, 330)
        await is_saved(page)
        (after,) = await scene(town.alice, sketch)
        assert (after["x"] - before["x"], after["y"] - before["y"]) == (50, 60)


async def test_by_keys_alone_one_draws_selects_moves_and_removes(browser: Browser, town: Town) -> None:
    sketch, path = await new_sketch(town)
    async with town.at_the_page(browser, town.alice, path) as alice:
        page = alice.page
        await has(page, 0)
        await press(page, "o")
        await press(page, "Enter")
        await has(page, 1)
        await is_saved(page)
        (before,) = await scene(town.alice, sketch)
        await press(page, "Escape")
        await press(page, "Tab")
        await expect(page.get_by_role("log")).to_contain_text("Ellipse, 1 of 1")
        await press(page, "Shift+ArrowRight")
        await is_saved(page)
        (after,) = await scene(town.alice, sketch)
        assert after["x"] - before["x"] == 10

        await press(page, "Delete")
        await has(page, 0)


async def test_what_is_drawn_without_a_network_stays_over_a_reload_and_arrives(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer("bob")
    sketch, path = await new_sketch(town, bob)
    async with (
        Line(town.url) as line,
        town.at_the_page(browser, bob, path, line.url) as far,
        town.at_the_page(browser, town.alice, path) as near,
    ):
        await has(far.page, 0)
        await has(near.page, 0)
        line.cut()
        await draw(far.page, 700, 300)
        await has(far.page, 1)
        await expect(far.page.get_by_text("Offline: kept in this browser")).to_be_visible()
        await draw(near.page, 700, 450)
        line.mend()

        for page in (far.page, near.page):
            await has(page, 2)
            await is_saved(page)
    assert len(await scene(bob, sketch)) == 2


async def test_a_server_killed_under_the_pen_loses_no_stroke_that_was_saved(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with new_database() as dsn:
        with Server(tmp_path, dsn) as server:
            async with Town(server.url) as town:
                sketch, path = await new_sketch(town)
                async with town.at_the_page(browser, town.alice, path) as alice:
                    await has(alice.page, 0)
                    await draw(alice.page, 700, 250)
                    await is_saved(alice.page)
                    await draw(alice.page, 700, 350, lifts=False)
                    server.kill()
                    await alice.page.mouse.up()
                    await has(alice.page, 2)
                    await asyncio.to_thread(server.start)
                    await is_saved(alice.page)
                    assert len(await scene(town.alice, sketch)) == 2


async def test_a_sketch_begins_beside_the_messages_and_shows_its_picture_among_them(
    browser: Browser, town: Town
) -> None:
    room = await town.room()
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        page = alice.page
        await page.get_by_role("button", name="Sketches").click()
        await page.get_by_role("button", name="New sketch").click()
        await page.get_by_label("Title").fill("Yard")
        await page.get_by_role("button", name="Begin to draw").click()
        await has(page, 0)
        await draw(page, 700, 300)
        await is_saved(page)
        await page.get_by_role("button", name="Back to the channel").click()

        picture = page.locator("article .sketch-thumbnail")
        await expect(picture).to_be_visible()
        await expect(page.locator("article").get_by_text("Yard")).to_be_visible()
        await page.wait_for_function("document.querySelector('article .sketch-thumbnail').naturalWidth > 0")


async def test_who_is_removed_from_the_channel_loses_the_sketch_at_once(browser: Browser, town: Town) -> None:
    bob = await town.newcomer("bob")
    _, path = await new_sketch(town, bob)
    room = int(path.split("/")[2])
    async with town.at_the_page(browser, bob, path) as visitor:
        await has(visitor.page, 0)
        await town.alice.call("DELETE", f"/channels/{room}/members/{bob.id}")
        await expect(visitor.page.get_by_text("Not connected")).to_be_visible()
