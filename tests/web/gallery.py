"""Every view of the page, with people in it who have something to say: for what looks at each of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from tests.house import House, Person
from tests.web.visitor import Visitor, composer_of

Step = Callable[[Page], Awaitable[object]]

PEOPLE = {
    "alice": ("Alice Moreau", "Back at ten"),
    "bob": ("Bob Okafor", ""),
    "carol": ("Carol Lindqvist", "On the train"),
    "dana": ("دانا حداد", ""),
}

CODE = """Found it. The pool was closed before the last batch was written:

```python
async with AsyncExitStack() as stack:
    pool = await stack.enter_async_context(open_pool(dsn))
    yield Parts(chat=ChatService(pool))  # closed in reverse
```

Fixed in `parts.py`, with a test that kills the server in the middle."""

TALK = (
    ("bob", "Morning! The new kiln arrives on **Thursday**. Who can be there at nine?"),
    ("carol", "I can. Do we have the key to the yard by then?"),
    ("alice", "Yes, at the front desk. Still to do:\n\n- clear the corner\n- call the electrician\n- safety sheet"),
    ("bob", "> clear the corner\n\nDone yesterday :)"),
    ("dana", "صباح الخير، سأحضر الأوراق معي يوم الخميس."),
    ("carol", "The electrician comes at *half past eight*: https://example.org/visit/2231"),
    ("alice", CODE),
    ("bob", "That explains Tuesday. @alice thank you, I would have looked for a week."),
)  # fmt: skip

_INK = {"color": "#1e1e1e", "stroke_width": 2, "angle": 0, "scale": 1}
DRAWN: tuple[dict[str, Any], ...] = (
    {"kind": "rectangle", "x": -260, "y": -120, "z": 1, "width": 180, "height": 110, "text": "Kiln", **_INK,
     "fill": "#ffc9c9", "round": True},
    {"kind": "rectangle", "x": 60, "y": -120, "z": 2, "width": 180, "height": 110, "text": "Fuse box", **_INK,
     "fill": "#a5d8ff", "round": True},
    {"kind": "ellipse", "x": -250, "y": 90, "z": 3, "width": 160, "height": 90, "text": "Sink", **_INK},
    {"kind": "note", "x": 70, "y": 60, "z": 4, "width": 160, "height": 160, "fill": "#ffec99", "stroke_width": 0,
     "text": "32 A needed, ask the electrician", "font_size": 20, "angle": 0.06, "scale": 1},
    {"kind": "text", "x": -260, "y": -190, "z": 5, "width": 330, "height": 36, "text": "The corner, seen from above",
     "font_size": 28, "color": "#1971c2", "angle": 0, "scale": 1},
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """`who` looks at it; empty: nobody who is signed in. `step` leads on from the path."""

    name: str
    path: str
    who: str = "alice"
    step: Step | None = None


FIRST_RUN = View("first-run", "/", "")
"""Of a server on which nobody has an account."""


@dataclass(frozen=True)
class World:
    """Who is there, and the channels by name."""

    people: dict[str, Person]
    channels: dict[str, int]
    sketch: int
    """In the workshop."""

    def views(self) -> list[View]:
        workshop = f"/c/{self.channels['workshop']}"
        return [
            View("sign-in", "/sign-in", ""),
            View("sign-up", "/sign-up", ""),
            View("home", "/"),
            View("channel", workshop),
            View("message", workshop, step=_focus_message),
            View("direct", f"/c/{self.channels['direct']}"),
            View("empty-channel", f"/c/{self.channels['ideas']}"),
            View("join", f"/c/{self.channels['cellar']}", "bob"),
            View("not-there", "/c/999999"),
            View("sketches", workshop, step=_press_button("Sketches")),
            View("sketch", f"{workshop}/sketches/{self.sketch}", step=_select_first),
            View("sketch-versions", f"{workshop}/sketches/{self.sketch}", step=_sketch_menu("Versions")),
            View("sketch-sharing", f"{workshop}/sketches/{self.sketch}", step=_press_button("Share")),
            View("browse", "/browse"),
            View("new-channel", "/browse", step=_press_button("New channel", within="main")),
            View("invite", workshop, step=_invite),
            View("channel-menu", workshop, step=_press_button("Channel menu")),
            View("channel-without-members", workshop, step=_close_members),
            View("switcher", workshop, step=_press("Control+k")),
            View("shortcuts", "/browse", step=_press("Control+/")),
            View("account", "/account"),
            View("account-appearance", "/account/appearance"),
            View("account-password", "/account/password"),
            View("account-sessions", "/account/sessions"),
            View("admin-people", "/admin"),
            View("admin-channels", "/admin/channels"),
            View("admin-invitations", "/admin/invitations"),
            View("admin-server", "/admin/health"),
            View("writing", workshop, step=_write),
            View("not-for-you", "/admin", "bob"),
        ]


async def furnish(house: House) -> World:
    """On a new server."""
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
    said: dict[str, Any] = {}
    for who, text in TALK:
        said = await people[who].say(channels["workshop"], text)
    await alice.post(f"/channels/{channels['workshop']}/read", {"seq": said["seq"]})
    await people["carol"].say(channels["trips"], "Two places are left in the van for Saturday.")
    await people["bob"].say(channels["trips"], "I'd take one.")
    direct = await people["bob"].post("/direct", {"user_ids": [alice.id]})
    channels["direct"] = direct["id"]
    await people["bob"].say(channels["direct"], "Can you look over the invoice before noon?")
    await alice.say(channels["direct"], "Sure. Send it over.")
    sketch = await alice.post(f"/channels/{channels['workshop']}/sketches", {"title": "The new corner"})
    await alice.post(f"/sketches/{sketch['id']}/elements", {"elements": list(DRAWN)})
    return World(people, channels, sketch["id"])


async def show(visitor: Visitor, view: View) -> Page:
    await visitor.open(view.path)
    await settle(visitor.page)
    if view.step is not None:
        await view.step(visitor.page)
        await settle(visitor.page)
    return visitor.page


async def settle(page: Page) -> None:
    """Loaded, with its fonts, and nothing on its way."""
    await expect(page.locator("html[data-session]:not([data-session=starting])")).to_be_attached()
    await page.evaluate("document.fonts.ready")
    await expect(page.locator("[aria-busy=true], .loading")).to_have_count(0)


def _press(keys: str) -> Step:
    return lambda page: page.keyboard.press(keys)


def _press_button(name: str, within: str = "body") -> Step:
    return lambda page: page.locator(within).get_by_role("button", name=name).click()


def _sketch_menu(item: str) -> Step:
    async def step(page: Page) -> None:
        await page.get_by_role("button", name="Sketch menu").click()
        await page.get_by_role("menuitem", name=item).click()

    return step


async def _select_first(page: Page) -> None:
    await expect(page.get_by_role("application", name=f", {len(DRAWN)} elements")).to_be_visible()
    await page.keyboard.press("Tab")


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
