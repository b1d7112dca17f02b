"""The way of one sketch's edits to the disk: one save after the other, each with all that came during the one before.

So a lone stroke never waits, and a crowd shares its saves and the frames that they make.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from pycrdt import merge_updates

from models.errors import Unavailable
from models.ids import UserId
from models.sketches import Sketch, SketchWrite

SEND_SECONDS, SLOWEST_SECONDS = 0.00005, 0.033
"""A frame to one socket costs about so much: the more sockets, the longer until the next frame, but never longer."""

UNSAVED_SECONDS, UNSAVED_BYTES = 30.0, 8 * 2**20
"""What may wait while the database is away; beyond, everybody is sent home with what they have."""

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)

GONE, CANNOT_PROMISE = 4502, 4002

Save = Callable[[SketchWrite], Awaitable[int | None]]
Spawn = Callable[[Any], "asyncio.Task[None]"]

log = structlog.get_logger()


class Room(Protocol):
    """Whose edits they are."""

    sketch: Sketch
    is_over: bool

    @property
    def sockets(self) -> int: ...
    def rest(self) -> None:
        """All is saved: also what came during the last save and changed nothing."""

    def mark(self) -> Any:
        """Called when a save begins; `tell` gets it back."""

    def tell(self, seq: int, update: bytes, mark: Any) -> None: ...
    def end(self, code: int, reason: str) -> None: ...


class Saver:
    """Belongs to one room."""

    def __init__(self, room: Room, save: Save, spawn: Spawn) -> None:
        self._room = room
        self._write = save
        self._spawn = spawn
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._authors: set[int | None] = set()
        self._kept = self._saved = self._seq = 0
        self._waiters: list[tuple[int, asyncio.Future[int]]] = []
        self._told_at = 0.0
        self._saving: asyncio.Task[None] | None = None

    def keep(self, updates: list[bytes], author: int | None) -> int:
        """The number of this edit, to wait for with `until`."""
        if updates:
            self._kept += 1
            self._waiting += updates
            self._bytes += sum(map(len, updates))
            self._authors.add(author)
            if self._saving is None:
                self._saving = self._spawn(self._run())
        return self._kept

    @property
    def is_busy(self) -> bool:
        return self._saving is not None

    @property
    def newest(self) -> int:
        """The number of the newest edit."""
        return self._kept

    async def until(self, edit: int) -> None:
        """Returns when the edit and all before it are saved. Raises Unavailable if they can't be."""
        if self._saved < edit:
            future: asyncio.Future[int] = self._loop.create_future()
            self._waiters.append((edit, future))
            self.settle()
            await future

    def settle(self) -> None:
        """Tells those who wait, after a save or when the room is over."""
        waiters, self._waiters = self._waiters, []
        for edit, future in waiters:
            if future.done():
                continue
            if self._saved >= edit:
                future.set_result(edit)
            elif self._room.is_over:
                future.set_exception(Unavailable("This could not be saved."))
            else:
                self._waiters.append((edit, future))

    async def _run(self) -> None:
        try:
            while self._waiting and not self._room.is_over:
                await self._pace()
                await self._save_once()
            if not self._room.is_over:
                self._room.rest()
        except Unavailable:
            pass  # everybody was told
        except Exception:
            log.exception("sketch_save_failed", sketch_id=self._room.sketch.id)
            self._room.end(CANNOT_PROMISE, "this can't be saved now")
        finally:
            self._saving = None

    async def _pace(self) -> None:
        """At once when it is quiet; with many sockets not before the last frame has been paid for."""
        gap = min(SLOWEST_SECONDS, SEND_SECONDS * self._room.sockets)
        wait = self._told_at + gap - self._loop.time()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _save_once(self) -> None:
        updates, newest, mark = self._waiting, self._kept, self._room.mark()
        author = self._authors.pop() if len(self._authors) == 1 else None
        self._waiting, self._authors = [], set()
        update = updates[0] if len(updates) == 1 else merge_updates(*updates)
        sketch = self._room.sketch
        seq = await self._persist(
            SketchWrite(sketch.id, sketch.epoch, update, UserId(author) if author else None)
        )
        if seq is None:
            self._room.end(GONE, "the sketch is gone")
            return
        self._bytes -= sum(map(len, updates))
        self._saved = newest
        self._told_at = self._loop.time()
        self._room.tell(seq, update, mark)
        self.settle()

    async def _persist(self, write: SketchWrite) -> int | None:
        """However long the database is away, within bounds. Written twice is as good as once: they are idempotent."""
        give_up_at = self._loop.time() + UNSAVED_SECONDS
        tries = 0
        while not self._room.is_over:
            try:
                return await self._write(write)
            except Unavailable:
                if self._loop.time() > give_up_at or self._bytes > UNSAVED_BYTES:
                    self._room.end(CANNOT_PROMISE, "this can't be saved now")
                    raise
                await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
                tries += 1
        raise Unavailable("This sketch is being opened anew.")
