"""A device is told while no page is open: from the switch in the settings to the message that a touch leads to.

No browser of these tests reaches its maker's push service. So the page's subscription is one to a service of our own,
which decrypts what our server sends, and the browser is handed that by its debugging protocol.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.databases import NewDatabase
from tests.device import Device, Push, until
from tests.web.chromium import WINDOWED, Trap, find, open_browser
from tests.web.town import Town, open_town
from tests.web.visitor import Visitor, message_with

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUBSCRIBED = """
  let there = null;
  const made = (options) => ({
    options,
    endpoint: SUBSCRIPTION.endpoint,
    toJSON: () => SUBSCRIPTION,
    unsubscribe: async () => { there = null; return true; },
  });
  PushManager.prototype.getSubscription = async () => there;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly) throw new TypeError("shown to nobody");
    return (there = made(options));
  };
"""

SHOWN = """
  async () => {
    const registration = await navigator.serviceWorker.ready;
    const notices = await registration.getNotifications();
    return notices.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  }
"""

TOUCH = """
  async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  }
"""

SWITCH = "Notify me on this device"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened_browser() -> AsyncIterator[tuple[Browser, Trap]]:
    """One with windows: the shell shows no notices."""
    async with open_browser(find(WINDOWED)) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(opened_browser: tuple[Browser, Trap]) -> Browser:
    return opened_browser[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def calling_town(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A server that may call this machine."""
    place = tmp_path_factory.mktemp("calling")
    networks = {"OUTBOUND_NETWORKS": "127.0.0.0/8"}
    async with open_town(new_database, place, **networks) as (_, town):
        yield town


async def subscribe(visitor: Visitor, device: Device) -> None:
    """By the switch; without a subscription of the browser's own."""
    await visitor.context.grant_permissions(["notifications"], origin=visitor.url)
    script = SUBSCRIBED.replace("SUBSCRIPTION", f"({json.dumps(device.subscription)})")
    await visitor.context.add_init_script(f"{{{script}}}")
    await visitor.open("/account/notifications")
    switch = visitor.page.get_by_role("switch", name=SWITCH)
    await expect(switch).not_to_be_checked()
    await switch.click()
    await expect(switch).to_be_checked()


async def deliver(page: Page, notice: dict[str, Any]) -> None:
    """As the browser's push service does."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    debugger = await page.context.new_cdp_session(page)
    found: list[str] = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    await debugger.send("ServiceWorker.enable")

    async def is_found() -> bool:
        return bool(found)

    await until(10, is_found)
    origin = await page.evaluate("location.origin")
    asked = {"origin": origin, "registrationId": found[0], "data": json.dumps(notice)}
    await debugger.send("ServiceWorker.deliverPushMessage", asked)
    await debugger.detach()


async def shown(page: Page, number: int) -> list[dict[str, Any]]:
    """What the browser shows, once it is so many."""

    async def are_there() -> bool:
        return len(await page.evaluate(SHOWN)) == number

    await until(30, are_there)
    notices: list[dict[str, Any]] = await page.evaluate(SHOWN)
    return notices


async def test_somebody_who_is_away_is_told_and_led_to_the_message(
    browser: Browser, calling_town: Town
) -> None:
    town = calling_town
    bob = await town.newcomer()
    direct = (await town.alice.post("/direct", {"user_ids": [bob.id]}))["id"]
    async with Push() as push, town.at_the_page(browser, bob) as visitor:
        device, page = push.device("bob"), visitor.page
        await subscribe(visitor, device)
        assert len((await bob.get("/push/subscriptions"))["items"]) == 1
        await visitor.open("/doc")  # of the same origin, and no page of ours: nobody is there
        said = await town.alice.say(direct, "are you **there**?")
        await push.count(1, 20)
        (notice,) = push.notices(device)
        await deliver(page, notice)
        (told,) = await shown(page, 1)

        await visitor.open("/")
        await visitor.is_in()
        (worker,) = visitor.context.service_workers
        await worker.evaluate(TOUCH)
        await expect(message_with(page, "are you there?")).to_be_visible()
        await shown(page, 0)

    assert (told["title"], told["body"]) == ("alice", "are you there?")
    assert told["data"]["path"] == f"/c/{direct}/{said['seq']}"


async def test_what_is_read_elsewhere_is_taken_back(browser: Browser, calling_town: Town) -> None:
    town = calling_town
    bob = await town.newcomer()
    rooms = [await town.room(bob) for _ in range(2)]
    seqs = [(await town.alice.say(room, f"@{bob.name}"))["seq"] for room in rooms]
    async with Push() as push, town.at_the_page(browser, bob) as visitor:
        await subscribe(visitor, push.device("bob"))
        for room, seq in zip(rooms, seqs, strict=True):
            await deliver(visitor.page, {"title": "alice", "body": "look", "channel_id": room, "seq": seq})
        await shown(visitor.page, 2)

        await bob.post(f"/channels/{rooms[0]}/read", {"seq": seqs[0]})

        (left,) = await shown(visitor.page, 1)
    assert left["tag"] == f"channel/{rooms[1]}"


async def test_turned_off_or_signed_out_the_server_tells_it_nothing(
    browser: Browser, calling_town: Town
) -> None:
    town = calling_town
    bob = await town.newcomer()

    async def is_gone() -> bool:
        return not (await bob.get("/push/subscriptions"))["items"]

    async with Push() as push, town.at_the_page(browser, bob) as visitor:
        device, page = push.device("bob"), visitor.page
        await subscribe(visitor, device)
        await page.get_by_label("Show what messages say").click()
        await expect(page.get_by_label("Show what messages say")).not_to_be_checked()
        (one,) = (await bob.get("/push/subscriptions"))["items"]
        assert one["shows_text"] is False
        await page.get_by_role("switch", name=SWITCH).click()
        await until(10, is_gone)

        await page.get_by_role("switch", name=SWITCH).click()
        await expect(page.get_by_role("switch", name=SWITCH)).to_be_checked()
        await visitor.open("/account")
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await expect(page.locator("html[data-session=signed_out]")).to_be_attached()
        await until(10, is_gone)


async def test_a_browser_that_forbids_it_says_so(browser: Browser, calling_town: Town) -> None:
    bob = await calling_town.newcomer()
    async with calling_town.at_the_page(browser, bob, "/account/notifications") as visitor:
        switch = visitor.page.get_by_role("switch", name=SWITCH)
        await switch.click()  # nobody has granted it: this browser denies it unasked
        await expect(switch).to_be_disabled()
        await expect(switch).not_to_be_checked()
        await expect(visitor.page.get_by_text("You have forbidden it in this browser")).to_be_visible()
        assert (await bob.get("/push/subscriptions"))["items"] == []
