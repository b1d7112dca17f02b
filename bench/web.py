"""The page in headless Chromium: how much script it loads, when it shows something, and how smooth it stays.

The browser, the server and PostgreSQL share the machine. Each figure is the median of its rounds, or of all frames.
"""

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvloop
from playwright.async_api import Browser, Page

from bench.crowd import Poster
from bench.history import MESSAGES, fill
from bench.results import publish, table, verdict
from bench.running import Person, Server, running
from server.page import BUILT
from tests.web.chromium import WINDOWED, find, open_browser
from tests.web.gallery import settle
from tests.web.visitor import Visitor, composer_of, open_visitor

ROUNDS = 5
KEYS = 60
FRAMES_PER_SECOND = 60
THROTTLE = 4
SCROLL_SECONDS = 4.0
RATE, RATE_SECONDS, POSTERS = 200, 5.0, 4

NOTE = f"""\
Headless and without a graphics card; {ROUNDS} rounds, and {KEYS} messages of one's own. A key is pressed
at any moment of a frame, and its time runs until the frame that shows the message is painted, so waiting for that
frame, 8 ms on average, is in it."""

FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
SCRIPTS = "performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"

OPENED = """
([path, last]) => new Promise((resolve) => {
  const link = document.querySelector(`a[href="${path}"]`);
  const began = performance.now();
  const look = () => {
    const place = document.querySelector(`article[data-seq="${last}"]`);
    if (!place) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  };
  link.click();
  look();
})
"""
"""From the click to the frame after the newest message is there."""

FRAMES = """
([seconds, by]) => new Promise((resolve) => {
  const scroller = document.querySelector(".list-scroller");
  const times = [];
  const step = (now) => {
    times.push(now);
    if (by) scroller.scrollTop += by;
    if (now - times[0] < seconds * 1000) requestAnimationFrame(step);
    else resolve(times.slice(1).map((time, index) => time - times[index]));
  };
  requestAnimationFrame(step);
})
"""
"""The time between each frame and the next, while the list is scrolled by so many pixels in each."""

WATCH_KEY = """
(text) => {
  globalThis.took = new Promise((resolve) => {
    let pressed = 0, article = null, shown = 0;
    const find = () => [...document.querySelectorAll("article")].findLast((one) => one.textContent.includes(text));
    addEventListener("keydown", (event) => { if (event.key === "Enter") pressed ||= event.timeStamp; },
      { capture: true });
    new MutationObserver(() => { if (pressed) article ??= find(); })
      .observe(document.body, { subtree: true, childList: true });
    const afterPaint = new MessageChannel();
    afterPaint.port1.onmessage = () => { if (article) shown ||= performance.now(); };
    const frame = () => {
      afterPaint.port2.postMessage(0);
      if (shown && find()?.dataset.seq) resolve([shown - pressed, performance.now() - pressed]);
      else requestAnimationFrame(frame);
    };
    frame();
  });
}
"""
"""From the key until the frame that shows the message is painted, and until it has its seq."""


class Frames(NamedTuple):
    """What a stretch of frames was like."""

    median_fps: float
    mean_fps: float
    longest: float

    @classmethod
    def of(cls, milliseconds: list[float]) -> "Frames":
        mean = statistics.fmean(milliseconds)
        return cls(1000 / statistics.median(milliseconds), 1000 / mean, max(milliseconds))

    def cells(self) -> list[str]:
        return [f"{self.median_fps:.1f} fps", f"{self.mean_fps:.1f} fps", f"{self.longest:.0f} ms"]


class Figures(NamedTuple):
    """All that is measured; times in milliseconds."""

    script: int
    paint: float
    opened: float
    scrolled: Frames
    quiet: Frames
    busy: Frames
    arrived: float
    shown: float
    confirmed: float


async def measure() -> Figures:
    with running() as server:
        person, other = server.register("reader"), server.register("writer")
        full, busy, quiet = (server.channel(person, name) for name in ("full", "busy", "quiet"))
        await fill(server, full, person)
        for channel in (busy, quiet):
            server.call("PUT", f"/channels/{channel}/members/{other.id}", {}, person)
        async with open_browser(find(WINDOWED)) as (browser, _):
            url = f"http://{server.host}:{server.port}"
            paint = await first_paint(browser, url)
            async with signed_in(browser, url, quiet) as visitor:
                script = await script_bytes(visitor.page)
                opened = statistics.median([await open_full(visitor, quiet, full) for _ in range(ROUNDS)])
                scrolled = Frames.of(await visitor.page.evaluate(FRAMES, [SCROLL_SECONDS, -60]))
                await visitor.open(f"/c/{busy}")
                await settle(visitor.page)
                still = Frames.of(await visitor.page.evaluate(FRAMES, [2.0, 0]))
                frames, arrived = await arriving(server, visitor.page, busy, other)
                shown, confirmed = await own_messages(visitor, quiet)
    return Figures(script, paint, opened, scrolled, still, frames, arrived, shown, confirmed)


