"""One topic on this instance: puts its facts into order and hands each, once, to everyone who listens here.

Entries come from this instance's commits and from the bus, in any order, some twice, some never. What comes again is
dropped, what comes early waits, and a hole is filled from the log. A listener is live, and gets each block of frames
as it is written, or behind: then it has a cursor of its own and is brought up from the log until it has reached the
others.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from typing import Any, Protocol

import structlog

from connections.audience import Audience
from connections.connection import Connection
from connections.counts import Counts
from connections.framing import BINARY, TEXT, deflated, frame
from connections.pace import Pace
from connections.shelf import Shelf
from connections.subscription import Subscription, ends
from models.errors import Unavailable
from models.facts import Entry

HOLE_SECONDS = 0.02
"""How long a fact may be early before its forerunners are fetched: commits of one moment overtake each other."""

PAGE, FEWEST = 100, 8
"""Facts per read of the log: fewer where they are large."""

PIECE_BYTES = 64 * 1024
"""Of the log, given at once: who reads slowly is given little more than its buffer takes."""

EARLY = 1000
"""Facts held back; past that the log will give them again."""

RETRY_SECONDS = 0.25

Spawn = Callable[[Coroutine[Any, Any, None]], object]

Tap = Callable[[Entry], None]
Ahead = Callable[[], Sequence[bytes]]

log = structlog.get_logger()


class Log(Protocol):
    """What the topics are told from. Both raise Unavailable."""

    def is_binary(self, topic: str) -> bool:
        """Whether its entries are told in binary frames."""

    async def heads(self, topics: Sequence[str]) -> dict[str, int]: ...

    async def read(self, topic: str, after: int, limit: int) -> list[Entry]:
        """Ascending, without a gap; but for a first one that is whole."""


class Topic:
    """Made and closed by the manager. Nothing here waits but `read` and `catch_up`."""

    def __init__(
        self,
        name: str,
        seq: int,
        history: Log,
        spawn: Spawn,
        drop: Callable[[Subscription], None],
        counts: Counts,
        shelf: Shelf,
    ) -> None:
        self.name = name
        self.seq = seq
        self._written = seq
        self._history = history
        self._spawn = spawn
        self._drop = drop
        self._pace = Pace(self.flush)
        self.flush_soon, self.close = self._pace.flush_soon, self._pace.stop
        self._early: dict[int, Entry] = {}
        self._block: list[bytes] = []
        self._live: dict[Connection, Subscription] = {}
        self._behind: dict[Connection, Subscription] = {}
        self._audience: Audience | None = None
        self._page = PAGE
        self._reads: dict[int, asyncio.Task[list[Entry]]] = {}
        self._known_head = seq
        self._is_mending = False
        self._counts = counts
        self._shelf = shelf
        self._opcode = BINARY if history.is_binary(name) else TEXT
        self.tap: Tap | None = None
        """Called with each entry as it gets its place, passing ones too. For one who keeps what the log makes up."""
        self.ahead: Ahead | None = None
        """What was told in passing and has no place in the log yet: whoever joins the listeners gets it, too."""

    def add(self, subscription: Subscription) -> None:
        """Behind at first: `catch_up` brings it among the others."""
        self._behind[subscription.connection] = subscription

    def remove(self, connection: Connection) -> None:
        self._behind.pop(connection, None)
        if self._live.pop(connection, None):
            self._audience = None

    def fall_behind(self, connection: Connection) -> None:
        """Its buffer is full: no more live frames until it has drained and caught up."""
        subscription = self._live.pop(connection, None)
        if subscription:
            subscription.cursor = self._written
            self._counts.behind += 1
            self._behind[connection] = subscription
            self._audience = None

    def offer(self, entries: Iterable[Entry]) -> None:
        """Entries from anywhere; they are written with the next `flush` or `flush_soon`."""
        for entry in entries:
            if entry.seq == 0:
                self._pass(entry)
            elif entry.seq == self.seq + 1 or (entry.is_whole and entry.seq > self.seq):
                self._order(entry)
            elif entry.seq > self.seq:
                self._hold(entry)
        while self.seq + 1 in self._early:
            self._order(self._early.pop(self.seq + 1))
        if self.seq < self._known_head:
            self.reach(self._known_head)

    def hear(self, entries: Iterable[Entry]) -> None:
        """The same, from another instance."""
        self._pace.share()
        self.offer(entries)

    def _hold(self, entry: Entry) -> None:
        self._known_head = max(self._known_head, entry.seq)
        if len(self._early) < EARLY:
            self._early[entry.seq] = entry

    def _pass(self, entry: Entry) -> None:
        if not entry.is_told:
            self._block.append(frame(entry.payload, self._opcode))
        if self.tap:
            self.tap(entry)

    def _order(self, entry: Entry) -> None:
        self._early.pop(entry.seq, None)
        self.seq = entry.seq
        self._pass(entry)
        if entry.drops:
            self._end_for(entry)

    def flush(self) -> None:
        """Writes what was offered: one block of frames, the same bytes for every listener."""
        self._written = self.seq
        if not self._block:
            return
        data, frames = b"".join(self._block), len(self._block)
        self._block.clear()
        audience = self._audience
        if audience is None:
            listeners = (s.connection for s in self._live.values() if not s.is_silent)
            audience = self._audience = Audience(listeners)
        self._counts.writes += audience.size
        self._counts.deliveries += frames * audience.size
        began = self._pace.now()
        if not audience.write(data):
            self._audience = None
        self._pace.wrote(frames, began)

    def _end_for(self, entry: Entry) -> None:
        """The dropped hear of it themselves, and nothing after it."""
        self.flush()
        for subscription in [*self._live.values(), *self._behind.values()]:
            if ends(subscription, entry):
                self._drop(subscription)

    def reach(self, head: int) -> None:
        """The log is known to go on to here: what of it was not told is fetched."""
        self._known_head = max(self._known_head, head)
        if not self._is_mending:
            self._is_mending = True
            self._spawn(self._mend())

    async def _mend(self) -> None:
        try:
            await asyncio.sleep(HOLE_SECONDS)
            while self.seq < self._known_head:
                self._counts.holes += 1
                before = self.seq
                self.offer(await self._read_somehow(before))
                self.flush()
                self._early = {seq: entry for seq, entry in self._early.items() if seq > self.seq}
                if self.seq == before:
                    return
        finally:
            self._is_mending = False

    async def _read_somehow(self, after: int) -> list[Entry]:
        while True:
            try:
                return await self.read(after)
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)

    async def read(self, after: int, head: int = 0) -> list[Entry]:
        """A page of the log, which is known to reach `head`; who asks for the same within seconds shares one read."""
        kept = self._shelf.find(self.name, after, max(head, self.seq, self._known_head), self._page)
        if kept:
            return kept
        reading = self._reads.get(after)
        if reading is None:
            self._counts.log_reads += 1
            reading = asyncio.create_task(self._history.read(self.name, after, self._page))
            self._reads[after] = reading
            reading.add_done_callback(lambda done: self._has_read(after, done))
        return await asyncio.shield(reading)

    def _has_read(self, after: int, done: asyncio.Task[list[Entry]]) -> None:
        del self._reads[after]
        if done.cancelled() or done.exception():  # whoever still waits gets it, and nobody else misses it
            return
        entries = done.result()
        size = sum(len(entry.payload) for entry in entries)
        if size:
            if not entries[0].is_whole:  # a page must have every seq, to be entered anywhere
                self._shelf.put(self.name, after, entries, size)
            self._page = min(PAGE, max(FEWEST, len(entries) * PIECE_BYTES // size))

    async def catch_up(self, subscription: Subscription) -> bool:
        """Brings a subscription from its cursor to the head, and among the live ones; False where its buffer fills."""
        while not self.go_live(subscription):
            if not self._may_give(subscription):
                return False
            before = subscription.cursor, self.seq
            entries = await self._read_somehow(min(before))
            for piece in _pieces(entries):
                if self._may_give(subscription):
                    self.give(subscription, piece)
            self.offer(entries)
            self.flush()
            if (
                subscription.cursor,
                self.seq,
            ) == before:  # the log is behind what was told: it will not hurry
                await asyncio.sleep(RETRY_SECONDS)
        return True

    def _may_give(self, subscription: Subscription) -> bool:
        connection = subscription.connection
        return not connection.is_paused and self._behind.get(connection) is subscription

    def go_live(self, subscription: Subscription) -> bool:
        """True once it stands where the others stand."""
        if not self._may_give(subscription):
            return False
        self.flush()
        if subscription.cursor != self.seq:  # ahead of them, where the log was read before the fact was told
            return False
        del self._behind[subscription.connection]
        self._live[subscription.connection] = subscription
        self._audience = None
        if self.ahead and not subscription.is_silent:
            for payload in self.ahead():
                subscription.connection.send(payload)
        return True

    def give(self, subscription: Subscription, entries: Sequence[Entry]) -> None:
        """A page of the log to one subscription, whose cursor moves on."""
        entries = [entry for entry in entries if entry.seq > subscription.cursor]
        end = next((i for i, entry in enumerate(entries) if ends(subscription, entry)), None)
        given = entries if end is None else entries[: end + 1]
        if given:
            subscription.cursor = given[-1].seq
            if not subscription.is_silent:
                bits, opcode = subscription.connection.window_bits, self._opcode
                pieces = (
                    deflated(e.payload, bits, opcode) if bits else frame(e.payload, opcode) for e in given
                )
                subscription.connection.write(b"".join(pieces))
        if end is not None:
            self._drop(subscription)


def within(entries: list[Entry], size: int) -> list[Entry]:
    """As many of the first entries as fit."""
    for index, entry in enumerate(entries):
        size -= len(entry.payload)
        if size < 0:
            return entries[:index]
    return entries


def _pieces(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Of PIECE_BYTES and what the last fact of each is over."""
    begin = size = 0
    for index, entry in enumerate(entries, 1):
        size += len(entry.payload)
        if size >= PIECE_BYTES or index == len(entries):
            yield entries[begin:index]
            begin, size = index, 0
