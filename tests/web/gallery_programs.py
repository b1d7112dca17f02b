"""Programs in the gallery: a bot and a webhook that talk, webhooks that fare well and badly, commands."""

import asyncio

import httpx
from playwright.async_api import Page, expect

from tests.house import Person
from tests.web.visitor import composer_of

NOWHERE = "http://127.0.0.1:9/hooks"
SETTINGS = {"OUTBOUND_NETWORKS": "127.0.0.0/8", "HOOK_RETRY_SECONDS": "0.01"}
"""Of the gallery's server: what can't be reached shall be given up soon."""
DEPLOYED = "*Deployed* `kiln-watch` 2.4 to the yard: <https://example.org/builds/41|build 41>"
HOT = "The big kiln is at **1,041 °C**, 19 to go. I call when it holds."


async def furnish_programs(alice: Person, bob: Person) -> dict[str, int]:
    """A channel with webhooks and a bot, and the workspace's own commands."""
    shed = await alice.channel("shed", description="What machines have to say")
    there = f"/channels/{shed}"
    await alice.call("PUT", f"{there}/members/{bob.id}", {})
    hook = await alice.post(f"{there}/hooks/incoming", {"name": "Deployments"})
    broadcasting = {"name": "Fire alarm", "may_broadcast": True}
    await alice.post(f"{there}/hooks/incoming", broadcasting)
    async with httpx.AsyncClient() as http:
        payload = {"text": DEPLOYED, "username": "Build server", "icon_emoji": ":rocket:"}
        assert (await http.post(hook["url"], json=payload)).text == "ok"
    bot = await alice.post(
        "/bots",
        {"username": "kiln-watch", "display_name": "Kiln watch", "description": "Reads the thermometers"},
    )
    asleep = await alice.post("/bots", {"username": "gate", "display_name": "Gate"})
    await alice.call("PATCH", f"/users/{asleep['id']}", {"disabled": True})
    token = await alice.post(f"/bots/{bot['id']}/tokens", {"name": "At the kiln", "scopes": ["read", "post"]})
    await alice.post(f"/bots/{bot['id']}/tokens", {"name": "For trying out", "scopes": ["read"], "hours": 24})
    await alice.call("PUT", f"{there}/members/{bot['id']}", {})
    async with httpx.AsyncClient() as http:
        said = await http.post(
            f"{alice.url}/api/v1{there}/messages",
            json={"client_id": "hot", "text": HOT},
            headers={"Authorization": f"Bearer {token['token']}"},
        )
        assert said.status_code == 201
    await bob.say(shed, "Good. Then we can unload on Friday.")
    await _outgoing(alice, bob, shed)
    for name, hint, about in (
        ("weather", "city", "Tell the weather"),
        ("stock", "glaze", "How much is left"),
    ):
        body = {"name": name, "hint": hint, "description": about, "url": f"https://example.org/{name}"}
        await alice.post("/commands", body)
    return {"shed": shed}


async def _outgoing(alice: Person, bob: Person, shed: int) -> None:
    """One that is told nothing yet, one that is paused, and one that nobody listens to."""
    there = f"/channels/{shed}/hooks/outgoing"
    quiet = {"name": "Archive", "url": "https://example.org/archive", "events": ["channel.updated"]}
    await alice.post(there, quiet)
    on_word = {"events": ["message.posted", "message.edited"], "triggers": ["deploy", "roll-back"]}
    paused = await alice.post(there, {"name": "Deployer", "url": "https://example.org/deploy", **on_word})
    await alice.call("PATCH", f"{there}/{paused['id']}", {"disabled": True})
    lost = await alice.post(there, {"name": "Old server", "url": NOWHERE, "events": ["message.posted"]})
    await bob.say(shed, "Who reads what the old server gets?")
    async with asyncio.timeout(30):
        while True:
            if (await alice.get(f"{there}/{lost['id']}/dead"))["items"]:
                return
            await asyncio.sleep(0.1)


async def new_incoming(page: Page) -> None:
    await page.get_by_role("button", name="New incoming webhook").click()
    await page.get_by_label("Name", exact=True).fill("Thermometer")


async def new_outgoing(page: Page) -> None:
    await page.get_by_role("button", name="New outgoing webhook").click()
    await expect(page.get_by_label("URL")).to_be_visible()


async def made_incoming(page: Page) -> None:
    """Made once, and looked at again after that."""
    await new_incoming(page)
    await page.get_by_role("button", name="Make webhook").click()
    await expect(page.get_by_text("It is shown only now")).to_be_visible()


async def dead(page: Page) -> None:
    await page.get_by_role("button", name="What to do about Old server").click()
    await page.get_by_role("menuitem", name="What was not taken").click()
    await expect(page.get_by_role("button", name="Send again").first).to_be_visible()


async def new_bot(page: Page) -> None:
    await page.get_by_role("button", name="New bot").click()


async def tokens(page: Page) -> None:
    await page.get_by_role("button", name="Tokens of Kiln watch").click()
    await expect(page.get_by_role("button", name="Revoke At the kiln")).to_be_visible()


async def new_command(page: Page) -> None:
    await page.get_by_role("button", name="New command").click()


async def built_in(page: Page) -> None:
    await page.locator("summary", has_text="Built in").click()


async def completing(page: Page) -> None:
    await composer_of(page).press_sequentially("/")
    await expect(page.get_by_role("option").first).to_be_visible()


async def answered(page: Page) -> None:
    await composer_of(page).fill("/help")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("Only you see this")).to_be_visible()


async def refused(page: Page) -> None:
    await composer_of(page).fill("/wether Rome")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("button", name="Send it as a message")).to_be_visible()


async def about_program(page: Page) -> None:
    await page.get_by_role("button", name="Build server").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


VIEWS = (
    ("programs", "/c/{shed}", "alice", None),
    ("program-profile", "/c/{shed}", "alice", about_program),
    ("command-choice", "/c/{shed}", "alice", completing),
    ("command-answer", "/c/{shed}", "alice", answered),
    ("command-unknown", "/c/{shed}", "alice", refused),
    ("webhooks", "/c/{shed}/webhooks", "alice", None),
    ("webhook-incoming", "/c/{shed}/webhooks", "alice", new_incoming),
    ("webhook-made", "/c/{shed}/webhooks", "alice", made_incoming),
    ("webhook-outgoing", "/c/{shed}/webhooks", "alice", new_outgoing),
    ("webhook-dead", "/c/{shed}/webhooks", "alice", dead),
    ("webhooks-not-for-you", "/c/{shed}/webhooks", "bob", None),
    ("admin-bots", "/admin/bots", "alice", None),
    ("bot-new", "/admin/bots", "alice", new_bot),
    ("bot-tokens", "/admin/bots", "alice", tokens),
    ("admin-commands", "/admin/commands", "alice", built_in),
    ("command-new", "/admin/commands", "alice", new_command),
)
"""Names, addresses with channels by their names, who looks, and the steps that lead on from there."""
