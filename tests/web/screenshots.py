"""`make screenshots`: each view in light, in dark and on a phone, into docs/images."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Route

import hatch_build
from tests.fakes.provider import FakeProvider
from tests.house import House
from tests.web.chromium import find, open_browser
from tests.web.gallery import FIRST_RUN, View, furnish, settings, show
from tests.web.servers import Server
from tests.web.visitor import PHONE, Visitor, open_visitor

PLACE = Path(__file__).parents[2] / "docs" / "images"
EMOJI = hatch_build.MODULES / "@fontsource" / "noto-color-emoji" / "files"
FONTS = ':root { --font: "Inter Variable", "Noto Color Emoji", sans-serif; }'
LOAD = """document.fonts.load('16px "Noto Color Emoji"', document.body.textContent)"""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light", "device_scale_factor": 1.5},
}


async def take_all(wanted: set[str]) -> None:
    """Of the views of these names; of all, where there are none."""
    PLACE.mkdir(parents=True, exist_ok=True)
    async with FakeProvider() as fake, open_browser(find()) as (browser, _):
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


async def bring_emoji(visitor: Visitor) -> None:
    """Machines without a screen seldom have a font with emoji."""

    async def answer(route: Route) -> None:
        await route.fulfill(path=EMOJI / route.request.url.rsplit("/", 1)[1])

    await visitor.context.route("**/files/noto-color-emoji-*", answer)
    await visitor.page.add_style_tag(content=(EMOJI.parent / "index.css").read_text("utf-8") + FONTS)
    await visitor.page.evaluate(LOAD)


async def take(browser: Browser, url: str, look: str, views: list[View], wanted: set[str]) -> None:
    chosen = [view for view in views if not wanted or view.name in wanted]
    for who in dict.fromkeys(view.who for view in chosen):
        async with open_visitor(browser, url, bypass_csp=True, **LOOKS[look]) as visitor:
            if who:
                await visitor.sign_in(who)
            for view in chosen:
                if view.who == who:
                    await show(visitor, view)
                    await bring_emoji(visitor)
                    await visitor.page.screenshot(path=PLACE / f"{view.name}-{look}.png")


if __name__ == "__main__":
    asyncio.run(take_all(set(sys.argv[1:])))
    sys.stdout.write(f"{len(list(PLACE.glob('*.png')))} pictures in {PLACE}\n")
