"""The bus of many instances: Redis pub/sub, which forgets, and which this module never believes.

Losing Redis costs latency, never a fact. Each confirmed subscription is a fence: the heads of the logs are looked at.
Each instance says its name every second: one that doesn't hear itself takes the bus for dead and connects anew, one
that misses another looks at the heads once a second until it is back. Even when all seems well it looks now and then.
"""

import asyncio
import contextlib
import logging
import random
import secrets
import struct
import time
from collections import deque
from collections.abc import Sequence
from typing import Self

import structlog

from connections.bus import Fence, Heard
from connections.redis_link import LOST, Link, Publication, open_link
from models.facts import Entry
from models.timings import Timings

BEAT_SECONDS = 1.0
DEAF_SECONDS = 3.0
"""Without a beat of one's own for so long the bus is down."""

MISSED_SECONDS = 600.0
"""After so long another instance that has fallen silent is taken for gone."""

CALM_SECONDS = 5.0
"""Between two looks at the heads while all seems well."""

ALARM_SECONDS = 0.5
"""Between two looks while something is wrong: whatever is told then arrives within a second."""

LISTEN_SECONDS = 1.0
"""What a new topic waits for its confirmation; after that the fence will do."""

OUTBOX = 5_000
"""Publications that wait for Redis; older ones are left to the log."""

PIPELINE = 200

log = structlog.get_logger()


