"""What admins do at the page, and what becomes of those whom it meets."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def choose(page: Page, name: str, what: str) -> None:
    await page.get_by_role("button", name=f"What to do about {name}").click()
    await page.get_by_role("menuitem", name=what, exact=True).click()


async def test_who_is_disabled_is_let_in_again_made_admin_and_deleted(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    async with town.at_the_page(browser, town.alice, "/admin") as alice:
        page = alice.page
        await page.get_by_role("searchbox", name="Find people").fill(bob.name)
        row = page.get_by_role("listitem").filter(has_text=f"@{bob.name}")
        await choose(page, bob.name, "Disable")
        await expect(row.get_by_text("Disabled")).to_be_visible()
        assert (await bob.call("GET", "/users/me")).status_code == 401

        await choose(page, bob.name, "Let in again")
        await expect(row.get_by_text("Disabled")).to_have_count(0)
        await choose(page, bob.name, "Make admin")
        await expect(row.get_by_text("Admin", exact=True)).to_be_visible()
        await choose(page, bob.name, "Make an ordinary member")
        await expect(row.get_by_text("Admin", exact=True)).to_have_count(0)

        await choose(page, bob.name, "Delete")
        await page.get_by_role("button", name="Delete account").click()
        await expect(row).to_have_count(0)


async def test_an_invitation_is_made_and_ended_and_a_channel_goes(browser: Browser, town: Town) -> None:
    room = await town.room(name="doomed")
    name = (await town.alice.get(f"/channels/{room}"))["name"]
    async with town.at_the_page(browser, town.alice, "/admin/invitations") as alice:
        page = alice.page
        await page.get_by_role("button", name="New invitation").click()
        await expect(page.get_by_text("1 use left")).to_be_visible()
        await page.get_by_role("button", name="End", exact=True).click()
        await expect(page.get_by_text("No open invitations")).to_be_visible()

        await page.get_by_role("link", name="Channels", exact=True).click()
        await page.get_by_role("searchbox", name="Find channels").fill(name)
        await choose(page, name, "Delete")
        await page.get_by_role("button", name="Delete channel").click()
        await expect(page.get_by_text("No channel has this name.")).to_be_visible()
        assert (await town.alice.call("GET", f"/channels/{room}")).status_code == 404


async def test_the_audit_log_tells_who_did_what_and_is_narrowed_down(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    room = await town.room(bob, name="audited")
    name = (await town.alice.get(f"/channels/{room}"))["name"]
    await town.alice.call("DELETE", f"/channels/{room}/members/{bob.id}")
    async with town.at_the_page(browser, town.alice, "/admin/audit") as alice:
        page = alice.page
        deeds = page.get_by_role("list", name="What was done").get_by_role("listitem")
        await page.get_by_label("What", exact=True).select_option("member.left")
        await expect(deeds.first).to_contain_text(f"alice removed {bob.name}")
        await expect(deeds.first).to_contain_text(name)
        await expect(deeds.filter(has_text="made a channel")).to_have_count(0)
        await page.get_by_label("Who did it").fill(bob.name)
        await expect(page.get_by_text("Nothing of this kind happened.")).to_be_visible()


async def test_the_state_of_the_server_is_for_admins_alone(browser: Browser, town: Town) -> None:
    bob = await town.newcomer()
    async with (
        town.at_the_page(browser, town.alice, "/admin/health") as alice,
        town.at_the_page(browser, bob, "/admin/health") as visitor,
    ):
        await expect(alice.page.get_by_text("Ready", exact=True)).to_be_visible()
        await expect(visitor.page.get_by_text("This is for admins")).to_be_visible()
