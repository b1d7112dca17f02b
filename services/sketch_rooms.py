"""The open sketches of this instance: each opened once, saved together, compacted, and let go when nobody is there.

Law: a sketch that could not be loaded is not open, so nothing is ever written over what is on disk.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

import structlog

from models.errors import Fault, NotFound, Unavailable
from models.facts import Entry, sketch_topic
from models.ids import SketchId, UserId
from models.sketches import Loaded, Sketch, SketchWrite
from models.tasks import Tasks
from services.batcher import Batcher
from services.ports import Topics
from services.sketch_doc import Broke, SketchDoc
from services.sketch_ports import Sketches
from services.sketch_room import Links, Room
from services.sketch_saver import CANNOT_PROMISE

TAIL_ROWS, TAIL_BYTES = 200, 2**20
"""Of saves since the newest snapshot: beyond, the next one is written, if they are a part of the document that is worth
writing it whole."""

PART, MOST_ROWS = 8, 2_000
"""An eighth; or so many saves, which make it slow to open."""

IDLE_ROWS = 20
"""The same for a sketch that is let go."""

IDLE_SECONDS = 30.0
SWEEP_SECONDS = 5.0
STOP_SECONDS = 3.0
"""For what is unsaved at a stop: clients still have it, and bring it along when they come back."""

log = structlog.get_logger()


@dataclass(slots=True)
class Counts:
    """What became of the sketches of this instance, since it started."""

    opened: int = 0
    saves: int = 0
    commits: int = 0
    compacted: int = 0
    quarantined: int = 0


class Rooms:
    """An async context manager; on leaving it, what is unsaved is saved first."""

    def __init__(
        self,
        sketches: Sketches,
        topics: Topics,
        memory: int,
        *,
        idle: float = IDLE_SECONDS,
        trim: Callable[[], None] = lambda: None,
    ) -> None:
        """`memory` in MiB, over all rooms. `trim` is called when rooms have been let go."""
        self._sketches = sketches
        self._topics = topics
        self._memory = memory * 2**20
        self._idle = idle
        self._trim = trim
        self._rooms: dict[SketchId, Room] = {}
        self._opening: dict[SketchId, asyncio.Task[Room]] = {}
        self._batcher: Batcher[SketchWrite, int | None] = Batcher(
            self._commit, lambda write: write.sketch_id, most=128
        )
        self._tasks = Tasks()
        self._compacting: set[SketchId] = set()
        self._links = Links(self._batcher.submit, topics, self._quarantine)
        self._owned = AsyncExitStack()
        self.counts = Counts()

    async def __aenter__(self) -> Self:
        await self._owned.enter_async_context(self._batcher)
        self._sweeper = asyncio.create_task(self._sweep(), name="sketch sweep")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sweeper.cancel()
        for room in self._rooms.values():
            if not room.is_over:
                await _finish(room)
        await self._owned.aclose()
        for room in self._rooms.values():
            room.end(CANNOT_PROMISE, "restarting")
        await self._tasks.end()
        await asyncio.gather(self._sweeper, return_exceptions=True)

    @property
    def memory(self) -> int:
        """Bytes that the open rooms are taken to need."""
        return sum(room.doc.memory for room in self._rooms.values())

    def __len__(self) -> int:
        return len(self._rooms)

    # Opening and letting go.

    @asynccontextmanager
    async def holding(self, sketch: Sketch) -> AsyncIterator[Room]:
        """The sketch's room, which stays open within. Raises NotFound, Unavailable."""
        room = await self._open(sketch)
        while self._rooms.get(sketch.id) is not room:  # let go before it could be held
            room = await self._open(sketch)
        room.holders += 1
        try:
            yield room
        finally:
            room.holders -= 1
            room.idle_since = asyncio.get_running_loop().time()

    async def _open(self, sketch: Sketch) -> Room:
        room = self._rooms.get(sketch.id)
        if room is not None and not room.is_over:
            return room
        if sketch.id not in self._opening:
            opening = asyncio.create_task(self._load(sketch), name=f"open sketch {sketch.id}")
            self._opening[sketch.id] = opening
            opening.add_done_callback(lambda done: self._opened(sketch.id, done))
        return await asyncio.shield(self._opening[sketch.id])

    def _opened(self, sketch: SketchId, done: asyncio.Task[Room]) -> None:
        self._opening.pop(sketch, None)
        if not done.cancelled():
            done.exception()  # raised where it was asked for, if anyone still waits

    async def _load(self, sketch: Sketch) -> Room:
        old = self._rooms.pop(sketch.id, None)
        if old is not None:
            old.doc.close()
            self._topics.untap(sketch_topic(sketch.id))
        await self._make_space()
        early: list[Entry] = []
        await self._topics.tap(
            sketch_topic(sketch.id),
            lambda entry: self._take(sketch.id, early, entry),
            lambda: self._ahead(sketch.id),
        )
        try:
            loaded = await self._sketches.load(sketch.id)
            room = Room(sketch, _document(sketch, loaded), loaded.seq, self._links)
        except BaseException:
            self._topics.untap(sketch_topic(sketch.id))
            raise
        if loaded.epoch != sketch.epoch:
            self._topics.untap(sketch_topic(sketch.id))
            raise NotFound("There is no such sketch.")
        room.saved_since_snapshot = len(loaded.updates)
        room.bytes_since_snapshot = sum(map(len, loaded.updates))
        for entry in early:
            room.take(entry)
        room.idle_since = asyncio.get_running_loop().time()
        self._rooms[sketch.id] = room
        self.counts.opened += 1
        return room

    def _take(self, sketch: SketchId, early: list[Entry], entry: Entry) -> None:
        room = self._rooms.get(sketch)
        if room is None:
            early.append(entry)
        else:
            room.take(entry)

    def _ahead(self, sketch: SketchId) -> list[bytes]:
        room = self._rooms.get(sketch)
        return room.ahead() if room else []

    async def _make_space(self) -> None:
        """The longest idle go first. Raises Unavailable when everything that is open is in use."""
        idle = sorted(
            (room for room in self._rooms.values() if room.is_idle), key=lambda room: room.idle_since
        )
        for room in idle:
            if self.memory < self._memory:
                return
            if self._may_go(room):
                await self._let_go(room)
        if self.memory >= self._memory:
            log.warning("sketch_memory_full", rooms=len(self._rooms), bytes=self.memory)
            raise Unavailable("Too many sketches are open here right now.", retry_after=5)

    async def _let_go(self, room: Room) -> None:
        if room.saved_since_snapshot >= IDLE_ROWS:
            await self._compact(room)
        if self._may_go(room):
            del self._rooms[room.sketch.id]
            self._topics.untap(sketch_topic(room.sketch.id))
            room.forget()

    def _may_go(self, room: Room) -> bool:
        """It may have gone already while another was written."""
        return self._rooms.get(room.sketch.id) is room and room.is_idle

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(min(SWEEP_SECONDS, self._idle))
            before = len(self._rooms)
            await self._let_go_of_idle()
            if len(self._rooms) < before:
                self._trim()

    async def _let_go_of_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        for room in list(self._rooms.values()):
            room.tidy()
            if self._may_go(room) and now - room.idle_since >= self._idle:
                await self._let_go(room)

    # Saving.

    async def _commit(self, writes: Sequence[SketchWrite]) -> Sequence[int | Fault | None]:
        seqs = await self._sketches.append(writes)
        self.counts.saves += len(writes)
        self.counts.commits += 1
        for write in writes:
            room = self._rooms.get(write.sketch_id)
            if room and _is_long(room):
                self._tasks.spawn(self._compact(room))
        return seqs

    async def compact(self, sketch: Sketch) -> bool:
        """Whether there was anything to shorten. Raises Unavailable for what can't be read."""
        async with self.holding(sketch) as room:
            if not room.saved_since_snapshot:
                return False
            await self._compact(room)
        await self._let_go(room)
        return True

    async def _compact(self, room: Room) -> None:
        """What the document holds beyond its seq is in the log, too, or soon will be: twice is as good as once."""
        sketch = room.sketch
        if room.is_over or sketch.id in self._compacting:
            return
        self._compacting.add(sketch.id)
        rows, size = room.saved_since_snapshot, room.bytes_since_snapshot
        try:
            if await self._sketches.compact(sketch.channel_id, sketch.id, room.seq, room.doc.state()):
                self.counts.compacted += 1
            room.saved_since_snapshot -= rows
            room.bytes_since_snapshot -= size
        except Unavailable:
            log.warning("sketch_not_compacted", sketch_id=sketch.id)
        finally:
            self._compacting.discard(sketch.id)

    def _quarantine(self, room: Room, update: bytes, author: UserId | None, fault: Broke) -> None:
        """Whatever the library did to the document: it is thrown away, and comes back from the log."""
        self.counts.quarantined += 1
        sketch = room.sketch
        log.error("sketch_update_quarantined", sketch_id=sketch.id, user_id=author, error=str(fault))
        room.end(CANNOT_PROMISE, "the sketch is opened anew")
        self._tasks.spawn(
            self._sketches.quarantine(sketch.channel_id, sketch.id, update, author, str(fault)[:1000])
        )


def _document(sketch: Sketch, loaded: Loaded) -> SketchDoc:
    """Raises Unavailable where the log can't be read: then there is no room, and nothing that could be written."""
    snapshot = [] if loaded.snapshot is None else [loaded.snapshot]
    try:
        return SketchDoc(sketch.profile, [*snapshot, *loaded.updates])
    except Broke:
        log.exception("sketch_load_failed", sketch_id=sketch.id)
        raise Unavailable("This sketch can't be opened: what is saved of it can't be read.", 60) from None


def _is_long(room: Room) -> bool:
    rows, size = room.saved_since_snapshot, room.bytes_since_snapshot
    is_worth_it = size * PART >= room.doc.bytes
    return rows >= MOST_ROWS or (is_worth_it and (rows >= TAIL_ROWS or size >= TAIL_BYTES))


async def _finish(room: Room) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await room.until_saved()
    except (TimeoutError, Unavailable):
        log.warning("sketch_not_saved", sketch_id=room.sketch.id)
