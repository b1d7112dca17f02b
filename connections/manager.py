"""Who listens to what on this instance, and the way of every fact to them.

A fact is delivered to this instance's own sockets at once and published for the others.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import NamedTuple, Self

import structlog

from connections import presence
from connections.bus import Bus
from connections.connection import LAGGING, Connection
from connections.counts import Counts
from connections.presence import Presence
from connections.subscription import Subscription
from connections.topic import Log, Topic, within
from connections.topics import Topics
from models.errors import Conflict
from models.facts import Entry
from models.tasks import Tasks

ANSWER_BYTES = 48 * 1024
"""Facts within the answer to a subscription; the rest follow by themselves."""

PAUSED_SECONDS = 30.0
"""How long a socket's buffer may stay full."""

BEAT_SECONDS = 8
"""A silent peer is pinged after one to two of these, and given up after one more: 24 s at most."""

DRAIN_SECONDS, STEP_SECONDS = 6.0, 0.5
"""Within which all sockets are closed before a stop, and at most between two of them."""

RESTARTING, TOO_SLOW, CANNOT_PROMISE = 1012, 4000, 4002

WentLive = Callable[[str, Callable[[bytes], None]], None]
"""Called with a topic and the way to one socket that hears it from now on, without what only passed before."""

Told = Callable[[str, Sequence[Entry]], None]
"""Called with what was committed here, after it was told."""

log = structlog.get_logger()


class Resumed(NamedTuple):
    """Where a subscription begins: the facts that the answer holds, and whether they are all there are."""

    subscription: Subscription
    head_seq: int
    entries: list[Entry]
    is_complete: bool


