"""Somebody at a browser. What a page must never do is noted, whoever looks: `noted` is empty after every good test."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.house import PASSWORD

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

_WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  noted(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
globalThis.pwned = (what) => noted(`executed: ${what}`);
"""
_BAD_NEWS = re.compile("content security policy|trusted ?type|refused to", re.IGNORECASE)


class Visitor:
    """One person's browser: cookies and storage of its own, any number of tabs. `page` is the first."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.noted: list[str] = []
        self.page: Page

    async def tab(self, path: str = "/") -> Page:
        page = await self.context.new_page()
        await page.goto(self.url + path)
        return page

    async def register(self, name: str) -> None:
        """On the view that is open."""
        await self.page.get_by_label("Username").fill(name)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name=re.compile("^Create account")).click()
        await self.is_in()

    async def sign_in(self, name: str, password: str = PASSWORD) -> None:
        await self.page.goto(self.url + "/sign-in")
        await self.page.get_by_label("Username").fill(name)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.is_in()

    async def is_in(self) -> None:
        """The page knows who it is for."""
        await expect(self.page.locator("html[data-session=signed_in]")).to_be_attached()

    async def open(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def say(self, text: str, page: Page | None = None) -> None:
        composer = composer_of(page or self.page)
        await composer.fill(text)
        await composer.press("Enter")

    async def sees(self, text: str, page: Page | None = None, times: int = 1) -> None:
        """In the channel that is open, sent, and so often."""
        await expect(message_with(page or self.page, text)).to_have_count(times)

    def note(self, what: str) -> None:
        self.noted.append(what)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.noted.append(f"error at {page.url}: {error.stack}"))
        page.on("dialog", lambda dialog: self.noted.append(f"dialog: {dialog.message}"))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if _BAD_NEWS.search(message.text):
            self.noted.append(f"console: {message.text}")

    def ask(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.noted.append(f"foreign: {request.url}")


@asynccontextmanager
async def open_visitor(browser: Browser, url: str, **options: Any) -> AsyncIterator[Visitor]:
    """A new browser profile; fails at its end when the page did what no page of ours may do."""
    context = await browser.new_context(**{"reduced_motion": "reduce", "locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context, url)
    context.on("page", visitor.watch)
    context.on("request", visitor.ask)
    await context.expose_function("noted", visitor.note)
    await context.add_init_script(_WATCH)
    visitor.page = await context.new_page()
    try:
        yield visitor
    finally:
        await context.close()
    assert not visitor.noted, "\n".join(visitor.noted)


def composer_of(page: Page) -> Locator:
    return page.get_by_label(re.compile("^Message to "))


def message_with(page: Page, text: str) -> Locator:
    """Confirmed messages alone: one on its way has no seq yet."""
    return page.locator("article[data-seq]", has_text=text)
