"""A sketch of 10,000 strokes in headless Chromium: what it loads, how smoothly it moves, how soon ink follows the pen.

The browser, the server and PostgreSQL share the machine. Two processors paint what a graphics card would.
"""

import asyncio
import math
import statistics
from typing import Any, NamedTuple

import uvloop
from playwright.async_api import Page, expect

from bench.results import publish, table, verdict
from bench.running import Person, Server, running
from bench.web import SCRIPTS, Frames, signed_in
from server.page import BUILT
from tests.web.chromium import WINDOWED, find, open_browser
from tests.web.gallery import settle

STROKES, ROW, APART, POINTS, AT_ONCE = 10_000, 100, 64, 50, 200
WIDTH, HEIGHT = 1280, 720
SECONDS = 4.0
DRAWN, MOVES, LEFT = 12, 60, 700

NOTE = f"""\
Headless and without a graphics card, {WIDTH} x {HEIGHT}; {STROKES:,} strokes of {POINTS} points. Ink: {DRAWN} strokes
of {MOVES} moves while all are in view; from the time stamp of each sample to the frame with it being painted."""

MOVE = """
([seconds, dx, dy, factor]) => new Promise((resolve) => {
  const surface = document.querySelector(".sketch-surface");
  const times = [];
  const step = (now) => {
    times.push(now);
    const way = Math.floor((now - times[0]) / 1000) % 2 ? -1 : 1;
    const by = factor ? { deltaY: -way * factor, ctrlKey: true } : { deltaX: way * dx, deltaY: way * dy };
    surface.dispatchEvent(new WheelEvent("wheel", { ...by, clientX: 640, clientY: 400, cancelable: true }));
    if (now - times[0] < seconds * 1000) requestAnimationFrame(step);
    else resolve(times.slice(1).map((time, index) => time - times[index]));
  };
  requestAnimationFrame(step);
})
"""
"""The time between each frame and the next, while the board is moved or zoomed in each, to and fro."""

WATCH_INK = """
() => {
  const waiting = [], took = [];
  globalThis.inked = () => took;
  document.querySelector(".sketch-surface").addEventListener("pointermove", (event) => {
    if (event.buttons) waiting.push(...event.getCoalescedEvents().map((one) => one.timeStamp));
  });
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = ({ data }) => took.push(...data.map((stamp) => performance.now() - stamp));
  const frame = () => {
    if (waiting.length) afterPaint.port2.postMessage(waiting.splice(0));
    requestAnimationFrame(frame);
  };
  frame();
}
"""

SHOWN = """
(path) => new Promise((resolve) => {
  const began = performance.now();
  const link = Object.assign(document.createElement("a"), { href: path });
  document.body.append(link);
  link.click();
  link.remove();
  const look = () => {
    const board = document.querySelector("[role=application]");
    if (!board?.ariaLabel.includes(", 10000 elements")) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  };
  look();
})
"""
"""From the click in the page to the first frame with all of the strokes known."""


class Figures(NamedTuple):
    """All that is measured; times in milliseconds."""

    script: int
    opened: float
    moved: dict[str, Frames]
    ink: list[float]


def fill(server: Server, person: Person) -> str:
    """A board of strokes; gives its path on the page."""
    channel = server.channel(person, "studio")
    sketch = server.call("POST", f"/channels/{channel}/sketches", {"title": "Many"}, person)["id"]
    for begin in range(0, STROKES, AT_ONCE):
        elements = [_stroke(number) for number in range(begin, begin + AT_ONCE)]
        server.call("POST", f"/sketches/{sketch}/elements", {"elements": elements}, person)
    return f"/c/{channel}/sketches/{sketch}"


def _stroke(number: int) -> dict[str, Any]:
    colors = ("#1e1e1e", "#e03131", "#2f9e44", "#1971c2")
    wave = [
        [at, round(20 + 14 * math.sin(at / 5 + number), 1), round(0.3 + 0.4 * abs(math.sin(at / 9)), 2)]
        for at in range(POINTS)
    ]
    return {
        "kind": "stroke",
        "color": colors[number % 4],
        "stroke_width": 2,
        "points": wave,
        "x": (number % ROW) * APART,
        "y": (number // ROW) * APART,
        "z": number,
    }


async def measure() -> Figures:
    with running() as server:
        reader = server.register("reader")
        path = fill(server, reader)
        url = f"http://{server.host}:{server.port}"
        async with (
            open_browser(find(WINDOWED)) as (browser, _),
            signed_in(browser, url, int(path.split("/")[2])) as visitor,
        ):
            page = visitor.page
            await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            chat = await _scripts(page)
            opened = float(await page.evaluate(SHOWN, path))
            await settle(page)
            script = sum(_packed(name) for name in await _scripts(page) - chat)
            return Figures(script, opened, await _moved(page), await _inked(page))


async def _scripts(page: Page) -> set[str]:
    return {
        path for path in await page.evaluate(SCRIPTS) if path.startswith("/assets/") and path.endswith(".js")
    }


def _packed(path: str) -> int:
    file = BUILT / path.lstrip("/")
    return file.with_name(f"{file.name}.gz").stat().st_size


async def _moved(page: Page) -> dict[str, Frames]:
    moved = {}
    await page.get_by_role("button", name="Show everything").click()
    await asyncio.sleep(2)
    moved["panning, all strokes in view"] = Frames.of(await page.evaluate(MOVE, [SECONDS, 6, 4, 0]))
    moved["zooming, from all to a few"] = Frames.of(await page.evaluate(MOVE, [SECONDS, 0, 0, 4]))
    await page.get_by_role("button", name="show in its own size").click()
    await asyncio.sleep(1)
    moved["panning, at their own size"] = Frames.of(await page.evaluate(MOVE, [SECONDS, 14, 9, 0]))
    return moved


async def _inked(page: Page) -> list[float]:
    await page.get_by_role("button", name="Show everything").click()
    await asyncio.sleep(2)
    await page.evaluate(WATCH_INK)
    await page.get_by_role("button", name="Pen").click()
    for stroke in range(DRAWN):
        await page.mouse.move(LEFT, 160 + 30 * stroke)
        await page.mouse.down()
        for move in range(MOVES):
            await page.mouse.move(LEFT + 8 * move, 160 + 30 * stroke + 12 * math.sin(move / 4))
        await page.mouse.up()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    return [float(one) for one in await page.evaluate("inked()")]


def report(found: Figures) -> None:
    p50, p95 = statistics.median(found.ink), statistics.quantiles(found.ink, n=20)[18]
    slowest = min(frames.median_fps for frames in found.moved.values())
    publish(
        "sketch-page",
        "A sketch in Chromium",
        [
            NOTE,
            table(
                ["frames", "median", "mean", "longest"],
                [[name, *frames.cells()] for name, frames in found.moved.items()],
            ),
            (
                f"The sketch is there {found.opened:,.0f} ms after the click. "
                f"Ink: {len(found.ink):,} samples, p50 {p50:.1f} ms."
            ),
            "\n".join(
                (
                    verdict(
                        "script of a sketch, beyond the channel's, gzip",
                        found.script / 1000,
                        60,
                        "kB",
                        at_most=True,
                    ),
                    verdict(f"{STROKES:,} strokes panned and zoomed, slowest median", slowest, 50, "fps"),
                    verdict("ink, p95", p95, 25, "ms", at_most=True),
                )
            ),
        ],
    )


if __name__ == "__main__":
    report(uvloop.run(measure()))
