"""`make screenshots`: each view in light, in dark and on a phone, into docs/images."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.fakes.provider import FakeProvider
from tests.house import House
from tests.web.chromium import find, open_browser
from tests.web.gallery import FIRST_RUN, View, furnish, settings, show
from tests.web.servers import Server
from tests.web.visitor import PHONE, open_visitor

PLACE = Path(__file__).parents[2] / "docs" / "images"
PAINTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = '32px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"';
  canvas.fillText("\\u{1f600}", 0, 32);
  const pixels = canvas.getImageData(0, 0, 40, 40).data;
  return pixels.some((value, index) => index % 4 < 3 && value > 0);
}
"""
"""Whether an emoji is painted in any colour but black."""

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light", "device_scale_factor": 1.5},
}


async def take_all(wanted: set[str]) -> None:
    """Of the views of these names; of all, where there are none."""
    PLACE.mkdir(parents=True, exist_ok=True)
    async with FakeProvider() as fake, open_browser(find()) as (browser, _):
        await look_for_emoji(browser)
        with (
            tempfile.TemporaryDirectory() as place,
            Server(Path(place), **settings(fake)) as server,
        ):
            async with House(server.url) as house:
                for look in LOOKS:
                    await take(browser, server.url, look, [FIRST_RUN], wanted)
                world = await furnish(house, fake)
                for look in LOOKS:
                    await take(browser, server.url, look, world.views(), wanted)


async def look_for_emoji(browser: Browser) -> None:
    """Machines without a screen seldom have a font with emoji, and what npm has of them Chromium may not paint."""
    async with await browser.new_context() as context:
        if not await (await context.new_page()).evaluate(PAINTS):
            raise SystemExit(
                "Pictures need a font with emoji. On Debian: apt-get install fonts-noto-color-emoji"
            )


async def take(browser: Browser, url: str, look: str, views: list[View], wanted: set[str]) -> None:
    chosen = [view for view in views if not wanted or view.name in wanted]
    for who in dict.fromkeys(view.who for view in chosen):
        async with open_visitor(browser, url, **LOOKS[look]) as visitor:
            if who:
                await visitor.sign_in(who)
            for view in chosen:
                if view.who == who:
                    await show(visitor, view)
                    await visitor.page.screenshot(path=PLACE / f"{view.name}-{look}.png")


if __name__ == "__main__":
    asyncio.run(take_all(set(sys.argv[1:])))
    sys.stdout.write(f"{len(list(PLACE.glob('*.png')))} pictures in {PLACE}\n")
