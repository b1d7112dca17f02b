"""Asking the assistant at the page: answers come as they are said, to everybody, and can be stopped and had anew."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Locator, expect

from tests.fakes.provider import FakeProvider, begin, done, say, until, usage
from tests.house import Person
from tests.web.asking import answers, ask, is_under_way, words_of
from tests.web.town import Town
from tests.web.visitor import PHONE, composer_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = "/ask Say 3000 words, please."


async def said(person: Person, channel: int) -> list[dict[str, Any]]:
    found = await person.get(f"/channels/{channel}/messages", limit=200)
    return [message for message in found["items"] if message["kind"] == "ai"]


async def test_others_see_the_same_words_come_and_a_reload_shows_all_of_them(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    may_go_on, may_end = asyncio.Event(), asyncio.Event()
    whole = ("Slate is a ", "rock that ", "splits into sheets.")
    first, second = (say(words, finish=None) for words in whole[:2])
    fake.script(begin, first, until(may_go_on), second, until(may_end), say(whole[2]), usage(), done)
    async with (
        ai_town.at_the_page(browser, ai_town.alice, f"/c/{room}") as alice,
        ai_town.at_the_page(browser, bob, f"/c/{room}") as other,
    ):
        for page in (alice.page, other.page):
            await expect(page.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
        await ask(alice.page, "/ask What is slate?")
        for page in (alice.page, other.page):
            await expect(words_of(page)).to_have_text("Slate is a")
        await expect(other.page.get_by_role("log")).to_contain_text("The assistant is answering")

        await alice.page.reload()
        await expect(words_of(alice.page)).to_have_text("Slate is a")
        may_go_on.set()
        for page in (alice.page, other.page):
            await expect(words_of(page)).to_have_text("Slate is a rock that")
            await expect(answers(page).locator(".is-running")).to_be_visible()
        may_end.set()
        for page in (alice.page, other.page):
            await expect(page.locator(".answer.is-done .prose")).to_have_text("".join(whole))
        await expect(other.page.get_by_role("log")).to_contain_text("Assistant: Slate is a rock")
        await alice.sees("What is slate?")
    (answer,) = await said(bob, room)
    assert answer["text"] == "".join(whole)


async def test_who_asked_stops_an_answer_and_lets_it_go_on(browser: Browser, ai_town: Town) -> None:
    bob = await ai_town.newcomer("bob")
    carol = await ai_town.newcomer("carol")
    room = await ai_town.room(bob, carol)
    async with (
        ai_town.at_the_page(browser, bob, f"/c/{room}") as one,
        ai_town.at_the_page(browser, carol, f"/c/{room}") as other,
    ):
        await expect(one.page.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
        await one.page.keyboard.press("Control+j")
        await expect(one.page.get_by_placeholder("Ask the assistant")).to_be_focused()
        await ask(one.page, LONG.removeprefix("/ask "))
        await is_under_way(other.page)
        await expect(other.page.get_by_role("button", name="Stop")).to_have_count(0)
        await expect(one.page.get_by_placeholder("Message #room")).to_be_visible()

        await one.page.keyboard.press("Control+.")
        for page in (one.page, other.page):
            await expect(page.get_by_text("Stopped.", exact=True)).to_be_visible()
        (stopped,) = await said(bob, room)
        assert stopped["ai"]["status"] == "stopped"
        assert (await words_of(other.page).inner_text()).split() == stopped["text"].split()

        await expect(other.page.get_by_role("button", name="Continue")).to_have_count(0)
        await one.page.get_by_role("button", name="Continue").click()
        assert await is_under_way(other.page) >= len(stopped["text"].strip())
        await one.page.get_by_role("button", name="Stop").first.click()
        await expect(other.page.get_by_text("Stopped.", exact=True)).to_be_visible()


async def test_an_answer_that_grows_moves_nothing_that_is_read(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    for number in range(30):
        await bob.say(room, f"line {number}")
    may_go_on = asyncio.Event()
    fake.script(
        begin, say("It begins.", finish=None), until(may_go_on), say("\n\nMore of it." * 40), usage(), done
    )
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        await visitor.sees("line 29")
        await expect(page.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
        await ask(page, "/ask on and on")
        await expect(words_of(page)).to_have_text("It begins.")
        await page.locator(".list-scroller").hover()
        await page.mouse.wheel(0, -500)
        await expect(page.get_by_role("button", name="Newest")).to_be_visible()
        read = page.locator("article", has_text=re.compile("line 20$"))
        before = await at_rest(read)
        may_go_on.set()
        while (await said(bob, room))[0]["ai"]["status"] == "running":
            await page.wait_for_timeout(50)
        assert await at_rest(read) == before
        await page.get_by_role("button", name="Newest").click()
        await expect(words_of(page)).to_contain_text("More of it.")


async def at_rest(article: Locator) -> Any:
    """Where it stands, when it has stood there for a moment."""
    while True:
        before = await article.bounding_box()
        await article.page.wait_for_timeout(250)
        if before == await article.bounding_box():
            return before


async def test_the_assistant_is_named_like_anybody_and_follows_what_is_pinned(
    browser: Browser, ai_town: Town
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    async with (
        ai_town.at_the_page(browser, ai_town.alice, f"/c/{room}") as owner,
        ai_town.at_the_page(browser, bob, f"/c/{room}", **PHONE) as visitor,
    ):
        await owner.page.get_by_role("button", name="Channel menu").click()
        await owner.page.get_by_role("menuitem", name="Instructions for the assistant").click()
        await owner.page.get_by_label("Instructions", exact=True).fill("Speak of kilns.")
        await owner.page.get_by_label("Model").select_option("demo")
        await owner.page.get_by_role("button", name="Save").click()
        await expect(owner.page.get_by_role("dialog")).to_have_count(0)
        assert await bob.get(f"/channels/{room}/ai") == {"model": "demo", "system": "Speak of kilns."}

        page = visitor.page
        await page.get_by_role("button", name="Channel menu").tap()
        await page.get_by_role("menuitem", name="Instructions for the assistant").tap()
        await expect(page.get_by_text("Speak of kilns.")).to_be_visible()
        await expect(page.get_by_role("button", name="Save")).to_have_count(0)
        await page.get_by_role("button", name="Close").tap()
        await composer_of(page).press_sequentially("@assi")
        await page.get_by_role("option", name="Assistant").tap()
        await composer_of(page).press_sequentially("what is a kiln?")
        await expect(page.get_by_role("button", name="Ask the assistant", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
        await page.get_by_role("button", name="Send").tap()
        await expect(page.locator(".answer.is-done")).to_contain_text("This is a demo")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


async def test_files_in_the_tray_go_along_with_what_is_asked(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    notes: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Buy chalk."}
    fake.script(begin, say("Chalk."), usage(), done)
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        tray = page.get_by_role("list", name="Files").get_by_role("listitem")
        await expect(page.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
        await page.get_by_label("Files to add").set_input_files(notes)
        await expect(tray.filter(has_text="10 bytes")).to_have_count(1)

        await ask(page, "/ask What is to be bought?")

        await expect(tray).to_have_count(0)
        question = page.locator("article", has_text="What is to be bought?")
        await expect(question.get_by_role("link", name="notes.txt")).to_be_visible()
        await expect(page.locator(".answer.is-done")).to_contain_text("Chalk.")
        await page.reload()
        await visitor.sees("What is to be bought?")
        await expect(tray).to_have_count(0)
    assert "[file notes.txt]\nBuy chalk.\n[end of notes.txt]" in fake.asked[-1]["messages"][-1]["content"]


async def test_without_a_model_only_who_runs_the_server_is_told_what_to_set(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer("bob")
    room = await town.room(bob)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as admin,
        town.at_the_page(browser, bob, f"/c/{room}") as member,
    ):
        await admin.page.get_by_role("button", name="Ask the assistant", exact=True).click()
        await expect(admin.page.locator(".ask-fault")).to_contain_text("CHALKLINE_AI_BASE_URL")
        await member.say("@assistant is only a word here")
        await member.sees("@assistant is only a word here")
        await member.say("/ask is anybody there?")
        await expect(member.page.get_by_text("The assistant isn’t set up on this server.")).to_be_visible()
        await expect(composer_of(member.page)).to_have_value("/ask is anybody there?")
        await expect(member.page.get_by_role("button", name="Ask the assistant", exact=True)).to_have_count(0)
        await expect(member.page.get_by_role("heading", name="Assistant")).to_have_count(0)
