"""Files on the page: added, watched on their way, sent, looked at, and lost without a lie."""

import re

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, Route, expect

from tests.handlers.pictures import picture
from tests.web.servers import Line
from tests.web.town import Town
from tests.web.visitor import PHONE, Visitor, composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")


def file(name: str, data: bytes = b"some words", kind: str = "text/plain") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def cat(name: str = "cat.png", width: int = 640, height: int = 480) -> FilePayload:
    return file(name, picture(width, height), "image/png")


async def add(page: Page, *files: FilePayload) -> None:
    await page.get_by_label("Files to add").set_input_files(files)


def tray(page: Page) -> Locator:
    return page.get_by_role("list", name="Files").get_by_role("listitem")


async def send(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="Send", exact=True).click()


DROP = """
([selector, name, kind]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["dropped"], name, { type: "text/plain" }));
  const place = document.querySelector(selector);
  const how = { bubbles: true, cancelable: true };
  if (kind === "paste") place.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: transfer }));
  else for (const one of ["dragenter", "dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(one, { ...how, dataTransfer: transfer }));
  }
}
"""


async def test_several_files_are_sent_and_looked_at_by_keyboard(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await add(alice.page, cat("one.png"), cat("two.png", 300, 700), file("notes.txt"))
        await expect(tray(alice.page)).to_have_count(3)
        await composer_of(alice.page).fill("the cats")
        await send(alice)
        await expect(tray(alice.page)).to_have_count(0)

        message = message_with(visitor.page, "the cats")
        await expect(message.get_by_role("link", name=re.compile("notes.txt"))).to_contain_text("10 bytes")
        first = message.get_by_role("button", name="Open one.png")
        await expect(first.locator("img")).to_have_js_property("complete", value=True)
        assert await first.locator("img").evaluate("(image) => image.naturalWidth") == 640

        await first.click()
        box = visitor.page.get_by_role("dialog")
        await expect(box).to_contain_text("1 of 2 · 640 × 480")
        await visitor.page.keyboard.press("ArrowRight")
        await expect(box).to_contain_text("2 of 2 · 300 × 700")
        await expect(box.locator("img")).to_have_js_property("naturalWidth", 300)
        await visitor.page.keyboard.press("ArrowRight")
        await expect(box).to_contain_text("1 of 2")
        await visitor.page.keyboard.press("Escape")
        await expect(box).to_have_count(0)
        await expect(first).to_be_focused()


AT_ONCE = """
(button) => {
  const press = (_, observer) => {
    if (!document.querySelector("dialog[open]")) return;
    observer.disconnect();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  };
  new MutationObserver(press).observe(document.body, { subtree: true, childList: true, attributes: true });
  button.click();
}
"""
"""A key that comes before the window has been painted once."""


async def test_a_key_is_heard_as_soon_as_the_window_is_open(browser: Browser, town: Town) -> None:
    room = await town.room()
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        await add(alice.page, cat("one.png"), cat("two.png", 300, 700))
        await expect(tray(alice.page)).to_have_count(2)
        await send(alice)

        await alice.page.get_by_role("button", name="Open one.png").evaluate(AT_ONCE)

        await expect(alice.page.get_by_role("dialog")).to_contain_text("2 of 2")


async def test_what_is_no_image_is_saved_under_its_name(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        await add(alice.page, file("notes.txt"))
        await expect(alice.page.get_by_text("10 bytes")).to_be_visible()
        await send(alice)

        async with alice.page.expect_download() as saved:
            await alice.page.get_by_role("link", name=re.compile("notes.txt")).click()

        assert (await saved.value).suggested_filename == "notes.txt"


async def test_a_draft_keeps_its_files_over_a_reload_and_lets_them_go(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        await add(alice.page, file("kept.txt"), file("dropped.txt"))
        await expect(alice.page.get_by_text("10 bytes")).to_have_count(2)

        await alice.page.reload()
        await expect(tray(alice.page)).to_have_count(2)
        await alice.page.get_by_role("button", name="Remove dropped.txt").click()
        await send(alice)

        sent = alice.page.locator("article[data-seq]", has_text="kept.txt")
        await expect(sent).to_have_count(1)
        await expect(alice.page.get_by_text("dropped.txt")).to_have_count(0)
        await alice.page.reload()
        await expect(sent).to_have_count(1)
        await expect(tray(alice.page)).to_have_count(0)


async def test_dropped_and_pasted_files_are_added(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        await expect(composer_of(alice.page)).to_be_visible()
        await alice.page.evaluate(DROP, [".conversation", "dropped.txt", "drop"])
        await alice.page.evaluate(DROP, [".composer textarea", "pasted.txt", "paste"])

        await expect(tray(alice.page)).to_have_text([re.compile("dropped.txt"), re.compile("pasted.txt")])
        await expect(alice.page.locator(".drop-zone")).to_have_count(0)


async def test_an_upload_that_breaks_off_says_so_and_is_tried_again(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with (
        Line(town.url) as line,
        town.at_the_page(browser, town.alice, f"/c/{room}", line.url) as alice,
    ):
        await composer_of(alice.page).fill("with a plan")
        line.cut()
        await add(alice.page, file("plan.txt"))
        await expect(alice.page.get_by_text("Not uploaded: the server can’t be reached.")).to_be_visible()
        await expect(alice.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
        line.mend()

        await alice.page.get_by_role("button", name="Try again").click()
        await expect(alice.page.get_by_text("10 bytes")).to_be_visible()
        await send(alice)
        await expect(message_with(alice.page, "with a plan")).to_contain_text("plan.txt")


async def test_what_is_still_on_its_way_can_be_stopped(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        held: list[Route] = []
        await alice.page.route("**/api/v1/files?*", lambda route: held.append(route))  # noqa: PLW0108 - it is looked into
        await add(alice.page, file("slow.txt"))

        await alice.page.get_by_role("button", name="Stop slow.txt").click()

        await expect(tray(alice.page)).to_have_count(0)
        await alice.say("without it")
        await alice.sees("without it")
        await expect(message_with(alice.page, "without it").locator(".file-card")).to_have_count(0)


async def test_a_file_that_was_deleted_meanwhile_is_not_shown_as_there(browser: Browser, town: Town) -> None:
    room = await town.room(await town.newcomer())
    async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
        await add(alice.page, file("gone.txt"))
        await expect(alice.page.get_by_text("10 bytes")).to_be_visible()
        stored = await alice.page.evaluate(
            "Object.entries(localStorage).find(([name]) => name.startsWith('chalkline:files:'))[1]"
        )
        (id_,) = re.findall(r'"id":"([^"]+)"', stored)
        await town.alice.call("DELETE", f"/files/{id_}")

        await alice.page.reload()

        await expect(alice.page.get_by_text("It waited too long and is gone. Add it again.")).to_be_visible()
        await expect(alice.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()


async def test_a_picture_is_sent_and_opened_on_a_phone(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with town.at_the_page(browser, bob, f"/c/{room}", **PHONE) as visitor:
        await add(visitor.page, *(cat(f"a very long name of a picture {n}.png", 1600, 900) for n in range(4)))
        await expect(tray(visitor.page)).to_have_count(4)
        await expect(visitor.page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
        await visitor.page.get_by_role("button", name="Send", exact=True).tap()

        await visitor.page.get_by_role("button", name="Open a very long name of a picture 0.png").tap()

        await expect(visitor.page.get_by_role("dialog")).to_contain_text("1 of 4")
        assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
