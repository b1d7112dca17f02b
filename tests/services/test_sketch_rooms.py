"""Open sketches: saved before they are told, kept small on disk and in memory, and never written over a failed load."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from models import yjs
from models.errors import Unavailable
from models.facts import Entry, channel_topic, sketch_topic
from models.ids import ChannelId, SketchId, UserId
from models.lib0 import Lib0Reader
from models.sketches import Loaded, Sketch, SketchWrite, Version
from services import sketch_rooms, sketch_saver
from services.sketch_doc import Broke, SketchDoc
from services.sketch_room import Room
from services.sketch_rooms import Rooms
from services.sketch_seat import Ended, Seat
from tests.served import until
from tests.yjs import Pen

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
    ) -> list[Version]:
        raise NotImplementedError

    async def version(self, _channel: ChannelId, _sketch: SketchId, _number: int) -> bytes | None:
        raise NotImplementedError


class Hub:
    """Topics of one instance: what is told comes to the tap."""

    def __init__(self) -> None:
        self.taps: dict[str, Callable[[Entry], None]] = {}
        self.told: list[tuple[str, Entry]] = []

    def tell(self, topic: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.told.append((topic, entry))
            if topic in self.taps:
                self.taps[topic](entry)

    async def tap(self, name: str, hear: Callable[[Entry], None]) -> None:
        self.taps[name] = hear

    def untap(self, name: str) -> None:
        del self.taps[name]


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
async def rooms_on(shelf: Shelf, hub: Hub, memory: int = 64, idle: float = 30.0) -> AsyncIterator[Rooms]:
    async with Rooms(shelf, hub, memory, idle=idle) as rooms:
        yield rooms


def sit(room: Room, user: int = 1, *, may_draw: bool = True) -> tuple[Seat, Chair]:
    chair = Chair()
    seat = Seat(chair, {"id": user}, may_draw=may_draw, wants_notices=True, is_limited=True)
    room.enter(seat)
    return seat, chair


async def test_an_edit_is_told_and_acknowledged_when_it_is_saved_and_not_before() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        shelf.is_away = True
        room.hear(seat, yjs.sync_update(pen.draw("a")))
        await asyncio.sleep(0.1)
        assert hub.told == []
        assert chair.saved == 0

        shelf.is_away = False
        await until(lambda: chair.saved == 1)

        assert [topic for topic, _ in hub.told] == [sketch_topic(SketchId(1))]
        assert SketchDoc("sketch", shelf.logs[1].values()).scene() == pen.scene()


async def test_what_comes_during_a_save_shares_the_next_one() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        for number in range(100):
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}")))
        await until(lambda: chair.saved == 100)

        assert len(shelf.appended) <= 3
        assert SketchDoc("sketch", shelf.logs[1].values()).scene() == pen.scene()


async def test_a_long_log_becomes_one_snapshot_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_rooms, "TAIL_ROWS", 10)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        for number in range(40):
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}")))
            await until(lambda number=number: chair.saved == number + 1)  # type: ignore[misc]
        await until(lambda: rooms.counts.compacted >= 3)

    assert len(shelf.logs[1]) <= 20
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        assert room.doc.scene() == pen.scene()
        assert room.seq == 40


async def test_an_idle_sketch_is_let_go_and_comes_back() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub, idle=0.05) as rooms:
        async with rooms.holding(sketch()) as room:
            seat, chair = sit(room)
            room.hear(seat, yjs.sync_update(pen.draw("a")))
            await until(lambda: chair.saved == 1)
            room.leave(seat)
        await until(lambda: len(rooms) == 0)
        assert hub.taps == {}

        async with rooms.holding(sketch()) as room:
            assert room.doc.scene() == pen.scene()


async def test_over_its_memory_the_idle_go_and_then_nobody_more_comes_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SketchDoc, "memory", 400 * 1024)
    shelf, hub = Shelf(), Hub()
    async with rooms_on(shelf, hub, memory=1) as rooms:
        for number in range(10):
            async with rooms.holding(sketch(number)):
                assert len(rooms) <= 3

        async with rooms.holding(sketch(11)), rooms.holding(sketch(12)), rooms.holding(sketch(13)):
            with pytest.raises(Unavailable):
                async with rooms.holding(sketch(14)):
                    pass


async def test_a_sketch_that_can_not_be_read_is_not_open_and_nothing_is_written_over_it() -> None:
    shelf, hub = Shelf(), Hub()
    shelf.logs[1], shelf.heads_[1] = {1: b"\x01\x01broken"}, 1
    async with rooms_on(shelf, hub) as rooms:
        for _ in range(2):
            with pytest.raises(Unavailable):
                async with rooms.holding(sketch()):
                    pass

        assert len(rooms) == 0
        assert shelf.logs[1] == {1: b"\x01\x01broken"}
        assert shelf.snapshots == {}


async def test_while_the_database_is_away_too_long_everybody_is_sent_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sketch_saver, "UNSAVED_SECONDS", 0.1)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms:
        async with rooms.holding(sketch()) as room:
            seat, chair = sit(room)
            shelf.is_away = True
            room.hear(seat, yjs.sync_update(pen.draw("a")))
            await until(lambda: chair.code == 4002)
            room.leave(seat)

        shelf.is_away = False
        async with rooms.holding(sketch()) as again:
            assert again is not room
            seat, chair = sit(again)
            again.hear(seat, yjs.sync_step_2(pen.doc.get_update()))
            await until(lambda: chair.saved == 1)

    assert SketchDoc("sketch", shelf.logs[1].values()).scene() == pen.scene()


async def test_what_breaks_the_library_is_kept_aside_and_the_sketch_comes_back_from_its_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms:
        async with rooms.holding(sketch()) as room:
            seat, chair = sit(room)
            room.hear(seat, yjs.sync_update(pen.draw("good")))
            await until(lambda: chair.saved == 1)

            def panic(*_: object) -> None:
                raise Broke("PanicException: out of bounds")

            with monkeypatch.context() as broken:
                broken.setattr(SketchDoc, "apply", panic)
                with pytest.raises(Ended):
                    room.hear(seat, yjs.sync_update(pen.draw("evil")))
            room.leave(seat)

        async with rooms.holding(sketch()) as again:
            assert again is not room
            assert list(again.doc.scene()["el"]) == ["good"]
        await until(lambda: len(shelf.quarantined) == 1)


async def test_a_seat_that_may_not_draw_changes_nothing_and_is_told() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room, may_draw=False)
        room.hear(seat, yjs.sync_step_2(b"\x00\x00"))
        assert len(chair.told) == 1

        room.hear(seat, yjs.sync_update(pen.draw("a")))

        assert b"forbidden" in chair.told[-1]
        assert room.doc.scene()["el"] == {}
        assert shelf.appended == []


async def test_too_many_new_clients_end_their_seat() -> None:
    shelf, hub = Shelf(), Hub()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, _ = sit(room)
        for number in range(64):
            room.hear(seat, yjs.sync_update(Pen().draw(f"e{number}")))

        with pytest.raises(Ended) as ended:
            room.hear(seat, yjs.sync_update(Pen().draw("one more")))

        assert ended.value.code == 4029


async def test_what_another_instance_saved_is_drawn_once_also_when_it_comes_whole() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        hub.tell(sketch_topic(SketchId(1)), [Entry(1, yjs.sync_update(pen.draw("a")))])
        hub.tell(sketch_topic(SketchId(1)), [Entry(1, yjs.sync_update(pen.draw("never")))])
        pen.draw("b")
        hub.tell(sketch_topic(SketchId(1)), [Entry(9, yjs.sync_update(pen.doc.get_update()), is_whole=True)])

        assert room.seq == 9
        assert room.doc.scene() == pen.scene()
        seat, chair = sit(room)
        room.hear(seat, yjs.sync_update(pen.draw("c")))
        await until(lambda: chair.saved == 1)


async def test_the_channel_hears_now_and_then_that_something_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.sketch_room.CHANGED_SECONDS", 0.05)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        for number in range(20):
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}")))
            await until(lambda number=number: chair.saved == number + 1)  # type: ignore[misc]
        await until(lambda: channel_topic(GENERAL) in dict(hub.told))

    told = [entry for topic, entry in hub.told if topic == channel_topic(GENERAL)]
    assert b'"sketch.changed"' in told[0].payload
    assert len(told) < 10
