"""From nothing: the first account makes the server its own, and the second person talks to the first."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.databases import NewDatabase
from tests.web.servers import Server
from tests.web.visitor import open_visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_new_server_is_set_up_and_talked_on_without_reading_anything(
    browser: Browser, new_database: NewDatabase, tmp_path: Path
) -> None:
    async with new_database() as dsn:
        with Server(tmp_path, dsn) as server:
            async with open_visitor(browser, server.url) as alice, open_visitor(browser, server.url) as bob:
                await alice.open("/")
                await alice.page.get_by_label("First channel").fill("kitchen")
                await alice.register("alice")
                await expect(alice.page.get_by_role("heading", name="kitchen", level=1)).to_be_visible()

                await bob.open("/sign-up")
                await bob.register("bob")
                await bob.open("/browse")
                await bob.page.get_by_role("button", name="Join").click()
                await bob.say("The kettle is on.")
                await alice.sees("The kettle is on.")
                await alice.say("Coming!")
                await bob.sees("Coming!")
