"""The system's Chromium, started so that whatever it asks of a foreign host comes to us instead."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

WINDOWED = ("chromium", "chromium-browser", "google-chrome")
SHELL = ("chromium-headless-shell", "chrome-headless-shell", *WINDOWED)
"""The same engine without a browser's windows, where it is: each of those costs two seconds of CPU."""

SWITCHED_OFF = (
    "AutofillServerCommunication",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "SystemNotifications",  # the desktop's: notices would wait for a bus that machines without a screen don't have
    "Translate",
)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # What the browser itself would ask its maker for.
    "--gaia-url=http://127.0.0.1:9",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--disable-domain-reliability",
    f"--disable-features={','.join(SWITCHED_OFF)}",
)


ITS_OWN = "redirector.gvt1.com"
"""Where Chromium gets its dictionaries when somebody writes; no flag stops it. What pages ask is seen elsewhere."""


class Trap:
    """A proxy that leads nowhere: the address of everything that isn't on this machine, and it keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readline()).decode("latin-1").strip()
        if ITS_OWN not in asked:
            self.asked.append(asked)
        writer.close()


def find(names: tuple[str, ...] = SHELL) -> Path:
    """Skips the test where there is none; in CI that is a failure."""
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None and "CI" in os.environ:
        pytest.fail("CI has no Chromium: .ci/run installs it.")
    if found is None:
        pytest.skip("There is no Chromium here (Debian: apt install chromium).")
    return Path(found)


@asynccontextmanager
async def open_browser(program: Path, *flags: str) -> AsyncIterator[tuple[Browser, Trap]]:
    trap = Trap()
    async with await asyncio.start_server(trap.take, "127.0.0.1", 0) as listening, async_playwright() as play:
        port = listening.sockets[0].getsockname()[1]
        proxied = (f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=127.0.0.1")
        browser = await play.chromium.launch(executable_path=program, args=[*FLAGS, *proxied, *flags])
        try:
            yield browser, trap
        finally:
            await browser.close()