class RedisBus:
    """Fits connections.bus.Bus. An async context manager."""

    def __init__(self, url: str, space: str) -> None:
        """`space` sets this deployment apart from others on the same Redis."""
        self._url = url
        self._space = f"chalkline:{space}:"
        self._me = secrets.token_bytes(8)
        self._beats = f"{self._space}instances"
        self._topics: set[str] = set()
        self._confirmations: dict[str, asyncio.Future[None]] = {}
        self._commands: deque[tuple[bool, str]] = deque()
        self._has_commands = asyncio.Event()
        self._outbox: deque[Publication] = deque(maxlen=OUTBOX)
        self._has_outbox = asyncio.Event()
        self._fences: set[str] = set()
        self._seen: dict[bytes, float] = {}
        self._heard_myself = 0.0
        self._link: Link | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.is_up = False
        self.losses = 0
        self.delays = Timings()

    def open(self, heard: Heard, fence: Fence) -> None:
        self._heard, self._fence = heard, fence

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._stay_connected(), name="bus"),
            asyncio.create_task(self._watch(), name="bus watch"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(*LOST):
            if self._link is not None and self.is_up:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._link.publish([*self._outbox, (self._beats, self._me + b"bye")])
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # The port.

    async def listen(self, topic: str) -> None:
        self._topics.add(topic)
        future = self._confirmations.get(topic)
        if future is None:
            future = self._confirmations[topic] = asyncio.get_running_loop().create_future()
            self._command(True, topic)
        if self.is_up:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LISTEN_SECONDS):
                    await asyncio.shield(future)

    def forget(self, topic: str) -> None:
        self._topics.discard(topic)
        self._confirmations.pop(topic, None)
        self._command(False, topic)

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        self._outbox.append((self._space + topic, self._me + _WHEN.pack(time.time()) + pack(entries)))
        self._has_outbox.set()

    def _command(self, listens: bool, topic: str) -> None:
        self._commands.append((listens, topic))
        self._has_commands.set()

    # One life of the connection after the other.

    async def _stay_connected(self) -> None:
        pause = 0.05
        while True:
            began = time.monotonic()
            try:
                # A task of its own: Python 3.11's TaskGroup leaves the one it ends in marked as cancelled, and no
                # timeout works in that again.
                await asyncio.create_task(self._live(), name="bus life")
            except* LOST as errors:
                log.log(
                    logging.WARNING if self.is_up else logging.DEBUG,
                    "bus_lost",
                    error=type(errors.exceptions[0]).__name__,
                )
            except* Exception:
                log.exception("bus_failed")
            self.is_up = False
            self.losses += 1
            self._fence(None)
            if time.monotonic() - began > DEAF_SECONDS:
                pause = 0.05
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            pause = min(0.5, pause * 2)

    async def _live(self) -> None:
        """Until the connection is lost, which always is an error of one of the three."""
        link = self._link = open_link(self._url)
        try:
            self._heard_myself = time.monotonic()
            self._commands.clear()
            await link.subscribe([self._beats, *(self._space + topic for topic in self._topics)])
            async with asyncio.TaskGroup() as group:
                group.create_task(link.listen(self._told))
                group.create_task(self._send(link))
                group.create_task(self._subscribe(link))
                group.create_task(self._listen_to_myself(link))
        finally:
            self._link = None
            with contextlib.suppress(*LOST):
                await link.close()

    def _told(self, what: str, channel: str, data: bytes) -> None:
        if what == "message":
            self._take(channel, data)
        elif what == "subscribe":
            self._confirm(channel.removeprefix(self._space))

    def _take(self, channel: str, data: bytes) -> None:
        sender, data = data[:8], data[8:]
        if channel == self._beats:
            self._take_beat(sender, data)
        elif sender != self._me:
            # Wall clocks of two machines: good enough for a histogram, and for nothing else.
            self.delays.observe(max(0.0, time.time() - _WHEN.unpack_from(data)[0]))
            self._heard(channel.removeprefix(self._space), unpack(data[_WHEN.size :]))

    def _take_beat(self, sender: bytes, data: bytes) -> None:
        if sender == self._me:
            self._heard_myself = time.monotonic()
            if not self.is_up:
                self.is_up = True
                log.info("bus_up")
        elif data == b"bye":
            self._seen.pop(sender, None)
        else:
            self._seen[sender] = time.monotonic()

    def _confirm(self, topic: str) -> None:
        future = self._confirmations.get(topic)
        if future is not None and not future.done():
            future.set_result(None)
        if not self._fences:
            asyncio.get_running_loop().call_soon(self._tell_fences)
        self._fences.add(topic)

    def _tell_fences(self) -> None:
        fences, self._fences = self._fences, set()
        self._fence(list(fences))

    async def _send(self, link: Link) -> None:
        while True:
            await self._has_outbox.wait()
            self._has_outbox.clear()
            while self._outbox:
                batch = [self._outbox.popleft() for _ in range(min(PIPELINE, len(self._outbox)))]
                try:
                    await link.publish(batch)
                except LOST:
                    self._outbox.extendleft(reversed(batch))
                    self._has_outbox.set()
                    raise

    async def _subscribe(self, link: Link) -> None:
        """In the order they were asked, as many as wait in one command."""
        while True:
            await self._has_commands.wait()
            self._has_commands.clear()
            while self._commands:
                listens = self._commands[0][0]
                channels: list[str] = []
                while self._commands and self._commands[0][0] == listens and len(channels) < PIPELINE:
                    channels.append(self._space + self._commands.popleft()[1])
                await (link.subscribe(channels) if listens else link.unsubscribe(channels))

    async def _listen_to_myself(self, link: Link) -> None:
        """Also a frozen server, and a network that swallows everything, are found out by this."""
        while True:
            self._outbox.append((self._beats, self._me))
            self._has_outbox.set()
            await asyncio.sleep(BEAT_SECONDS)
            link.check()
            if time.monotonic() - self._heard_myself > DEAF_SECONDS:
                raise ConnectionError("the bus is deaf")

    async def _watch(self) -> None:
        """Looks at the heads: often while something is wrong, else now and then."""
        looked = 0.0
        while True:
            await asyncio.sleep(ALARM_SECONDS)
            now = time.monotonic()
            if not self.is_up or self._misses_somebody() or now - looked >= CALM_SECONDS:
                looked = now
                self._fence(None)

    def _misses_somebody(self) -> bool:
        now = time.monotonic()
        self._seen = {who: when for who, when in self._seen.items() if now - when < MISSED_SECONDS}
        return any(now - when > DEAF_SECONDS for when in self._seen.values())


_WHEN = struct.Struct("!d")
_HEAD = struct.Struct("!QHI")


def pack(entries: Sequence[Entry]) -> bytes:
    """Entries as one message: seq, sizes, whom it drops, payload; one after the other."""
    parts: list[bytes] = []
    for entry in entries:
        drops = entry.drops.encode()
        parts += (_HEAD.pack(entry.seq, len(drops), len(entry.payload)), drops, entry.payload)
    return b"".join(parts)


def unpack(data: bytes) -> list[Entry]:
    entries, at = [], 0
    while at < len(data):
        seq, drops, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        entries.append(Entry(seq, data[at + drops : at + drops + size], data[at : at + drops].decode()))
        at += drops + size
    return entries
