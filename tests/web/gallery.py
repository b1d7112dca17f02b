"""Every view of the page, with people in it who have something to say: for what looks at each of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.fakes.provider import FakeProvider
from tests.house import House, Person
from tests.web import gallery_ai, gallery_order, gallery_programs
from tests.web.gallery_files import FILE_VIEWS, talk_of_trips
from tests.web.gallery_sketch import see_drawn, select_first, sketch_menu, sketch_together
from tests.web.gallery_talk import TALK, make_more_of, make_rules
from tests.web.visitor import Visitor, composer_of

Step = Callable[[Page], Awaitable[object]]

PEOPLE = {
    "alice": ("Alice Moreau", "Back at ten"),
    "bob": ("Bob Okafor", ""),
    "carol": ("Carol Lindqvist", "On the train"),
    "dana": ("دانا حداد", ""),
}


@dataclass(frozen=True)
class View:
    """`who` looks at it; empty: nobody who is signed in. `step` leads on from the path."""

    name: str
    path: str
    who: str = "alice"
    step: Step | None = None


def settings(fake: FakeProvider) -> dict[str, str]:
    """Of the gallery's server."""
    return {**gallery_ai.settings(fake), **gallery_programs.SETTINGS}


FIRST_RUN = View("first-run", "/", "")
"""Of a server on which nobody has an account."""


@dataclass(frozen=True)
class World:
    """Who is there, and the channels by name."""

    people: dict[str, Person]
    channels: dict[str, int]
    sketch: int
    """In the workshop."""
    link: str
    """To the sketch, for guests."""
    thread: int
    """Also there."""

    def views(self) -> list[View]:
        return [*self._places(), *self._talk(), *self._sketches(), *self._ai(), *self._order()]

    def _places(self) -> list[View]:
        return [
            View("sign-in", "/sign-in", ""),
            View("sign-up", "/sign-up", ""),
            View("home", "/"),
            View("threads", "/threads"),
            View("search", "/search?q=kiln"),
            View("search-help", "/search"),
            View("new-message", "/browse", step=_press("Control+Shift+y")),
            View("not-there", "/c/999999"),
            View("browse", "/browse"),
            View("new-channel", "/browse", step=_press_button("New channel", within="main")),
            View("switcher", f"/c/{self.channels['workshop']}", step=_press("Control+k")),
            View("shortcuts", "/browse", step=_press("Control+/")),
            View("account", "/account"),
            View("account-notifications", "/account/notifications"),
            View("account-appearance", "/account/appearance"),
            View("account-password", "/account/password"),
            View("account-sessions", "/account/sessions"),
            View("admin-people", "/admin"),
            View("admin-channels", "/admin/channels"),
            View("admin-invitations", "/admin/invitations"),
            View("admin-audit", "/admin/audit"),
            View("admin-server", "/admin/health"),
            View("not-for-you", "/admin", "bob"),
        ]

    def _talk(self) -> list[View]:
        workshop = f"/c/{self.channels['workshop']}"
        return [
            View("channel", workshop),
            View("message", workshop, step=_focus_message),
            View("message-menu", workshop, step=_message_menu),
            View("emoji-picker", workshop, step=_pick_emoji),
            View("editing", workshop, step=_edit),
            View("delete-message", workshop, step=_delete),
            View("thread", f"{workshop}/threads/{self.thread}"),
            View("pins", workshop, step=_press_button("Pinned messages")),
            View("mentioning", workshop, step=_mention),
            View("notifications", workshop, step=_channel_menu("Notifications")),
            View("rules", workshop, step=_channel_menu("Rules")),
            View("archived", f"/c/{self.channels['attic']}"),
            View("slow", f"/c/{self.channels['queue']}", "bob"),
            View("direct", f"/c/{self.channels['direct']}"),
            View("empty-channel", f"/c/{self.channels['ideas']}"),
            View("join", f"/c/{self.channels['cellar']}", "bob"),
            View("invite", workshop, step=_invite),
            View("channel-menu", workshop, step=_press_button("Channel menu")),
            View("channel-without-members", workshop, step=_close_members),
            View("writing", workshop, step=_write),
            *(View(name, f"/c/{self.channels['trips']}", step=step) for name, step in FILE_VIEWS.items()),
        ]

    def _sketches(self) -> list[View]:
        workshop = f"/c/{self.channels['workshop']}"
        sketch = f"{workshop}/sketches/{self.sketch}"
        return [
            View("sketches", workshop, step=_press_button("Sketches")),
            View("sketch", sketch, step=select_first),
            View("sketch-versions", sketch, step=sketch_menu("Versions")),
            View("sketch-sharing", sketch, step=_press_button("Share")),
            View("sketch-comments", sketch, step=_press_button("2 comments on")),
            View("sketch-export", sketch, step=sketch_menu("Export")),
            View("sketch-shared", f"/shared/{self.sketch}#{self.link}", "", see_drawn),
            View("sketch-draw", sketch, step=gallery_ai.draw),
        ]

    def _order(self) -> list[View]:
        """What moderators and the owners of programs do."""
        return [
            View("admin-moderation", "/admin/moderation"),
            *(
                View(name, f"/c/{self.channels[where]}", who, step)
                for name, where, who, step in gallery_order.VIEWS
            ),
            *(
                View(name, path.format_map(self.channels), who, step)
                for name, path, who, step in gallery_programs.VIEWS
            ),
        ]

    def _ai(self) -> list[View]:
        return [
            View(name, f"/c/{self.channels[channel]}", step=step) for name, channel, step in gallery_ai.VIEWS
        ]