@asynccontextmanager
async def signed_in(browser: Browser, url: str, channel: int) -> AsyncIterator[Visitor]:
    async with open_visitor(browser, url) as visitor:
        await visitor.sign_in("reader")
        await visitor.open(f"/c/{channel}")
        await settle(visitor.page)
        yield visitor


async def first_paint(browser: Browser, url: str) -> float:
    """Of somebody who has never been here, on a processor that is so many times slower."""
    took = []
    for _ in range(ROUNDS):
        async with open_visitor(browser, url) as visitor:
            session = await visitor.context.new_cdp_session(visitor.page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
            await visitor.open("/")
            await settle(visitor.page)
            took.append(float(await visitor.page.evaluate(FIRST_PAINT)))
    return statistics.median(took)


async def script_bytes(page: Page) -> int:
    """All scripts that a channel's view has loaded, workers' too, as they are packed with gzip."""
    loaded = {path for path in await page.evaluate(SCRIPTS) if path.endswith(".js")}
    workers = {f"/assets/{path.name}" for path in BUILT.glob("assets/shared-*.js")}
    files = [BUILT / path.lstrip("/") for path in loaded | workers]
    return sum(packed(path).stat().st_size for path in files if path.name != "service-worker.js")


def packed(path: Path) -> Path:
    """What is served in its place; the smallest files aren't packed."""
    smaller = path.with_name(f"{path.name}.gz")
    return smaller if smaller.exists() else path


async def open_full(visitor: Visitor, quiet: int, full: int) -> float:
    """From the sidebar, with nothing of the channel in memory."""
    await visitor.open(f"/c/{quiet}")
    await settle(visitor.page)
    last = (await newest(visitor.page, full))["seq"]
    return float(await visitor.page.evaluate(OPENED, [f"/c/{full}", last]))


async def newest(page: Page, channel: int) -> Any:
    found = await page.evaluate(
        "(path) => fetch(path).then((answer) => answer.json())",
        f"/api/v1/channels/{channel}/messages?limit=1",
    )
    return found["items"][-1]


async def arriving(server: Server, page: Page, channel: int, other: Person) -> tuple[Frames, float]:
    """The frames while so many messages a second come, and how many a second there really were."""
    posters = [await Poster.open(server, f"/ws/channels/{channel}", other) for _ in range(POSTERS)]
    for number, poster in enumerate(posters):
        poster.name = b"busy%d" % number
    posting = asyncio.create_task(post_steadily(posters, RATE_SECONDS + 1))
    await asyncio.sleep(0.5)
    frames = Frames.of(await page.evaluate(FRAMES, [RATE_SECONDS, 0]))
    rate = await posting
    for poster in posters:
        poster.check()
        poster.close()
    return frames, rate


async def post_steadily(posters: list[Poster], seconds: float) -> float:
    began, posted = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        while posted < passed * RATE:
            posters[posted % len(posters)].post(1)
            posted += 1
        await asyncio.sleep(0.002)
    return posted / seconds


async def own_messages(visitor: Visitor, channel: int) -> tuple[float, float]:
    """From Enter to the screen, and to the server's word for it."""
    await visitor.open(f"/c/{channel}")
    await settle(visitor.page)
    shown, confirmed = [], []
    chance = random.Random(KEYS)  # noqa: S311 - the same moments each time
    for number in range(KEYS):
        text = f"number {number:03}"
        await composer_of(visitor.page).fill(text)
        await visitor.page.evaluate(WATCH_KEY, text)
        # Else each would be pressed as early in a frame as the one before.
        await asyncio.sleep(chance.random() * 2 / FRAMES_PER_SECOND)
        await composer_of(visitor.page).press("Enter")
        on_screen, sure = await visitor.page.evaluate("took")
        shown.append(on_screen)
        confirmed.append(sure)
    return statistics.median(shown), statistics.median(confirmed)


def report(found: Figures) -> None:
    rows = [
        [f"scrolling a channel of {MESSAGES:,}", *found.scrolled.cells()],
        [f"{found.arrived:.0f} messages/s arriving", *found.busy.cells()],
        ["nothing happening", *found.quiet.cells()],
    ]
    publish(
        "web",
        "The page in Chromium",
        [
            NOTE,
            table(["frames", "median", "mean", "longest"], rows),
            "\n".join(
                (
                    verdict("script of a channel's view, gzip", found.script / 1000, 90, "kB", at_most=True),
                    verdict(
                        f"first contentful paint, {THROTTLE}x slower",
                        found.paint / 1000,
                        1,
                        "s",
                        at_most=True,
                    ),
                    verdict(f"a channel of {MESSAGES:,} opens", found.opened, 300, "ms", at_most=True),
                    verdict("scrolling, median", found.scrolled.median_fps, 55, "fps"),
                    verdict(f"{RATE} messages/s arriving, mean", found.busy.mean_fps, 50, "fps"),
                    verdict("own message on the screen", found.shown, 16, "ms", at_most=True),
                    verdict("own message confirmed", found.confirmed, 50, "ms", at_most=True),
                )
            ),
        ],
    )


if __name__ == "__main__":
    report(uvloop.run(measure()))
