"""What a model says is shown and never run, however it is cut; what its provider does wrong is told, with a way on."""

import asyncio
import random
import re

import pytest
from playwright.async_api import Browser, expect

from tests.fakes.provider import FakeProvider, begin, done, reset, say, until, usage
from tests.house import Person
from tests.web.asking import answers
from tests.web.payloads import payloads
from tests.web.test_attacks import TALL, hover_all, is_harmless
from tests.web.town import Town
from tests.web.visitor import composer_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT_ONCE = 40
PAUSE = 0.055
"""Between two pieces: longer than the server waits to tell them together."""


def cut(text: str, chance: random.Random) -> list[str]:
    """In pieces, at places of nobody's choice."""
    places = sorted(chance.sample(range(1, len(text)), min(4, len(text) - 1)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


async def asked(person: Person, room: int, number: int) -> None:
    await person.post(
        "/ai/chat", {"channel_id": room, "text": f"payload {number}", "client_id": f"p{number}"}
    )


async def test_no_answer_runs_as_a_script_whole_or_half(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob, mallory = await ai_town.newcomer("bob"), await ai_town.newcomer("mallory")
    room = await ai_town.room(bob, mallory)
    said = [one for one in payloads() if one.strip()]
    chance = random.Random(7)  # noqa: S311 - the same cuts every time
    async with ai_town.at_the_page(browser, bob, f"/c/{room}", viewport=TALL) as visitor:
        for first in range(0, len(said), AT_ONCE):
            batch = said[first : first + AT_ONCE]
            may_end = asyncio.Event()
            for text in batch:
                *most, last = cut(text, chance)
                fake.script(
                    begin, say(*most, pause=PAUSE, finish=None), until(may_end), say(last), usage(), done
                )
            asking = asyncio.gather(*(asked(mallory, room, first + at) for at in range(len(batch))))
            await expect(visitor.page.locator(".answer.is-running").nth(len(batch) // 3)).to_be_visible()
            await is_harmless(visitor, visitor.page)
            may_end.set()
            await asking
            await expect(visitor.page.locator(".answer.is-running")).to_have_count(0)
            await hover_all(visitor.page)
            await is_harmless(visitor, visitor.page)
    found = await bob.get(f"/channels/{room}/messages", limit=200)
    assert sum(message["kind"] == "ai" for message in found["items"]) >= 90
    assert len(said) >= 200


async def test_nothing_that_a_model_names_is_fetched_and_links_say_where_they_lead(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    pixel = fake.url.replace("/v1", "/pixel.png?secret")
    fetched: list[str] = []
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        visitor.page.on("request", lambda request: fetched.append(request.url))
        fake.script(
            begin,
            say(f"![x]({pixel}) ", f"[our handbook]({pixel})", " https://evil.example/x"),
            usage(),
            done,
        )
        await asked(bob, room, 1)
        link = visitor.page.get_by_role("link", name="our handbook")
        await expect(link).to_be_visible()
        shown = await link.evaluate("(link) => getComputedStyle(link, '::after').content")
        assert fake.url.split("/")[2] in await link.evaluate("(link) => link.dataset.host")
        assert "attr" in shown or "127.0.0.1" in shown
        assert [url for url in fetched if "pixel" in url] == []


async def test_an_answer_that_broke_off_says_why_and_goes_on(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        fake.script(begin, say("Half of ", finish=None), reset)
        await expect(page.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
        await composer_of(page).fill("/ask all of it")
        await composer_of(page).press("Enter")
        await expect(page.locator(".answer.is-failed")).to_contain_text(
            "The answer broke off. The connection"
        )
        fake.script(begin, say("the answer."), usage(), done)
        await page.get_by_role("button", name="Continue").click()
        await expect(page.locator(".answer.is-done .prose")).to_have_text("Half of the answer.")
        await expect(answers(page).get_by_text("The answer broke off")).to_have_count(0)
        await expect(page.get_by_role("log").locator("p").last).to_have_text("Assistant: Half of the answer.")


async def test_a_budget_that_is_used_up_says_when_it_begins_anew_and_keeps_the_question(
    browser: Browser, ai_town: Town, fake: FakeProvider
) -> None:
    bob = await ai_town.newcomer("bob")
    room = await ai_town.room(bob)
    much = {"prompt_tokens": 47_000, "completion_tokens": 40, "total_tokens": 47_040}
    async with ai_town.at_the_page(browser, bob, f"/c/{room}") as visitor:
        page = visitor.page
        for number in (1, 2):
            fake.script(begin, say("Yes."), usage(much), done)
            await asked(bob, room, number)
        await page.get_by_role("button", name="Ask the assistant", exact=True).click()
        await expect(page.get_by_text("Nothing left of your tokens today")).to_be_visible()
        await composer_of(page).fill("one more?")
        await composer_of(page).press("Enter")
        refusal = page.locator(".ask-fault")
        await expect(refusal).to_contain_text(
            "Not asked. Your AI budget for today is used up. It begins anew"
        )
        await expect(refusal).to_contain_text(re.compile(r"(today|tomorrow) at \d\d:\d\d"))
        await expect(composer_of(page)).to_have_value("one more?")
        await expect(page.locator("article", has_text="one more?")).to_have_count(0)
