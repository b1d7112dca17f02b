"""Keeping order, in two browsers at once: what moderators do, and what who they do it to is told."""

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.web.town import Town
from tests.web.visitor import Visitor, composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")

BARGAIN = "kilns at half price"


async def menu_of(page: Page, text: str) -> Locator:
    """All that may be done to a message."""
    message = message_with(page, text)
    await message.focus()
    await message.press("m")
    return page.get_by_role("menu", name="Message actions")


async def test_what_is_reported_reaches_the_moderators_and_what_they_hide_is_hidden_from_the_others(
    browser: Browser, town: Town
) -> None:
    bob, carol = await town.newcomer("bob"), await town.newcomer("carol")
    room = await town.room(bob, carol)
    await carol.say(room, BARGAIN)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await report(visitor)
        await alice.page.get_by_role("button", name=re.compile("^Moderation.*1")).click()
        pane = alice.page.get_by_role("complementary", name="Moderation")
        reported = pane.get_by_role("region", name=f"Spam, reported by {bob.name}")
        await expect(reported).to_contain_text("The third time")
        await expect(reported).to_contain_text(BARGAIN)

        await reported.get_by_role("button", name="Hide").click()
        placeholder = visitor.page.get_by_text("A moderator hid this message.")
        await expect(placeholder).to_be_visible()
        await expect(visitor.page.get_by_text(BARGAIN)).to_have_count(0)
        conversation = alice.page.get_by_role("region", name="Conversation")
        await expect(conversation.get_by_text("only moderators see it")).to_be_visible()
        await expect(conversation.get_by_text(BARGAIN)).to_be_visible()

        await reported.get_by_role("button", name="Show").click()
        await visitor.sees(BARGAIN)
        await expect(placeholder).to_have_count(0)

        await reported.get_by_role("button", name="Resolve").click()
        await reported.get_by_role("button", name="Resolve").click()
        await expect(pane.get_by_text("Nothing to look at")).to_be_visible()
        await expect(alice.page.get_by_role("button", name=re.compile("^Moderation.*1"))).to_have_count(0)


async def report(visitor: Visitor) -> None:
    """Hiding is nothing for a member; reporting is."""
    menu = await menu_of(visitor.page, BARGAIN)
    await expect(menu.get_by_role("menuitem", name=re.compile("^(Hide|Mute|Ban)"))).to_have_count(0)
    await menu.get_by_role("menuitem", name="Report to the moderators").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("What should the moderators know").fill("The third time this week")
    await dialog.get_by_role("button", name="Report").click()
    await expect(dialog).to_have_count(0)


async def test_who_is_muted_reads_along_and_is_told_until_when_and_why(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    await bob.say(room, "you are all thieves")
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await expect(composer_of(visitor.page)).to_be_visible()
        await restrain(alice, "Mute", bob.name, "Cool down, please", "1 day")
        told = visitor.page.get_by_text(
            re.compile(r"A moderator muted you here until .*\d\d:\d\d.*Their reason: Cool down, please")
        )
        await expect(told).to_be_visible()
        await expect(composer_of(visitor.page)).to_have_count(0)
        await alice.say("can you still read this?")
        await visitor.sees("can you still read this?")

        await lift(alice, "Muted people", "Lift the mute")
        await visitor.say("yes, and write again")
        await alice.sees("yes, and write again")


async def test_who_is_banned_is_out_at_once_with_the_reason_and_back_in_when_it_is_lifted(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    await bob.say(room, "you are all thieves")
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        await visitor.sees("you are all thieves")
        await restrain(alice, "Ban", bob.name, "Enough of that", "1 week")
        out = visitor.page.get_by_text(re.compile(r"A moderator banned you until .*Enough of that"))
        await expect(out).to_be_visible()
        await expect(message_with(visitor.page, "thieves")).to_have_count(0)

        # The way in says the same as long as it holds.
        await visitor.open(f"/c/{room}")
        await visitor.page.get_by_role("button", name="Join channel").click()
        await expect(visitor.page.get_by_text(re.compile("You are banned .*Enough of that"))).to_be_visible()

        await lift(alice, "Banned people", "Lift the ban")
        await visitor.page.get_by_role("button", name="Join channel").click()
        await visitor.say("sorry")
        await alice.sees("sorry")


async def restrain(alice: Visitor, what: str, name: str, reason: str, term: str) -> None:
    menu = await menu_of(alice.page, "you are all thieves")
    await menu.get_by_role("menuitem", name=f"{what} {name}").click()
    dialog = alice.page.get_by_role("dialog")
    await dialog.get_by_label("For how long").select_option(term)
    await dialog.get_by_label("Why").fill(reason)
    await dialog.get_by_role("button", name=what, exact=True).click()
    await expect(dialog).to_have_count(0)


async def lift(alice: Visitor, where: str, button: str) -> None:
    await alice.page.get_by_role("button", name="Channel menu").click()
    await alice.page.get_by_role("menuitem", name="Moderation").click()
    pane = alice.page.get_by_role("complementary", name="Moderation")
    await pane.get_by_label("Show", exact=True).select_option(where)
    await pane.get_by_role("button", name=button).click()
    await expect(pane.get_by_role("button", name=button)).to_have_count(0)
