"""Conversations with the assistant and their branches; and drawing with it."""

import pytest
from playwright.async_api import Browser, expect

from tests.house import Person
from tests.web.asking import answers, ask
from tests.web.town import Town
from tests.web.visitor import composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_conversation_takes_its_name_from_what_is_asked_and_can_go(
    browser: Browser, ai_town: Town
) -> None:
    bob = await ai_town.newcomer("bob")
    async with ai_town.at_the_page(browser, bob) as visitor:
        page = visitor.page
        await page.get_by_role("button", name="New conversation").click()
        await expect(page.get_by_role("heading", name="New conversation", level=1)).to_be_visible()
        await ask(page, "What is slate?")
        await expect(page.get_by_role("navigation").get_by_text("What is slate?")).to_be_visible()
        await expect(page.locator(".answer.is-done")).to_be_visible()

        await page.get_by_role("button", name="Channel menu").click()
        await page.get_by_role("menuitem", name="Rename").click()
        await page.get_by_role("textbox", name="Name").fill("Stones")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Stones", level=1)).to_be_visible()
        await page.get_by_role("button", name="Channel menu").click()
        await page.get_by_role("menuitem", name="Delete conversation").click()
        await page.get_by_role("button", name="Delete conversation").click()
        await expect(page.get_by_role("navigation").get_by_text("Stones")).to_have_count(0)


async def conversation_about_slate(person: Person) -> int:
    made = await person.post("/ai/conversations", {})
    body = {"channel_id": made["id"], "text": "What is slate?", "client_id": "q1"}
    await person.post("/ai/chat", body)
    return int(made["id"])


async def test_by_keys_another_answer_is_had_and_one_goes_on_from_either(
    browser: Browser, ai_town: Town
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await conversation_about_slate(bob)
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        await expect(page.locator(".answer.is-done")).to_be_visible()
        await answers(page).last.focus()
        await page.keyboard.press("g")
        await expect(answers(page).get_by_text("2 / 2")).to_be_visible()
        await expect(page.locator(".answer.is-done")).to_have_count(1)
        await page.get_by_role("button", name="The answer before").click()
        await expect(answers(page).get_by_text("1 / 2")).to_be_visible()
        await expect(page.get_by_role("log")).to_contain_text("answer 1 of 2")
        await expect(page.get_by_role("button", name="The next answer")).to_be_focused()
        await ask(page, "And chalk?")
        await expect(page.locator(".answer.is-done")).to_have_count(2)
        await expect(answers(page).first.get_by_text("1 / 2")).to_be_visible()


async def test_a_question_in_other_words_is_a_branch_and_what_was_being_written_comes_back(
    browser: Browser, ai_town: Town
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await conversation_about_slate(bob)
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        question = page.locator("article", has_text="What is slate?").first
        await expect(page.locator(".answer.is-done")).to_be_visible()
        await composer_of(page).fill("half a thought")
        await question.focus()
        await page.keyboard.press("b")
        await expect(composer_of(page)).to_have_value("What is slate?")
        await page.get_by_role("button", name="Leave the question as it was").click()
        await expect(composer_of(page)).to_have_value("half a thought")

        await question.focus()
        await page.keyboard.press("b")
        await ask(page, "What is basalt?")
        await expect(message_with(page, "What is basalt?").first).to_be_visible()
        await visitor.sees("What is slate?", times=0)
        await page.get_by_role("button", name="The question before").click()
        await expect(message_with(page, "What is slate?").first).to_be_visible()
        await visitor.sees("What is basalt?", times=0)
        await page.reload()
        await expect(message_with(page, "What is basalt?").first).to_be_visible()


async def test_the_assistant_draws_on_a_sketch_for_all_to_see_and_one_button_takes_it_back(
    browser: Browser, ai_town: Town
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    sketch = (await bob.post(f"/channels/{room}/sketches", {"title": "Kitchen"}))["id"]
    await bob.post(f"/channels/{room}/sketches", {"title": "Newer"})
    path = f"/c/{room}/sketches/{sketch}"
    async with (
        ai_town.at_the_page(browser, bob, path) as one,
        ai_town.at_the_page(browser, ai_town.alice, path) as other,
    ):
        for page in (one.page, other.page):
            await expect(page.get_by_role("application", name=", 0 elements")).to_be_visible()
        await one.page.get_by_role("button", name="Ask the assistant about this sketch").click()
        await one.page.get_by_label("What should it draw").fill("Draw tea, water, cup")
        await one.page.get_by_role("button", name="Ask", exact=True).click()
        for page in (one.page, other.page):
            await expect(page.get_by_role("application", name=", 5 elements")).to_be_visible()
        panel = one.page.get_by_label("The assistant’s answer")
        await expect(panel.get_by_text("Drew on a sketch")).to_be_visible()
        await panel.get_by_role("button", name="Undo what it drew").click()
        for page in (one.page, other.page):
            await expect(page.get_by_role("application", name=", 0 elements")).to_be_visible()
        await expect(panel.get_by_text("What it drew was taken back.")).to_be_visible()
        await other.open(f"/c/{room}")
        await expect(other.page.get_by_text("What it drew was taken back.")).to_be_visible()
        await expect(other.page.get_by_role("link", name="Kitchen").first).to_be_visible()
