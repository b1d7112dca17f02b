"""What people do with messages, in two browsers at once: the one acts, the other sees it."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.web.servers import Line
from tests.web.town import Town
from tests.web.visitor import PHONE, Visitor, composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")


def reaction(page: Page, text: str, emoji: str) -> Locator:
    return message_with(page, text).get_by_role("button", name=re.compile(f"^{emoji} "))


async def choose(visitor: Visitor, text: str, action: str, which: int = -1) -> None:
    """From the menu of a message; of several with this text from the last."""
    message = message_with(visitor.page, text).nth(which)
    await message.focus()
    await message.press("m")
    await visitor.page.get_by_role("menuitem", name=action).click()


async def test_what_one_does_to_a_message_the_other_sees(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await alice.say("the kettle is on")
        await visitor.sees("the kettle is on")
        await react_both(alice, visitor)

        # Arrow up edits the last of one's own, in its place.
        await composer_of(alice.page).press("ArrowUp")
        await alice.page.get_by_label("Edit message").fill("the kettle is **off**")
        await alice.page.keyboard.press("Enter")
        for each in (alice, visitor):
            await each.sees("the kettle is off")
            await expect(message_with(each.page, "the kettle is off")).to_contain_text("(edited)")

        await pin_quote_and_delete(alice, visitor)
        await alice.say("mine")
        await visitor.sees("mine")
        await message_with(visitor.page, "mine").press("m")
        menu = visitor.page.get_by_role("menu", name="Message actions")
        await expect(menu.get_by_role("menuitem", name="Copy text")).to_be_visible()
        await expect(menu.get_by_role("menuitem", name=re.compile("^(Edit|Delete)"))).to_have_count(0)


async def react_both(alice: Visitor, visitor: Visitor) -> None:
    """An emoji is found by its name, and counted with who gave it."""
    message = message_with(visitor.page, "the kettle is on")
    await message.focus()
    await message.press("e")
    await visitor.page.get_by_label("Search emoji").fill("tada")
    await visitor.page.keyboard.press("Enter")
    for page in (alice.page, visitor.page):
        await expect(reaction(page, "the kettle", "🎉")).to_have_text(re.compile("1"))
    await reaction(alice.page, "the kettle", "🎉").click()
    both = re.compile("2: You and alice")
    await expect(reaction(visitor.page, "the kettle", "🎉")).to_have_accessible_name(both)
    await reaction(visitor.page, "the kettle", "🎉").click()
    await expect(reaction(alice.page, "the kettle", "🎉")).to_have_accessible_name(re.compile("1: You"))


async def pin_quote_and_delete(alice: Visitor, visitor: Visitor) -> None:
    """Deleting is asked first; what is deleted is a tombstone for others, and no longer pinned."""
    await choose(visitor, "the kettle", "Pin")
    await alice.page.get_by_role("button", name="Pinned messages").click()
    await expect(alice.page.get_by_role("complementary")).to_contain_text("the kettle is off")

    await choose(visitor, "the kettle", "Quote and reply")
    await visitor.say("thank you")
    quote = message_with(alice.page, "thank you").get_by_role("link", name="the kettle is off")
    await expect(quote).to_be_visible()

    await choose(alice, "the kettle is off", "Delete", 0)
    await alice.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for each in (alice, visitor):  # where it stood, and in the quote of it
        await expect(each.page.get_by_text("This message was deleted.")).to_have_count(2)
    await expect(alice.page.get_by_text("Nothing is pinned")).to_be_visible()


async def test_an_edit_while_the_line_is_cut_is_shown_kept_and_told_when_it_is_back(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with (
        Line(town.url) as line,
        town.at_the_page(browser, bob, f"/c/{room}", line.url) as far,
        town.at_the_page(browser, town.alice, f"/c/{room}") as near,
    ):
        await far.say("at eihgt")
        await near.sees("at eihgt")
        await composer_of(far.page).press("ArrowUp")
        await far.page.get_by_label("Edit message").fill("at eight")

        line.cut()
        await expect(far.page.get_by_text("What you write is kept")).to_be_visible()
        await expect(far.page.get_by_label("Edit message")).to_have_value("at eight")
        await far.page.keyboard.press("Enter")
        await far.sees("at eight")
        await near.sees("at eihgt")
        line.mend()

        await near.sees("at eight")
        await far.sees("at eight")
        found = await bob.get(f"/channels/{room}/messages")
    assert [message["text"] for message in found["items"]] == ["at eight"]


async def test_a_thread_stands_beside_its_channel_and_counts_for_itself(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    root = await town.alice.say(room, "who brings the ladder?")
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await choose(visitor, "who brings", "Reply in a thread")
        assert visitor.page.url.endswith(f"/c/{room}/threads/{root['seq']}")
        reply = visitor.page.get_by_label("Reply in thread")
        await reply.fill("it is in my van")
        await reply.press("Enter")
        await read_thread(alice)

        await alice.page.get_by_label(re.compile("^Also send")).check()
        await alice.page.get_by_label("Reply in thread").fill("then all is there")
        await alice.page.keyboard.press("Enter")
        conversation = visitor.page.get_by_role("region", name="Conversation")
        await expect(conversation.get_by_text("then all is there")).to_be_visible()
        await expect(conversation.get_by_text("From a thread")).to_be_visible()
        await visitor.page.get_by_label("Reply in thread").press("Escape")
        await expect(visitor.page.get_by_role("complementary", name="Thread")).to_have_count(0)

        # The overview leads back to it.
        await visitor.page.get_by_role("link", name=re.compile("^Threads")).click()
        await visitor.page.get_by_role("main").get_by_role("link", name="alice").first.click()
        await expect(visitor.page.get_by_label("Reply in thread")).to_be_visible()


async def read_thread(alice: Visitor) -> None:
    """The reply isn't among the channel's messages, but counted at the first one and for who began it."""
    summary = message_with(alice.page, "who brings").get_by_role("link", name="1 reply 1 new")
    await expect(summary).to_be_visible()
    await expect(alice.page.get_by_text("in my van")).to_have_count(0)
    overview = alice.page.get_by_role("link", name=re.compile("^Threads.*1 unread reply"))
    await expect(overview).to_be_visible()
    await summary.click()
    thread = alice.page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("it is in my van")).to_be_visible()
    await expect(overview).to_have_count(0)
    await expect(thread.get_by_role("button", name="Following")).to_have_attribute("aria-pressed", "true")


async def test_mentions_are_completed_shown_and_counted_and_what_is_unread_agrees_on_two_devices(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer("bob")
    room, other = await town.room(bob), await town.room(bob, name="elsewhere")
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{other}") as first,
        town.at_the_page(browser, bob, f"/c/{other}") as second,
    ):
        await composer_of(alice.page).press_sequentially("ask @bob")
        await expect(alice.page.get_by_role("option", name=bob.name)).to_be_visible()
        await alice.page.keyboard.press("Enter")
        await expect(composer_of(alice.page)).to_have_value(f"ask @{bob.name} ")
        await composer_of(alice.page).press("Enter")
        await alice.say("and tell me")
        for each in (first, second):
            link = each.page.get_by_role("link", name=re.compile("^room .*2 unread messages, 1 mention"))
            await expect(link).to_be_visible()
            await expect(each.page).to_have_title(re.compile(r"^\(1\) "))

        await first.open(f"/c/{room}")
        await first.sees("and tell me")
        await expect(message_with(first.page, "ask @").locator(".mention.is-me")).to_be_visible()
        for each in (first, second):
            await expect(each.page.get_by_role("link", name=re.compile("^room .*unread"))).to_have_count(0)
            await expect(each.page).not_to_have_title(re.compile(r"^\("))

        # Marked as unread here, so it is there, and it stays so while one looks at it.
        await choose(first, "ask @", "Mark as unread")
        for each in (first, second):
            link = each.page.get_by_role("link", name=re.compile("^room .*2 unread messages, 1 mention"))
            await expect(link).to_be_visible()
        await second.page.get_by_role("button", name=re.compile("Your menu")).click()
        await second.page.get_by_role("menuitem", name="Mark everything as read").click()
        for each in (first, second):
            await expect(each.page.get_by_role("link", name=re.compile("^room .*unread"))).to_have_count(0)


async def test_one_writes_to_several_people_and_finds_what_was_said_years_of_messages_ago(
    browser: Browser, town: Town
) -> None:
    bob, carol = await town.newcomer("bob"), await town.newcomer("carol")
    room = await town.room(bob)
    await town.alice.say(room, "the zirconium spoon is in the third drawer")
    for start in range(0, 120, 20):
        await asyncio.gather(*(town.alice.say(room, f"line {start + one}") for one in range(20)))
    async with (
        town.at_the_page(browser, bob) as visitor,
        town.at_the_page(browser, carol) as other,
    ):
        page = visitor.page
        await page.get_by_role("button", name="Write to somebody").click()
        for name in ("alice", carol.name):
            await page.get_by_role("combobox", name="To").fill(name)
            await page.get_by_role("dialog").get_by_role("option", name=name).click()
        await page.get_by_role("button", name="Write to 2 people").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"alice, {carol.name}")
        await visitor.say("lunch?")
        await other.sees("lunch?")

        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox", name="Channel or person").fill("zirconium")
        await page.get_by_role("option", name="Search messages").click()
        hit = page.get_by_role("main").get_by_role("listitem").filter(has_text="third drawer")
        await expect(hit.locator("mark")).to_have_text("zirconium")
        await hit.get_by_role("link").click()
        await visitor.sees("the zirconium spoon")
        await expect(message_with(page, "line 119")).to_have_count(0)
        await page.get_by_role("button", name=re.compile("Newest|new message")).click()
        await expect(message_with(page, "line 1").last).to_be_visible()


async def test_after_a_flood_the_page_says_what_a_search_may_have_missed(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer()
    await town.alice.say(await town.room(bob), "osmium")
    async with town.at_the_page(browser, bob, "/search?q=osmium") as visitor:
        page = visitor.page
        hit = page.get_by_role("main").get_by_role("listitem").filter(has_text="osmium")
        late = page.get_by_text("some of it can’t be found yet")
        await expect(hit).to_be_visible()
        await expect(late).to_have_count(0)

        await page.route("**/api/v1/search?*", _still_indexing)
        await page.reload()
        await expect(late).to_be_visible()
        await expect(hit).to_be_visible()


async def _still_indexing(route: Route) -> None:
    """What the server answers in the middle of a flood."""
    answer = await route.fetch()
    await route.fulfill(response=answer, json=await answer.json() | {"complete": False})


async def test_where_one_may_not_write_the_page_says_why(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        await town.alice.call("PATCH", f"/channels/{room}", {"slow_seconds": 3600})
        await visitor.say("my one question")
        await visitor.sees("my one question")
        await expect(visitor.page.get_by_text(re.compile(r"again in (59:\d\d|1:00:00)$"))).to_be_visible()
        await composer_of(visitor.page).fill("and another")
        await expect(visitor.page.get_by_role("button", name="Send")).to_be_disabled()

        await town.alice.call("PATCH", f"/channels/{room}", {"post_role": "moderator"})
        await expect(visitor.page.get_by_text("Only moderators write here.")).to_be_visible()
        await town.alice.call("PATCH", f"/channels/{room}", {"archived": True})
        await expect(visitor.page.get_by_text("This channel is archived.")).to_be_visible()
        await expect(composer_of(visitor.page)).to_have_count(0)


async def test_on_a_phone_a_long_press_offers_what_one_can_do(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    await town.alice.say(room, "press me")
    async with town.at_the_page(browser, bob, f"/c/{room}", **PHONE) as visitor:
        page = visitor.page
        text = message_with(page, "press me").get_by_text("press me")
        await text.dispatch_event("pointerdown", {"pointerType": "touch", "clientX": 90, "clientY": 200})
        sheet = page.get_by_role("dialog", name="Message actions")
        await expect(sheet).to_be_visible()
        await text.dispatch_event("pointerup", {"pointerType": "touch"})
        await sheet.get_by_role("button", name="React with 👍").tap()
        await expect(reaction(page, "press me", "👍")).to_be_visible()

        await text.dispatch_event("pointerdown", {"pointerType": "touch", "clientX": 90, "clientY": 200})
        await sheet.get_by_role("menuitem", name="Reply in a thread").tap()
        await expect(page.get_by_label("Reply in thread")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.get_by_role("button", name="Close thread").tap()
        await expect(page.get_by_label("Reply in thread")).to_have_count(0)
