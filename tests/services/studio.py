"""A room without a server: rows, topics and sockets that do as they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from models import yjs
from models.errors import Unavailable
from models.facts import Entry
from models.ids import ChannelId, SketchId, UserId
from models.lib0 import Lib0Reader
from models.sketches import Loaded, Sketch, SketchVersion, SketchWrite
from services.sketch_room import Room
from services.sketch_rooms import Rooms
from services.sketch_seat import Seat

NOW = datetime(2026, 11, 20, tzinfo=UTC)
GENERAL = ChannelId(1)


def sketch(number: int = 1) -> Sketch:
    return Sketch(SketchId(number), GENERAL, "plan", "sketch", "life.1", 0, UserId(1), NOW, NOW)


class Shelf:
    """The rows of sketches. `is_away` makes it as a database that can't be reached."""

    def __init__(self) -> None:
        self.logs: dict[int, dict[int, bytes]] = {}
        self.snapshots: dict[int, tuple[int, bytes]] = {}
        self.heads_: dict[int, int] = {}
        self.quarantined: list[bytes] = []
        self.is_away = False
        self.appended: list[SketchWrite] = []

    async def append(self, writes: Sequence[SketchWrite]) -> list[int | None]:
        await asyncio.sleep(0)
        if self.is_away:
            raise Unavailable("away")
        self.appended += writes
        return [self._append(write) for write in writes]

    def _append(self, write: SketchWrite) -> int:
        seq = self.heads_[write.sketch_id] = self.heads_.get(write.sketch_id, 0) + 1
        self.logs.setdefault(write.sketch_id, {})[seq] = write.update
        return seq

    async def load(self, sketch: SketchId) -> Loaded:
        if self.is_away:
            raise Unavailable("away")
        seq, state = self.snapshots.get(sketch, (0, None))
        log = self.logs.get(sketch, {})
        return Loaded("life.1", self.heads_.get(sketch, 0), state, seq, [log[seq] for seq in sorted(log)])

    async def compact(self, _channel: ChannelId, sketch: SketchId, seq: int, state: bytes) -> bool:
        self.snapshots[sketch] = (seq, state)
        self.logs[sketch] = {at: update for at, update in self.logs[sketch].items() if at > seq}
        return True

    async def quarantine(
        self, _channel: ChannelId, _sketch: SketchId, update: bytes, _author: UserId | None, _error: str
    ) -> None:
        self.quarantined.append(update)

    async def get(self, _sketch: SketchId) -> Sketch | None:
        raise NotImplementedError

    async def page(self, _channel: ChannelId, _before: int | None, _limit: int) -> list[Sketch]:
        raise NotImplementedError

    async def ids(self, _after: int, _limit: int) -> list[SketchId]:
        raise NotImplementedError

    async def allows_generic(self, _channel: ChannelId) -> bool:
        raise NotImplementedError

    async def set_allows_generic(self, _channel: ChannelId, _allows: bool) -> None:
        raise NotImplementedError

    async def heads(self, _sketches: list[int]) -> dict[int, int]:
        raise NotImplementedError

    async def facts(self, _sketch: SketchId, _after: int, _limit: int) -> list[Entry]:
        raise NotImplementedError

    async def versions(
        self, _channel: ChannelId, _sketch: SketchId, _before: int | None, _limit: int
    ) -> list[SketchVersion]:
        raise NotImplementedError

    async def version(self, _channel: ChannelId, _sketch: SketchId, _number: int) -> bytes | None:
        raise NotImplementedError


class Hub:
    """Topics of one instance: what is told comes to the tap."""

    def __init__(self) -> None:
        self.taps: dict[str, Callable[[Entry], None]] = {}
        self.aheads: dict[str, Callable[[], Sequence[bytes]]] = {}
        self.told: list[tuple[str, Entry]] = []
        self.whispered: list[tuple[str, Entry]] = []

    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.told.append((topic, entry))
            if topic in self.taps:
                self.taps[topic](entry)

    def whisper(self, topic: str, entry: Entry) -> None:
        self.whispered.append((topic, entry))
        if topic in self.taps:
            self.taps[topic](entry)

    async def tap(
        self, name: str, hear: Callable[[Entry], None], ahead: Callable[[], Sequence[bytes]]
    ) -> None:
        self.taps[name], self.aheads[name] = hear, ahead

    def untap(self, name: str) -> None:
        del self.taps[name], self.aheads[name]


class Chair:
    """A socket that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.code: int | None = None
        self.is_held = False

    def send(self, message: bytes) -> None:
        self.told.append(message)

    def close(self, code: int, _reason: str) -> None:
        self.code = code

    def hold(self) -> None:
        self.is_held = True

    def release(self) -> None:
        self.is_held = False

    @property
    def saved(self) -> int:
        acks = [message for message in self.told if message[:1] == bytes((yjs.SAVED,))]
        reader = Lib0Reader(acks[-1] if acks else b"\x00\x00")
        reader.number()
        return reader.number()


@asynccontextmanager
async def rooms_on(
    shelf: Shelf, hub: Hub, memory: int = 64, idle: float = 30.0, trim: Callable[[], None] = lambda: None
) -> AsyncIterator[Rooms]:
    async with Rooms(shelf, hub, memory, idle=idle, trim=trim) as rooms:
        yield rooms


def sit(room: Room, user: int = 1, *, may_draw: bool = True) -> tuple[Seat, Chair]:
    chair = Chair()
    seat = Seat(chair, {"id": user}, may_draw=may_draw, wants_notices=True, is_limited=True)
    room.enter(seat)
    return seat, chair
