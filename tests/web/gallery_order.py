"""Keeping order in the gallery: what was reported and hidden, who is muted and banned, and what they see of it."""

from playwright.async_api import Page, expect

from tests.house import Person

BARGAIN = "Kilns at half price, only today: https://bargain.example"
SHOUT = "Whoever took my glaze is a thief, and everybody here knows who I mean."


async def furnish_order(people: dict[str, Person]) -> dict[str, int]:
    """A channel in which something happened: alice owns it, bob moderates, carol is muted, dana reported her."""
    alice, bob, carol, dana = (people[name] for name in ("alice", "bob", "carol", "dana"))
    yard = await alice.channel("yard", description="Everything that has no room of its own")
    there = f"/channels/{yard}"
    await alice.call("PUT", f"{there}/members/{bob.id}", {"role": "moderator"})
    for other in (carol, dana):
        await alice.call("PUT", f"{there}/members/{other.id}", {})
    await bob.say(yard, "The yard is swept. Please leave the gate shut.")
    bargain = await dana.say(yard, BARGAIN)
    shout = await carol.say(yard, SHOUT)
    await alice.say(yard, "Let’s talk about that at noon, not here.")
    for who, message, report in (
        (carol, bargain, {"reason": "spam", "note": "The third time this week"}),
        (dana, shout, {"reason": "abuse", "note": ""}),
        (bob, bargain, {"reason": "off_topic", "note": ""}),
    ):
        await who.post(f"{there}/messages/{message['seq']}/report", report)
    (first, *_) = (await bob.get(f"{there}/reports"))["items"]
    done = {"state": "resolved", "note": "Talked to her"}
    await bob.call("PATCH", f"{there}/reports/{first['id']}", done)
    await bob.call("PUT", f"{there}/messages/{bargain['seq']}/hidden")
    await bob.call("PUT", f"{there}/mutes/{carol.id}", {"reason": "Cool down, please", "hours": 72})
    loft = await alice.channel("loft")
    await alice.call("PUT", f"/channels/{loft}/bans/{dana.id}", {"reason": "Spam, again", "hours": 720})
    await alice.call("PUT", f"/channels/{loft}/bans/{carol.id}", {})
    return {"yard": yard, "loft": loft}


async def reports(page: Page) -> None:
    await page.get_by_role("button", name="Channel menu").click()
    await page.get_by_role("menuitem", name="Moderation").click()
    await expect(page.get_by_role("complementary", name="Moderation")).to_be_visible()


async def resolving(page: Page) -> None:
    await reports(page)
    await page.get_by_role("button", name="Resolve").first.click()


async def banned(page: Page) -> None:
    await reports(page)
    await page.get_by_label("Show", exact=True).select_option("Banned people")
    await expect(page.get_by_role("button", name="Lift the ban").first).to_be_visible()


async def report(page: Page) -> None:
    await _choose(page, "Please leave the gate shut", "Report to the moderators…")


async def mute(page: Page) -> None:
    await _choose(page, "everybody here knows", "Mute Carol Lindqvist…")


async def message_menu(page: Page) -> None:
    await _menu(page, "everybody here knows")


async def join(page: Page) -> None:
    await page.get_by_role("button", name="Join channel").click()
    await expect(page.get_by_text("You are banned from this channel")).to_be_visible()


async def _menu(page: Page, text: str) -> None:
    message = page.locator("article[data-seq]", has_text=text)
    await message.focus()
    await message.press("m")


async def _choose(page: Page, text: str, item: str) -> None:
    await _menu(page, text)
    await page.get_by_role("menuitem", name=item).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


VIEWS = (
    ("hidden", "yard", "alice", None),
    ("hidden-from-me", "yard", "dana", None),
    ("muted", "yard", "carol", None),
    ("order-menu", "yard", "alice", message_menu),
    ("report", "yard", "dana", report),
    ("mute", "yard", "alice", mute),
    ("reports", "yard", "alice", reports),
    ("report-resolving", "yard", "alice", resolving),
    ("bans", "loft", "alice", banned),
    ("banned", "loft", "dana", join),
)
"""Names, channels, who looks, and the steps that lead on from there."""
