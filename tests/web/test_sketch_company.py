"""Who looks on and who comments: guests of a link, threads on elements, and a copy that outlives the page."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.web.test_sketches import board, draw, has, is_saved, new_sketch, press, scene
from tests.web.town import Town
from tests.web.visitor import open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def make_link(page: Page) -> str:
    await page.get_by_role("button", name="Share").click()
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_label("The link").input_value()
    await page.keyboard.press("Escape")
    return link


async def comment(page: Page, text: str) -> None:
    """On the first element, by keys."""
    await press(page, "Tab")
    await page.keyboard.press("c")
    await expect(page.get_by_role("textbox", name="New comment")).to_be_focused()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_a_guest_of_a_link_sees_it_live_cannot_draw_and_is_told_why_until_it_ends(
    browser: Browser, town: Town
) -> None:
    sketch, path = await new_sketch(town)
    async with (
        town.at_the_page(browser, town.alice, path) as alice,
        open_visitor(browser, town.url) as guest,
    ):
        page = guest.page
        await page.goto(await make_link(alice.page))
        await has(page, 0)
        await expect(page.get_by_role("heading", name="Plan")).to_be_visible()
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await expect(page.get_by_text("Only members of its channel can draw.")).to_be_visible()

        await draw(alice.page, 700, 300)
        await has(page, 1)
        await expect(page.get_by_role("button", name="Pen")).to_have_count(0)
        await draw(page, 300, 300)
        for keys in ("r", "Enter", "Control+a", "Delete"):
            await press(page, keys)
        await draw(alice.page, 700, 450)
        await has(page, 2)
        await is_saved(alice.page)
        assert len(await scene(town.alice, sketch)) == 2

        await alice.page.get_by_role("button", name="Share").click()
        await alice.page.get_by_role("button", name="End it").click()
        await expect(page.get_by_text("This link leads nowhere any more.")).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("This link leads nowhere any more.")).to_be_visible()


async def test_a_thread_hangs_on_its_element_and_both_follow_it_by_keys(browser: Browser, town: Town) -> None:
    bob = await town.newcomer("bob")
    sketch, path = await new_sketch(town, bob)
    await town.alice.post(
        f"/sketches/{sketch}/elements",
        {"elements": [{"kind": "ellipse", "width": 90, "height": 60, "text": "Sink"}]},
    )
    async with (
        town.at_the_page(browser, town.alice, path) as alice,
        town.at_the_page(browser, bob, path) as other,
    ):
        await has(alice.page, 1)
        await comment(alice.page, "Too close to the door?")

        pin = other.page.get_by_role("button", name="1 comment on Ellipse: Sink")
        await pin.focus()
        await other.page.keyboard.press("Enter")
        pane = other.page.get_by_role("complementary", name="Comments")
        await expect(pane.get_by_text("Too close to the door?")).to_be_visible()
        await pane.get_by_role("textbox", name="Answer").fill("A hand's width is left.")
        await other.page.keyboard.press("Enter")
        await expect(alice.page.get_by_text("A hand's width is left.")).to_be_visible()
        await expect(alice.page.get_by_role("button", name=re.compile("^2 comments on"))).to_be_visible()

        await pane.get_by_role("button", name="Resolve").click()
        await expect(alice.page.get_by_role("button", name="Open again")).to_be_visible()
        await other.page.keyboard.press("Escape")
        await expect(board(other.page)).to_be_focused()
        await expect(other.page.locator(".sketch-pin")).to_have_count(0)
        await alice.page.get_by_role("button", name="Open again").click()
        await expect(other.page.locator(".sketch-pin")).to_have_count(1)


async def test_what_was_drawn_offline_is_there_after_a_reload_and_arrives(
    browser: Browser, town: Town
) -> None:
    sketch, path = await new_sketch(town)
    is_away = True

    async def answer(socket: WebSocketRoute) -> None:
        if is_away:
            await socket.close(code=4002)
        else:
            socket.connect_to_server()

    async with town.at_the_page(browser, town.alice) as alice:
        page = alice.page
        await page.route_web_socket(re.compile("/ws/sketches/"), answer)
        await alice.open(path)
        await has(page, 0)
        await draw(page, 700, 300)
        await has(page, 1)
        await is_kept(page)
        await page.reload()
        await has(page, 1)
        assert await scene(town.alice, sketch) == []

        is_away = False
        await page.get_by_role("button", name="Try now").click()
        await is_saved(page)
        assert len(await scene(town.alice, sketch)) == 1


SLOW_DISK = """
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...given) {
  const hold = () => { if (globalThis.isHeld) this.get(0).onsuccess = hold; };
  hold();
  return add.apply(this, given);
};
"""
"""A transaction that writes stays open for as long as `isHeld` says."""


FULL_DISK = """
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...given) {
  const request = add.apply(this, given);
  if (globalThis.isFull) this.transaction.abort();
  return request;
};
"""
"""A transaction that writes ends with nothing written for as long as `isFull` says."""


@asynccontextmanager
async def drawing_offline(browser: Browser, town: Town, disk: str) -> AsyncIterator[Page]:
    """An empty sketch that never reaches its server, in a browser with such a disk."""
    _, path = await new_sketch(town)
    async with town.at_the_page(browser, town.alice) as alice:
        page = alice.page
        await page.add_init_script(disk)
        await page.route_web_socket(re.compile("/ws/sketches/"), lambda socket: socket.close(code=4002))
        await alice.open(path)
        await is_kept(page)
        yield page


async def is_kept(page: Page) -> None:
    await expect(page.get_by_text("Offline: kept in this browser")).to_be_visible()


async def is_in_this_tab_alone(page: Page) -> None:
    await expect(page.get_by_text("Offline: in this tab alone")).to_be_visible()


async def test_only_what_is_on_the_disk_is_called_kept(browser: Browser, town: Town) -> None:
    async with drawing_offline(browser, town, SLOW_DISK) as page:
        await page.evaluate("isHeld = true")
        await draw(page, 700, 300)
        await has(page, 1)
        await is_in_this_tab_alone(page)
        await page.evaluate("isHeld = false")
        await is_kept(page)
        await page.reload()
        await has(page, 1)


async def test_what_found_no_room_on_the_disk_is_kept_as_soon_as_there_is_some(
    browser: Browser, town: Town
) -> None:
    async with drawing_offline(browser, town, FULL_DISK) as page:
        await page.evaluate("isFull = true")
        await draw(page, 700, 300)
        await has(page, 1)
        await is_in_this_tab_alone(page)
        await page.evaluate("isFull = false")
        await draw(page, 700, 400)
        await has(page, 2)
        await is_kept(page)
        await page.reload()
        await has(page, 2)


async def test_by_keys_one_turns_enlarges_and_aligns(browser: Browser, town: Town) -> None:
    sketch, path = await new_sketch(town)
    boxes = [
        {"kind": "rectangle", "x": 200 * n, "y": 50 * n, "width": 100, "height": 60, "z": n} for n in range(2)
    ]
    await town.alice.post(f"/sketches/{sketch}/elements", {"elements": boxes})
    async with town.at_the_page(browser, town.alice, path) as alice:
        page = alice.page
        await has(page, 2)
        await press(page, "Tab")
        await page.keyboard.press("Control+ArrowRight")
        await page.keyboard.press(".")
        await expect(page.get_by_role("log")).to_contain_text("15 degrees")
        await page.keyboard.press(",")
        await press(page, "Control+a")
        await page.keyboard.press("Control+Shift+ArrowUp")
        await is_saved(page)
        first, second = await scene(town.alice, sketch)
        assert (round(first["width"], 6), first["angle"]) == (110, 0)
        assert round(first["y"], 6) == round(second["y"], 6)
