"""Programs at the page: what moderators and admins make for them, and how people see what they say."""

import re

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.town import Town
from tests.web.visitor import composer_of, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_webhook_is_made_at_the_page_and_what_it_posts_has_its_name_and_badge(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        page = alice.page
        await page.get_by_role("button", name="Channel menu").click()
        await page.get_by_role("menuitem", name="Webhooks").click()
        await page.get_by_role("button", name="New incoming webhook").click()
        await page.get_by_label("Name", exact=True).fill("Deployments")
        await page.get_by_role("button", name="Make webhook").click()
        secret = page.get_by_role("region", name="Shown only now").locator("code")
        url = await secret.inner_text()

        async with httpx.AsyncClient() as http:
            answer = await http.post(url, json={"text": "*Deployed* 2.4"})
            assert answer.text == "ok"
            await http.post(url, json={"text": "and now 2.5", "username": "Build server"})
        for text, name in (("Deployed 2.4", "Deployments"), ("and now 2.5", "Build server")):
            said = message_with(visitor.page, text)
            await expect(said.get_by_role("button", name=name)).to_be_visible()
            await expect(said.get_by_text("Webhook", exact=True)).to_be_visible()

        await close_hook(page)
        async with httpx.AsyncClient() as http:
            assert not (await http.post(url, json={"text": "is anybody there?"})).is_success


async def close_hook(page: Page) -> None:
    """Its URL is not shown again; it can be closed all the same."""
    await page.reload()
    await expect(page.get_by_text("Last used")).to_be_visible()
    await expect(page.get_by_role("region", name="Shown only now")).to_have_count(0)
    await page.get_by_role("button", name="What to do about Deployments").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("button", name="Delete webhook").click()
    await expect(page.get_by_role("list", name="Incoming webhooks").get_by_role("listitem")).to_have_count(0)


async def test_a_command_is_completed_run_and_answered_to_who_wrote_it_alone(
    browser: Browser, town: Town
) -> None:
    bob = await town.newcomer()
    room = await town.room(bob)
    async with (
        town.at_the_page(browser, town.alice, f"/c/{room}") as alice,
        town.at_the_page(browser, bob, f"/c/{room}") as visitor,
    ):
        composer = composer_of(alice.page)
        await composer.press_sequentially("/shr")
        await expect(alice.page.get_by_role("option", name="/shrug")).to_be_visible()
        await alice.page.keyboard.press("Enter")
        await expect(composer).to_have_value(re.compile("^/shrug ?$"))
        await composer.press("End")
        await composer.press_sequentially("who knows")
        await composer.press("Enter")
        await visitor.sees("who knows ¯\\_(ツ)_/¯")
        await expect(composer).to_have_value("")

        await alice.say("/help")
        await expect(alice.page.get_by_text("Only you see this")).to_be_visible()
        await expect(visitor.page.get_by_text("Only you see this")).to_have_count(0)

        # What is no command is kept, and sent as it stands only when one says so.
        await alice.say("/wether Rome")
        await expect(composer).to_have_value("/wether Rome")
        await alice.page.get_by_role("button", name="Send it as a message").click()
        await visitor.sees("/wether Rome")
        await expect(composer).to_have_value("")


async def test_the_token_of_a_bot_is_shown_once_and_what_the_bot_says_is_marked(
    browser: Browser, town: Town
) -> None:
    room = await town.room()
    async with town.at_the_page(browser, town.alice, "/admin/bots") as alice:
        page = alice.page
        token = await make_bot(page)

        await page.get_by_role("button", name="Tokens of Kiln watch").click()
        await expect(page.get_by_role("button", name="Revoke At the kiln")).to_be_visible()
        await expect(page.get_by_text(token)).to_have_count(0)
        await expect(page.get_by_role("region", name="Shown only now")).to_have_count(0)

        async with httpx.AsyncClient(
            base_url=f"{town.url}/api/v1", headers={"Authorization": f"Bearer {token}"}
        ) as http:
            me = (await http.get("/users/me")).json()
            await town.alice.call("PUT", f"/channels/{room}/members/{me['id']}", {})
            hot = {"client_id": "hot", "text": "the kiln is hot"}
            assert (await http.post(f"/channels/{room}/messages", json=hot)).status_code == 201

            await page.get_by_role("button", name="Revoke At the kiln").click()
            await expect(page.get_by_role("list", name="Tokens").get_by_role("listitem")).to_have_count(0)
            assert (await http.get("/users/me")).status_code == 401

        await alice.open(f"/c/{room}")
        said = message_with(page, "the kiln is hot")
        await expect(said.get_by_role("button", name="Kiln watch")).to_be_visible()
        await expect(said.get_by_text("Bot", exact=True)).to_be_visible()


async def make_bot(page: Page) -> str:
    """With a token, which it gives."""
    await page.get_by_role("button", name="New bot").click()
    await page.get_by_label("Username").fill("kiln-watch")
    await page.get_by_label("Name to show").fill("Kiln watch")
    await page.get_by_role("button", name="Make bot").click()
    await page.get_by_label("Name of a new token").fill("At the kiln")
    await page.get_by_role("button", name="Make token").click()
    token = await page.get_by_role("region", name="Shown only now").locator("code").inner_text()
    await page.keyboard.press("Escape")
    return token
