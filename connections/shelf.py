"""Pages of logs that were just read, for those who come for the same a moment later.

What a log says of a seq doesn't change, and what came after the reading is read by whoever has taken the page: so a
page may be given again. It is kept for a few seconds, and all together stay within a bound.
"""

import asyncio
from collections import deque
from typing import NamedTuple

from models.facts import Entry

KEPT_SECONDS = 5.0
KEPT_BYTES = 8 * 1024 * 1024


class _Page(NamedTuple):
    """`entries` follow `after` without a gap."""

    topic: str
    after: int
    entries: list[Entry]
    size: int
    until: float


class Shelf:
    """Of one instance. Old pages go when others come or are asked for."""

    def __init__(self) -> None:
        self._pages: dict[str, deque[_Page]] = {}
        self._order: deque[_Page] = deque()
        self._bytes = 0

    def put(self, topic: str, after: int, entries: list[Entry], size: int) -> None:
        """A page that was read; `size` in bytes."""
        page = _Page(topic, after, entries, size, _now() + KEPT_SECONDS)
        self._pages.setdefault(topic, deque()).append(page)
        self._order.append(page)
        self._bytes += size
        self._clear()

    def find(self, topic: str, after: int, head: int, limit: int) -> list[Entry]:
        """What a read of the log would give: so many entries, or all up to the head. Nothing where no page has it."""
        self._clear()
        for page in self._pages.get(topic, ()):
            last = page.entries[-1].seq
            if page.after <= after < last and last >= min(head, after + limit):
                return page.entries[after - page.after :]
        return []

    def _clear(self) -> None:
        while self._order and (self._bytes > KEPT_BYTES or self._order[0].until < _now()):
            page = self._order.popleft()
            self._bytes -= page.size
            self._pages[page.topic].popleft()
            if not self._pages[page.topic]:
                del self._pages[page.topic]


def _now() -> float:
    return asyncio.get_running_loop().time()
