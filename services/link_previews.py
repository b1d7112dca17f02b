"""Previews of links: what a page says of itself, fetched beside the log after a message was told, and told then.

Nobody waits for one, and nothing depends on one: what can't be had, or is too much at once, is left out.
"""

import asyncio
import re
from html.parser import HTMLParser
from typing import Self

import structlog

from models.chat import Message, Preview
from models.errors import Fault
from models.facts import channel_topic
from services.integration_ports import Outside, Previewed
from services.ports import Publisher

LINKS = 3
"""Of one message that are looked at."""

PAGE_BYTES = 64 * 1024
"""Of a page that are read: what it says of itself stands in its head."""

AT_ONCE, WAITING = 4, 100
"""Messages that are worked on at the same time, and that may wait for it; further ones get no previews."""

_LINK = re.compile(r"https?://[^\s<>\"'`()\[\]]{3,2000}")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_END = ".,;:!?*_~"
_TITLE, _DESCRIPTION, _SITE = 200, 300, 80
_HTML = ("text/html", "application/xhtml+xml")

log = structlog.get_logger()


class LinkPreviews:
    """An async context manager: `posted` only notes a message."""

    def __init__(self, outside: Outside, messages: Previewed, publisher: Publisher) -> None:
        self._outside = outside
        self._messages = messages
        self._publisher = publisher
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(WAITING)
        self._workers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._workers = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def posted(self, message: Message) -> None:
        """Never waits."""
        if "http" in message.text and not self._waiting.full():
            self._waiting.put_nowait(message)

    async def _work(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                await self._preview(message)
            except Fault as fault:
                log.info("preview_refused", channel_id=message.channel_id, code=fault.code)
            except Exception:
                log.exception("preview_broke", channel_id=message.channel_id, seq=message.seq)

    async def _preview(self, message: Message) -> None:
        previews = [found for url in links_in(message.text) if (found := await self._look(url))]
        if not previews:
            return
        entry = await self._messages.preview(message, previews)
        if entry is not None:
            self._publisher.tell(channel_topic(message.channel_id), [entry])

    async def _look(self, url: str) -> Preview | None:
        try:
            answer = await self._outside.get(url, PAGE_BYTES)
        except Fault:
            return None
        kind, _, rest = answer.kind.partition(";")
        if answer.status != 200 or kind.strip().lower() not in _HTML:
            return None
        return await asyncio.to_thread(preview_of, url, answer.body, rest)


def links_in(text: str) -> list[str]:
    """The first few, each once; not those in code."""
    found = [link.rstrip(_END) for link in _LINK.findall(_CODE.sub(" ", text))]
    return [*dict.fromkeys(found)][:LINKS]


def preview_of(url: str, body: bytes, parameters: str = "") -> Preview | None:
    """None for a page that has no title."""
    reader = _Head()
    reader.feed(_text(body, parameters))
    said = reader.said
    title = _line(said.get("og:title") or said.get("title", ""), _TITLE)
    description = _line(said.get("og:description") or said.get("description", ""), _DESCRIPTION)
    site = _line(said.get("og:site_name", ""), _SITE)
    return Preview(url, title, description, site) if title else None


def _text(body: bytes, parameters: str) -> str:
    found = re.search(r"charset=[\"']?([\w-]{1,40})", parameters, re.IGNORECASE)
    try:
        return body.decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _line(text: str, most: int) -> str:
    """One line without what no message may hold."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.split())[:most]


class _Head(HTMLParser):
    """The title and the descriptions of a page's head, each as it first stands there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = "title" not in self.said
        elif tag == "meta":
            known = dict(attrs)
            name = known.get("property") or known.get("name") or ""
            self.said.setdefault(name.lower(), known.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.said["title"] = self.said.get("title", "") + data