class Manager:
    """An async context manager: its tasks end with it."""

    def __init__(self, bus: Bus, history: Log) -> None:
        self._bus = bus
        self.counts = Counts()
        self.presence = Presence(bus)
        self._tasks = Tasks()
        self.spawn = self._tasks.spawn
        self._topics = Topics(bus, history, self.spawn, self._end, self.counts)
        self.tap, self.untap = self._topics.tap, self._topics.untap
        self._beats: list[set[Connection]] = [set() for _ in range(BEAT_SECONDS)]
        self._timers: dict[Connection, asyncio.TimerHandle] = {}
        self._heard: set[Topic] = set()
        self.went_live: WentLive = lambda _topic, _send: None
        self.told: Told = lambda _topic, _entries: None

    async def __aenter__(self) -> Self:
        self._bus.open(self.heard, self._topics.compare)
        self.spawn(self._beat())
        self.spawn(self.presence.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.end()

    @property
    def connections(self) -> int:
        return self.presence.sockets

    def connect(self, connection: Connection) -> None:
        """From here on the connection's pauses, its silence and its end are noticed."""
        min(self._beats, key=len).add(connection)
        self.presence.arrive(connection.owner)
        connection.watch(
            lambda: self._pause(connection),
            lambda: self._resume(connection),
            lambda: self.disconnect(connection),
        )

    def disconnect(self, connection: Connection) -> None:
        """Forgets it; nothing is written to it any more. May be called again."""
        if not connection.is_open:
            return
        connection.is_open = False
        self._stop_timer(connection)
        for connections in self._beats:
            connections.discard(connection)
        self.presence.leave(connection.owner)
        for subscription in list(connection.subscriptions.values()):
            self._leave(subscription)
        connection.ended()

    def close(self, connection: Connection, code: int, reason: str) -> None:
        """Ends it with a close code that says why."""
        self.disconnect(connection)
        connection.close(code, reason)

    async def drain(self, farewell: Callable[[float], bytes]) -> None:
        """Tells every socket after how many seconds it is closed, and closes each then: evenly, not all at once."""
        connections = [connection for beat in self._beats for connection in beat]
        step = min(DRAIN_SECONDS / max(1, len(connections)), STEP_SECONDS)
        later = asyncio.get_running_loop().call_later
        for number, connection in enumerate(connections):
            connection.send(farewell(number * step))
            later(number * step, self.close, connection, RESTARTING, "restarting")
        await asyncio.sleep(len(connections) * step)

    async def _beat(self) -> None:
        """A second a share of the sockets, so that their pings don't come all at once."""
        while True:
            self._topics.compare(None)  # an instance may have died between a commit and its telling
            for connections in self._beats:
                await asyncio.sleep(1)
                for connection in list(connections):
                    connection.beat()

    def _pause(self, connection: Connection) -> None:
        connection.is_paused = True
        connection.hold(LAGGING)
        for subscription in connection.subscriptions.values():
            subscription.topic.fall_behind(connection)
        loop = asyncio.get_running_loop()
        self._timers[connection] = loop.call_later(PAUSED_SECONDS, self._give_up, connection)

    def _give_up(self, connection: Connection) -> None:
        self.counts.too_slow += 1
        self.close(connection, TOO_SLOW, "too slow")

    def _resume(self, connection: Connection) -> None:
        connection.is_paused = False
        connection.release(LAGGING)
        self._stop_timer(connection)
        for subscription in list(connection.subscriptions.values()):
            self.start(subscription)

    def _stop_timer(self, connection: Connection) -> None:
        timer = self._timers.pop(connection, None)
        if timer:
            timer.cancel()

    # Subscriptions.

    async def subscribe(
        self,
        connection: Connection,
        name: str,
        admit: Callable[[], Awaitable[int]],
        after: int | None,
        *,
        is_silent: bool = False,
        answers: bool = True,
    ) -> Resumed:
        """Listens first, then asks `admit` for the right and the head, then reads: nothing falls between.

        The connection hears nothing before `start`, so its answer can go out first; with `answers` that holds the
        first facts. Raises what `admit` raises, Conflict for an `after` that the log hasn't reached, Unavailable.
        """
        topic = await self._topics.open(name)
        try:
            head = await admit()
            cursor = self._begin(after, head)
            entries = await topic.read(cursor, head) if answers and cursor < head else []
            # What is newer than the right must come by `catch_up`, which knows when to stop.
            entries = [entry for entry in entries if entry.seq <= head]
        except BaseException:
            self._topics.release(name)
            raise
        self.unsubscribe(connection, name)
        subscription = Subscription(connection, topic, cursor, head, is_silent)
        if connection.is_open:
            connection.subscriptions[name] = subscription
            topic.add(subscription)
        else:
            self._topics.release(name)
        first = within(entries, ANSWER_BYTES)
        subscription.cursor = first[-1].seq if first else cursor
        return Resumed(subscription, head, first, subscription.cursor >= head)

    @asynccontextmanager
    async def holding(self, name: str) -> AsyncIterator[None]:
        """Listens to a topic meanwhile: a right that is checked within is good for a subscription within."""
        await self._topics.open(name)
        try:
            yield
        finally:
            self._topics.release(name)

    def _begin(self, after: int | None, head: int) -> int:
        if after is None:
            return head
        self.counts.resumed += 1
        if after > head:
            self.counts.refused += 1
            raise Conflict(f"The newest fact is {head}: `after` comes from another life of this server.")
        return after

    def start(self, subscription: Subscription) -> None:
        """Live at once where nothing is missing, else after what is missing."""
        if subscription.topic.go_live(subscription):
            self.went_live(subscription.topic.name, subscription.connection.send)
        else:
            self.spawn(self._catch_up(subscription))

    async def _catch_up(self, subscription: Subscription) -> None:
        try:
            if await subscription.topic.catch_up(subscription):
                self.went_live(subscription.topic.name, subscription.connection.send)
        except Exception:
            log.exception("catch_up_failed", connection_id=subscription.connection.id)
            self.close(subscription.connection, CANNOT_PROMISE, "delivery cannot be promised")

    def unsubscribe(self, connection: Connection, name: str) -> None:
        subscription = connection.subscriptions.get(name)
        if subscription:
            self._leave(subscription)

    def _leave(self, subscription: Subscription) -> None:
        connection, topic = subscription.connection, subscription.topic
        if connection.subscriptions.get(topic.name) is subscription:
            del connection.subscriptions[topic.name]
            topic.remove(connection)
            self._topics.release(topic.name)

    def _end(self, subscription: Subscription) -> None:
        """A fact ended the topic for this connection."""
        self._leave(subscription)
        subscription.connection.dropped(subscription.topic.name)

    # Facts.

    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        """Facts that were committed here: to this instance's listeners at once, to the others over the bus."""
        if entries:
            here = self._topics.get(topic)
            if here:
                here.offer(entries)
                here.flush_soon()
            self._bus.publish(topic, entries)
            self.told(topic, entries)

    def whisper(self, topic: str, entry: Entry) -> None:
        """A passing fact for this instance's listeners alone."""
        here = self._topics.get(topic)
        if here:
            here.offer([entry])
            here.flush_soon()

    def heard(self, topic: str, entries: Sequence[Entry]) -> None:
        """Facts from other instances; what one tick brings is written together."""
        if topic == presence.TOPIC:
            self.presence.heard(entries)
            return
        here = self._topics.get(topic)
        if here:
            here.hear(entries)
            if not self._heard:
                asyncio.get_running_loop().call_soon(self._flush_heard)
            self._heard.add(here)

    def _flush_heard(self) -> None:
        heard, self._heard = self._heard, set()
        for topic in heard:
            topic.flush_soon()

    def topics(self, prefix: str = "") -> list[str]:
        """Those with listeners here."""
        return self._topics.names(prefix)

    def online(self) -> set[str]:
        """The owners of open sockets, on any instance."""
        return self.presence.online