async def furnish(house: House, fake: FakeProvider) -> World:
    """On a new server with the gallery's `settings`."""
    people: dict[str, Person] = {}
    for username, (display_name, status) in PEOPLE.items():
        people[username] = await house.register(username)
        await people[username].call("PATCH", "/users/me", {"display_name": display_name, "status": status})
    alice, others = people["alice"], [people[name] for name in ("bob", "carol", "dana")]
    channels = {
        "workshop": await alice.channel("workshop", description="Clay, kilns and what goes wrong with them"),
        "ideas": await alice.channel("ideas", description="Half a thought is enough"),
        "trips": await alice.channel("trips"),
        "cellar": await alice.channel(
            "cellar", description="Keys, fuses, boxes", password="under the stairs"
        ),
        "board": await alice.channel("board", visibility="private"),
    }
    for name in ("workshop", "trips"):
        for other in others:
            await alice.call("PUT", f"/channels/{channels[name]}/members/{other.id}", {})
    said = [await people[who].say(channels["workshop"], text) for who, text in TALK]
    seqs = [message["seq"] for message in said]
    await alice.post(f"/channels/{channels['workshop']}/read", {"seq": seqs[-1]})
    await make_more_of(people, channels["workshop"], seqs)
    await talk_of_trips(people, channels["trips"])
    direct = await people["bob"].post("/direct", {"user_ids": [alice.id]})
    channels["direct"] = direct["id"]
    await people["bob"].say(channels["direct"], "Can you look over the invoice before noon?")
    await alice.say(channels["direct"], "Sure. Send it over.")
    sketch, link = await sketch_together(people, channels["workshop"])
    channels |= await gallery_ai.furnish_ai(fake, alice, people["bob"], channels["workshop"])
    channels |= await make_rules(alice, people["bob"])
    channels |= await gallery_order.furnish_order(people)
    channels |= await gallery_programs.furnish_programs(alice, people["bob"])
    return World(people, channels, sketch, link, seqs[0])


async def show(visitor: Visitor, view: View) -> Page:
    await visitor.open(view.path)
    await arrange(visitor.page, view)
    return visitor.page


async def arrange(page: Page, view: View) -> None:
    """Once its path is open."""
    await settle(page)
    if view.step is not None:
        await view.step(page)
        await settle(page)


async def follow(page: Page, path: str) -> None:
    """As by a link: another view of the same document."""
    await page.evaluate(
        """(path) => {
          const link = document.body.appendChild(document.createElement("a"));
          link.href = path;
          link.click();
          link.remove();
        }""",
        path,
    )


async def settle(page: Page) -> None:
    """Loaded, with its fonts, and nothing on its way."""
    await expect(page.locator("html[data-session]:not([data-session=starting])")).to_be_attached()
    await page.evaluate("document.fonts.ready")
    await expect(page.locator("[aria-busy=true], .loading")).to_have_count(0)


def _press(keys: str) -> Step:
    return lambda page: page.keyboard.press(keys)


def _press_button(name: str, within: str = "body") -> Step:
    return lambda page: page.locator(within).get_by_role("button", name=name).click()


def _channel_menu(item: str) -> Step:
    async def step(page: Page) -> None:
        await page.get_by_role("button", name="Channel menu").click()
        await page.get_by_role("menuitem", name=item).click()

    return step


async def _focused(page: Page, text: str) -> Locator:
    message = page.locator("article[data-seq]", has_text=text)
    await message.focus()
    return message


async def _message_menu(page: Page) -> None:
    await (await _focused(page, "Yes, at the front desk")).press("m")


async def _pick_emoji(page: Page) -> None:
    await (await _focused(page, "That explains Tuesday")).press("e")


async def _edit(page: Page) -> None:
    await (await _focused(page, "Yes, at the front desk")).press("w")


async def _delete(page: Page) -> None:
    await (await _focused(page, "Yes, at the front desk")).press("d")


async def _mention(page: Page) -> None:
    await composer_of(page).press_sequentially("Ask @")


async def _invite(page: Page) -> None:
    await page.get_by_role("button", name="Channel menu").click()
    await page.get_by_role("menuitem", name="Bring people in").click()


async def _close_members(page: Page) -> None:
    button = page.get_by_role("button", name="Close members")
    if await button.is_visible():
        await button.click()


async def _write(page: Page) -> None:
    await composer_of(page).fill("Shall we bring **gloves** for everybody, or")


async def _focus_message(page: Page) -> None:
    await page.locator("article[data-seq]").nth(2).focus()
