"""The topics that live on this instance: one while somebody holds it, opened once for all who ask at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from connections.bus import Bus
from connections.counts import Counts
from connections.shelf import Shelf
from connections.subscription import Subscription
from connections.topic import RETRY_SECONDS, Ahead, Log, Tap, Topic
from models.errors import Unavailable
from models.gathered import Gathered

Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Topics:
    """Belongs to one manager. Who opens a topic holds it until it is released."""

    def __init__(
        self, bus: Bus, history: Log, spawn: Spawn, drop: Callable[[Subscription], None], counts: Counts
    ) -> None:
        self._bus = bus
        self._history = history
        self._spawn = spawn
        self._drop = drop
        self._counts = counts
        self._shelf = Shelf()
        self._heads = Gathered(self._read_heads)
        self._topics: dict[str, Topic] = {}
        self._opening: dict[str, asyncio.Task[Topic]] = {}
        self._holders: dict[str, int] = {}
        self._is_comparing = False

    def __len__(self) -> int:
        return len(self._topics)

    def get(self, name: str) -> Topic | None:
        return self._topics.get(name)

    def names(self, prefix: str = "") -> list[str]:
        return [name for name in self._topics if name.startswith(prefix)]

    async def open(self, name: str) -> Topic:
        """Listening to the bus, and with its head known. Raises Unavailable."""
        self._holders[name] = self._holders.get(name, 0) + 1
        try:
            if name in self._topics:
                return self._topics[name]
            if name not in self._opening:
                self._opening[name] = asyncio.create_task(self._make(name), name=name)
                self._opening[name].add_done_callback(self._opened)
            return await asyncio.shield(self._opening[name])
        except BaseException:
            self.release(name)
            raise

    def release(self, name: str) -> None:
        self._holders[name] -= 1
        if not self._holders[name]:
            del self._holders[name]
            topic = self._topics.pop(name, None)
            if topic is not None:
                topic.close()
            self._opening.pop(name, None)  # whoever comes next listens anew
            self._bus.forget(name)

    async def tap(self, name: str, hear: Tap, ahead: Ahead) -> None:
        """`hear` gets each entry of the topic once, in order, until `untap`; `ahead` says what was whispered of what is
        still to be told. One at a time may. Raises Unavailable.
        """
        topic = await self.open(name)
        topic.tap, topic.ahead = hear, ahead

    def untap(self, name: str) -> None:
        topic = self._topics.get(name)
        if topic:
            topic.tap = topic.ahead = None
        self.release(name)

    async def _make(self, name: str) -> Topic:
        await self._bus.listen(name)
        head = await self._heads.get(name)
        topic = Topic(name, head, self._history, self._spawn, self._drop, self._counts, self._shelf)
        if self._opening.get(name) is asyncio.current_task():
            self._topics[name] = topic
        return topic

    async def _read_heads(self, names: Sequence[str]) -> list[int]:
        heads = await self._history.heads(names)
        return [heads.get(name, 0) for name in names]

    def _opened(self, task: asyncio.Task[Topic]) -> None:
        if self._opening.get(task.get_name()) is task:
            del self._opening[task.get_name()]
        if not task.cancelled():
            task.exception()  # raised where the topic was asked for, if anyone still waits

    def compare(self, names: Iterable[str] | None) -> None:
        """Something may have been lost on the bus: looks at the heads of the logs, of all topics or of these."""
        wanted = self.names() if names is None else [name for name in names if name in self._topics]
        if wanted and not (names is None and self._is_comparing):
            self._is_comparing = self._is_comparing or names is None
            self._spawn(self._compare(wanted, is_all=names is None))

    async def _compare(self, names: list[str], *, is_all: bool) -> None:
        heads = await self._heads_somehow(names)
        if is_all:
            self._is_comparing = False
        for name, head in heads.items():
            topic = self._topics.get(name)
            if topic and topic.seq < head:
                topic.reach(head)

    async def _heads_somehow(self, names: list[str]) -> dict[str, int]:
        """However long the database is away: a fence that was passed over would be one fact lost."""
        while True:
            try:
                return await self._history.heads(names)
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)
