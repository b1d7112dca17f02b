"""The sketch of the gallery: what is drawn on it, what is said about it, and a link to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page, expect

from tests.house import Person

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


async def sketch_together(people: dict[str, Person], channel: int) -> tuple[int, str]:
    """Its id, and the token of a link for guests. A thread is on its first element, another on the whole."""
    alice = people["alice"]
    sketch = (await alice.post(f"/channels/{channel}/sketches", {"title": "The new corner"}))["id"]
    drawn = await alice.post(f"/sketches/{sketch}/elements", {"elements": list(DRAWN)})
    on = f"/sketches/{sketch}/comments"
    about = {"text": "Is the cable long enough?", "element_id": drawn["ids"][0]}
    asked = await people["bob"].post(on, about)
    await alice.post(on, {"text": "Five metres on the drum.", "thread": asked["id"]})
    await people["carol"].post(on, {"text": "Which way does the door open?"})
    return sketch, str((await alice.post(f"/sketches/{sketch}/links"))["token"])


async def see_drawn(page: Page) -> None:
    await expect(page.get_by_role("application", name=f", {len(DRAWN)} elements")).to_be_visible()


def sketch_menu(item: str) -> Callable[[Page], Awaitable[object]]:
    async def step(page: Page) -> None:
        await page.get_by_role("button", name="Sketch menu").click()
        await page.get_by_role("menuitem", name=item).click()

    return step


async def select_first(page: Page) -> None:
    await see_drawn(page)
    await page.keyboard.press("Tab")
