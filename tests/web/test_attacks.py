"""What others have written is shown, and never run: in messages, names, topics and profiles."""

import asyncio
from http import HTTPStatus
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page, expect

from tests.house import Person
from tests.web.gallery import settle
from tests.web.payloads import one_line_payloads, payloads
from tests.web.town import Town
from tests.web.visitor import Visitor, message_with, open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

TALL = {"width": 1280, "height": 6000}
NAME, DISPLAY_NAME, DESCRIPTION, STATUS = 80, 64, 1000, 100

DANGEROUS = """
() => [...document.querySelectorAll("*")].flatMap((element) => {
  const found = [...element.attributes]
    .filter(({ name, value }) => name.startsWith("on") || name === "style" && /url|expression/.test(value)
      || /^[\\s\\x00-\\x1f]*(javascript|vbscript|data|blob|filesystem)/i.test(value) && name !== "aria-label"
        && ["href", "src", "action", "formaction", "xlink:href", "srcdoc"].includes(name))
    .map(({ name, value }) => `${element.tagName} ${name}=${value}`);
  const isForeign = ["IFRAME", "OBJECT", "EMBED", "BASE", "MARQUEE", "FRAME", "APPLET"].includes(element.tagName)
    || element.tagName === "SCRIPT" && !element.src.startsWith(location.origin + "/assets/")
    || element.tagName === "A" && !["http:", "https:", "mailto:"].includes(element.protocol);
  return isForeign ? [...found, element.outerHTML.slice(0, 200)] : found;
})
"""


async def test_there_are_more_than_two_hundred_and_a_page_without_care_runs_them(browser: Browser) -> None:
    assert len(payloads()) >= 200
    assert len(one_line_payloads(DISPLAY_NAME)) >= 60
    async with open_visitor(browser, "", bypass_csp=True) as visitor:
        for text in payloads():
            await visitor.page.set_content(f"<p>{text}</p>", wait_until="commit")
        await visitor.page.set_content("done")
        ran = [one for one in visitor.noted if one == "executed: 1"]
        visitor.noted.clear()
    assert len(ran) >= 20


SEQS = "(articles) => articles.map((article) => article.dataset.seq)"


async def is_harmless(visitor: Visitor, page: Page) -> None:
    assert await page.evaluate(DANGEROUS) == []
    assert visitor.noted == []


async def test_no_message_runs_as_a_script(browser: Browser, town: Town) -> None:
    bob, mallory = await town.newcomer("bob"), await town.newcomer("mallory")
    room = await town.room(bob, mallory)
    said = [one for one in payloads() if one.strip()]
    async with town.at_the_page(browser, bob, f"/c/{room}", viewport=TALL) as visitor:
        for text in said:
            await mallory.say(room, text)
        last = await mallory.say(room, "the last of them")
        await visitor.sees("the last of them")
        await is_harmless(visitor, visitor.page)

        shown: set[str] = set()
        for seq in range(1, last["seq"], 40):
            await visitor.open(f"/c/{room}/{seq}")
            await expect(visitor.page.locator("article[data-seq]").first).to_be_visible()
            await hover_all(visitor.page)
            await is_harmless(visitor, visitor.page)
            shown.update(await visitor.page.locator("article[data-seq]").evaluate_all(SEQS))
        assert len(shown) >= len(said)


async def hover_all(page: Page) -> None:
    """What waits for a pointer, the focus or an animation gets it."""
    await page.evaluate(
        """() => {
            for (const element of document.querySelectorAll("article *, nav *, main *")) {
                for (const name of ["mouseover", "mouseenter", "pointerenter", "focus", "animationstart", "toggle"])
                    element.dispatchEvent(new Event(name, { bubbles: true }));
            }
        }"""
    )


async def test_no_name_topic_or_profile_runs_as_a_script(browser: Browser, town: Town) -> None:
    bob, *people = await asyncio.gather(*(town.newcomer("mallory") for _ in range(25)))
    rooms = await named_rooms(people[0], 60)
    for room in rooms[:12]:
        await people[0].call("PUT", f"/channels/{room}/members/{bob.id}", {})
    for person, status in zip(people, one_line_payloads(STATUS), strict=False):
        assert (await person.call("PATCH", "/users/me", {"status": status})).status_code == HTTPStatus.OK
        await people[0].call("PUT", f"/channels/{rooms[0]}/members/{person.id}", {})
        await person.say(rooms[0], f"@{person.name} is here")

    displayed = one_line_payloads(DISPLAY_NAME)
    async with town.at_the_page(browser, bob, f"/c/{rooms[0]}", viewport=TALL) as visitor:
        for number in range(0, len(displayed), len(people)):
            await rename(people, displayed[number:])
            await look(visitor, f"/c/{rooms[0]}")
            await expect(message_with(visitor.page, "is here")).to_have_count(len(people))
        await look(visitor, *(f"/c/{room}" for room in rooms[1:3]), "/browse")
        await visitor.page.keyboard.press("Control+k")
        await visitor.page.keyboard.type("pwned")
        await expect(visitor.page.get_by_role("option").first).to_be_visible()
        await is_harmless(visitor, visitor.page)
    async with town.at_the_page(browser, town.alice, viewport=TALL) as visitor:
        await look(visitor, "/admin", "/admin/channels")


async def named_rooms(owner: Person, count: int) -> list[int]:
    """Public ones, with a payload as name and another as topic."""
    rooms = []
    for name, topic in zip(one_line_payloads(NAME)[:count], reversed(payloads()), strict=False):
        made = await owner.call("POST", "/channels", {"name": name, "description": topic[:DESCRIPTION]})
        if made.status_code == HTTPStatus.CREATED:
            rooms.append(made.json()["id"])
    assert len(rooms) >= count * 0.8  # some count as the same name, and some topics hold what no topic may
    return rooms


async def rename(people: list[Person], names: list[str]) -> None:
    for person, name in zip(people, names, strict=False):
        await person.call("PATCH", "/users/me", {"display_name": name})


async def look(visitor: Visitor, *paths: str) -> None:
    for path in paths:
        await visitor.open(path)
        await settle(visitor.page)
        await hover_all(visitor.page)
        await is_harmless(visitor, visitor.page)


async def test_no_address_runs_as_a_script(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    async with town.at_the_page(browser, bob) as visitor:
        for text in payloads()[::40]:
            for path in (
                f"/sign-up?invite={quote(text)}",
                f"/account?{quote(text)}#{quote(text)}",
                f"/#{quote(text)}",
            ):
                await visitor.open(path)
                await is_harmless(visitor, visitor.page)
