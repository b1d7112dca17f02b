"""The way of one sketch's edits to the disk: one save after the other, each with all that came during the one before.

So a lone stroke never waits, and a crowd shares its saves. All by callbacks: a task for each save would cost as much as
the save.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import structlog
from pycrdt import merge_updates

from models.errors import Unavailable
from models.ids import UserId
from models.sketches import Sketch, SketchWrite

SHARE_SECONDS, SLOWEST_SECONDS = 0.0005, 0.05
"""For each socket, so long from one save to the next, but never longer: the sockets here have seen what waits, and a
crowd's strokes cost less together. Nothing is held back that somebody waits for.
"""
UNSAVED_SECONDS, UNSAVED_BYTES = 30.0, 8 * 2**20
"""What may wait while the database is away; beyond, everybody is sent home with what they have."""

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)

GONE, CANNOT_PROMISE = 4502, 4002
_WHY = "this can't be saved now"

Save = Callable[[SketchWrite], "asyncio.Future[int | None]"]
"""The seq that it got, None where the sketch is gone. Raises Unavailable, now or in the future."""

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


class _Saving(NamedTuple):
    """What is on its way, with all edits up to `newest`."""

    write: SketchWrite
    newest: int
    size: int
    mark: Any
    give_up_at: float


class Saver:
    """Belongs to one room."""

    def __init__(self, room: Room, save: Save) -> None:
        self._room = room
        self._write = save
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._authors: set[int | None] = set()
        self._kept = self._saved = 0
        self._waiters: list[tuple[int, asyncio.Future[int]]] = []
        self._began_at = -math.inf
        self._later: asyncio.TimerHandle | None = None
        self._saving: _Saving | None = None
        self._tries = 0
        self._is_at_work = False

    def keep(self, updates: list[bytes], author: int | None) -> int:
        """The number of this edit, to wait for with `until`."""
        if updates:
            self._kept += 1
            self._waiting += updates
            self._bytes += sum(map(len, updates))
            self._authors.add(author)
            if not self._is_at_work:
                self._is_at_work = True
                self._pace()
        return self._kept

    @property
    def is_busy(self) -> bool:
        return self._is_at_work and not self._room.is_over

    @property
    def newest(self) -> int:
        """The number of the newest edit."""
        return self._kept

    @property
    def unsaved(self) -> list[bytes]:
        """What is on its way, and then what waits."""
        return [*([self._saving.write.update] if self._saving else ()), *self._waiting]

    async def until(self, edit: int) -> None:
        """Returns when the edit and all before it are saved. Raises Unavailable if they can't be."""
        if self._saved < edit:
            future: asyncio.Future[int] = self._loop.create_future()
            self._waiters.append((edit, future))
            self.settle()
            if self._later is not None:
                self._later.cancel()
                self._begin()
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

    def _pace(self) -> None:
        """At once when it is quiet, or somebody waits."""
        gap = min(SLOWEST_SECONDS, SHARE_SECONDS * self._room.sockets)
        wait = self._began_at + gap - self._loop.time()
        if wait > 0 and not self._waiters:
            self._later = self._loop.call_later(wait, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        self._later = None
        self._began_at = self._loop.time()
        self._tries = 0
        try:
            self._saving = self._take()
            self._try()
        except Exception:
            log.exception("sketch_save_failed", sketch_id=self._room.sketch.id)
            self._room.end(CANNOT_PROMISE, _WHY)

    def _take(self) -> _Saving:
        """All that waits, as one."""
        updates, sketch = self._waiting, self._room.sketch
        author = self._authors.pop() if len(self._authors) == 1 else None
        self._waiting, self._authors = [], set()
        update = updates[0] if len(updates) == 1 else merge_updates(*updates)
        return _Saving(
            SketchWrite(sketch.id, sketch.epoch, update, UserId(author) if author else None),
            self._kept,
            sum(map(len, updates)),
            self._room.mark(),
            self._loop.time() + UNSAVED_SECONDS,
        )

    def _try(self) -> None:
        """Written twice is as good as once: updates are idempotent."""
        if self._saving is None or self._room.is_over:
            return
        try:
            self._write(self._saving.write).add_done_callback(self._written)
        except Unavailable:
            self._try_again(self._saving)

    def _try_again(self, saving: _Saving) -> None:
        """However long the database is away, within bounds."""
        if self._loop.time() > saving.give_up_at or self._bytes > UNSAVED_BYTES:
            self._room.end(CANNOT_PROMISE, _WHY)
            return
        self._loop.call_later(RETRY_SECONDS[min(self._tries, len(RETRY_SECONDS) - 1)], self._try)
        self._tries += 1

    def _written(self, done: "asyncio.Future[int | None]") -> None:
        saving = self._saving
        assert saving is not None
        try:
            seq = done.result()
            if seq is None:
                self._room.end(GONE, "the sketch is gone")
            else:
                self._tell(seq, saving)
        except Unavailable:
            self._try_again(saving)
        except (Exception, asyncio.CancelledError):
            log.exception("sketch_save_failed", sketch_id=self._room.sketch.id)
            self._room.end(CANNOT_PROMISE, _WHY)

    def _tell(self, seq: int, saving: _Saving) -> None:
        self._bytes -= saving.size
        self._saved = saving.newest
        self._saving = None
        self._room.tell(seq, saving.write.update, saving.mark)
        self.settle()
        if self._room.is_over:
            return
        if self._waiting:
            self._pace()
        else:
            self._is_at_work = False
            self._room.rest()
