"""Outgoing webhooks at the page: made, seen to fail, and what was not taken sent once more."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from services.hook_deliveries import TRIES
from tests.databases import NewDatabase
from tests.handlers.hooking import until
from tests.target import Target, no, yes
from tests.web.town import open_town

pytestmark = pytest.mark.asyncio(loop_scope="session")

INSIDE = {"OUTBOUND_NETWORKS": "127.0.0.0/8", "HOOK_RETRY_SECONDS": "0.01"}


async def test_what_a_target_did_not_take_is_seen_at_the_page_sent_once_more_and_discarded(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with open_town(new_database, tmp_path, **INSIDE) as (_, town), Target() as target:
        target.answer = no
        room = await town.room()
        async with town.at_the_page(browser, town.alice, f"/c/{room}/webhooks") as alice:
            page = alice.page
            secret = await make_hook(page, target.url)
            for text in ("first", "second"):
                await town.alice.say(room, text)
            await target.count(2 * TRIES, 40)
            await until(town.alice, room, waiting=0)

            await act(page, "What was not taken")
            await send_one_again_and_discard_the_other(page, target)
            assert json.loads(target.heard[-1][1])["fact"]["message"]["text"] == "first"
            assert len(target.heard) == 2 * TRIES + 2

            await page.reload()
            await expect(page.get_by_text(secret)).to_have_count(0)
            await pause_and_start_again(page)
            await town.alice.say(room, "third")
            await target.count(2 * TRIES + 3)


async def make_hook(page: Page, url: str) -> str:
    """Its secret."""
    await page.get_by_role("button", name="New outgoing webhook").click()
    await page.get_by_label("Name", exact=True).fill("Build server")
    await page.get_by_label("URL").fill("ftp://example.org")
    await page.get_by_role("button", name="Make webhook").click()
    await expect(page.get_by_text("begins with https://")).to_be_visible()
    await page.get_by_label("URL").fill(url)
    await page.get_by_role("button", name="Make webhook").click()
    return await page.get_by_role("region", name="Shown only now").locator("code").inner_text()


async def send_one_again_and_discard_the_other(page: Page, target: Target) -> None:
    letters = page.get_by_role("list", name="Not taken").get_by_role("listitem")
    await expect(letters).to_have_count(2)
    await expect(letters.first).to_contain_text(f"{TRIES} tries")
    await letters.first.get_by_role("button", name="Send again").click()
    await expect(letters.first.get_by_role("alert")).not_to_be_empty()
    await expect(letters).to_have_count(2)

    target.answer = yes
    await letters.first.get_by_role("button", name="Send again").click()
    await expect(letters).to_have_count(1)
    await letters.first.get_by_role("button", name="Discard").click()
    await expect(page.get_by_text("Everything was taken")).to_be_visible()
    await page.keyboard.press("Escape")


async def act(page: Page, what: str) -> None:
    await page.get_by_role("button", name="What to do about Build server").click()
    await page.get_by_role("menuitem", name=what).click()


async def pause_and_start_again(page: Page) -> None:
    row = page.get_by_role("list", name="Outgoing webhooks").get_by_role("listitem")
    await act(page, "Pause")
    await expect(row.get_by_text("Paused")).to_be_visible()
    await act(page, "Start again")
    await expect(row.get_by_text("Running")).to_be_visible()
