"""Networks that fail, servers that die, tokens that run out, rights that end: what the page makes of it."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.databases import NewDatabase
from tests.house import Person
from tests.web.servers import Line
from tests.web.town import Town, open_town
from tests.web.visitor import Visitor, composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")


WATCH_SESSION = """
() => {
  globalThis.left = [];
  const look = () => {
    const { session } = document.documentElement.dataset;
    if (session !== "signed_in") left.push(session);
  };
  new MutationObserver(look).observe(document.documentElement, { attributes: true });
}
"""
"""Keeps whatever the page was instead of signed in."""


async def texts(person: Person, channel: int) -> list[str]:
    found = await person.get(f"/channels/{channel}/messages", limit=200)
    return [message["text"] for message in found["items"]]


async def test_what_is_written_while_the_network_is_cut_arrives_once_and_in_order(
    browser: Browser, town: Town
) -> None:
    bob, carol = await town.newcomer("bob"), await town.newcomer("carol")
    room = await town.room(bob, carol)
    async with (
        Line(town.url) as line,
        town.at_the_page(browser, bob, f"/c/{room}", line.url) as far,
        town.at_the_page(browser, carol, f"/c/{room}") as near,
    ):
        await far.say("before the cut")
        await near.sees("before the cut")

        line.cut()
        await far.say("said into the void")
        await far.say("and said on")
        await expect(far.page.locator("article.is-pending")).to_have_count(2)
        await near.say("missed by bob")
        await near.sees("missed by bob")
        await expect(far.page.get_by_text("What you write is kept")).to_be_visible()
        line.mend()

        for visitor in (near, far):
            for text in ("missed by bob", "said into the void", "and said on"):
                await visitor.sees(text)
        await expect(far.page.locator("article.is-pending")).to_have_count(0)
        await expect(far.page.get_by_text("What you write is kept")).to_be_hidden()

    assert await texts(bob, room) == ["before the cut", "missed by bob", "said into the void", "and said on"]


async def test_a_server_killed_while_one_writes_loses_nothing_and_doubles_nothing(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with open_town(new_database, tmp_path) as (server, town):
        room = await town.room()
        async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
            said = [f"line {number:02}" for number in range(24)]
            for text in said[:12]:
                await alice.say(text)
            server.kill()
            for text in said[12:]:
                await alice.say(text)
            await asyncio.to_thread(server.start)

            await alice.sees(said[-1])
            await expect(alice.page.locator("article.is-pending, article.is-failed")).to_have_count(0)
            assert await texts(town.alice, room) == said


async def test_a_page_that_is_loaded_while_its_server_is_away_opens_and_goes_on(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with open_town(new_database, tmp_path) as (server, town):
        room = await town.room()
        async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
            await alice.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            await alice.say("heard")
            await alice.sees("heard")
            server.kill()
            await alice.say("kept")
            await expect(alice.page.locator("article.is-pending")).to_have_count(1)

            await alice.page.reload()
            await expect(alice.page.get_by_role("status").first).to_be_attached()
            await asyncio.to_thread(server.start)

            await alice.sees("kept")
            assert await texts(town.alice, room) == ["heard", "kept"]


async def test_ten_tabs_share_one_socket_and_show_the_same(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    while await connections(town):  # noqa: ASYNC110 - metrics tell nobody by themselves
        await asyncio.sleep(0.05)  # others' last ones are on their way out
    async with town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        tabs = [visitor.page, *[await visitor.tab(f"/c/{room}") for _ in range(9)]]
        for tab in tabs:
            await expect(composer_of(tab)).to_be_visible()
        await town.alice.say(room, "to all of you")
        await visitor.say("from the third", tabs[2])

        for tab in tabs:
            await visitor.sees("to all of you", tab)
            await visitor.sees("from the third", tab)
        assert await connections(town) == 1

        await tabs[0].close()
        await visitor.say("and on without the first", tabs[1])
        await visitor.sees("and on without the first", tabs[9])
    assert await texts(bob, room) == ["to all of you", "from the third", "and on without the first"]


async def connections(town: Town) -> int:
    answer = await town.alice.call("GET", f"{town.url}/metrics")
    line = next(line for line in answer.text.splitlines() if line.startswith("chalkline_connections "))
    return int(float(line.split()[1]))


async def test_a_token_that_runs_out_is_renewed_without_a_flash(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with open_town(new_database, tmp_path, "tests.web.short_lived") as (_, town):
        room = await town.room()
        async with town.at_the_page(browser, town.alice, f"/c/{room}") as alice:
            await alice.is_in()
            await alice.page.evaluate(WATCH_SESSION)
            tokens, said = {await access_token(alice)}, 0
            while len(tokens) < 3:
                said += 1
                await alice.say(f"number {said}.")
                await alice.sees(f"number {said}.")
                tokens.add(await access_token(alice))
            assert await alice.page.evaluate("left") == []

            await alice.context.clear_cookies(name="chalkline_access")
            await alice.page.reload()
            await alice.sees(f"number {said}.")
            assert len(await texts(town.alice, room)) == said


async def access_token(visitor: Visitor) -> str:
    """The newest that its browser was given; no script of the page can read it."""
    cookies = {cookie.get("name"): cookie for cookie in await visitor.context.cookies()}
    assert all(cookie.get("httpOnly") and cookie.get("sameSite") == "Strict" for cookie in cookies.values())
    return str(cookies.get("chalkline_access", {}).get("value", ""))


async def test_who_is_removed_from_a_channel_sees_nothing_more_of_it(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob, name="attic")
    async with town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        await town.alice.say(room, "still among us")
        await visitor.sees("still among us")

        await town.alice.call("DELETE", f"/channels/{room}/members/{bob.id}")
        await expect(composer_of(visitor.page)).to_be_hidden()
        await town.alice.say(room, "behind his back")

        await expect(visitor.page.get_by_role("navigation").get_by_text("attic")).to_have_count(0)
        await expect(visitor.page.get_by_text("behind his back")).to_have_count(0)
        await visitor.page.reload()
        await expect(message_with(visitor.page, "still among us")).to_have_count(0)


async def test_who_is_disabled_stands_at_the_door(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    async with town.at_the_page(browser, bob) as visitor:
        await expect(visitor.page.get_by_role("navigation").first).to_be_visible()

        await town.alice.call("PATCH", f"/users/{bob.id}", {"disabled": True})

        await expect(visitor.page.get_by_role("button", name="Sign in")).to_be_visible()
        await expect(visitor.page.get_by_text("This session was ended.")).to_be_visible()
