"""Open sketches: saved before they are told, kept small on disk and in memory, and never written over a failed load."""

import asyncio
import weakref

import pytest

from models import yjs
from models.errors import Unavailable
from models.facts import Entry, channel_topic, sketch_topic
from models.ids import SketchId
from models.sketches import Sketch
from services import sketch_rooms, sketch_saver
from services.sketch_doc import Broke, SketchDoc
from services.sketch_room import Room
from services.sketch_rooms import Rooms
from services.sketch_seat import Ended
from tests.garbage import uncollected
from tests.served import until
from tests.services.studio import GENERAL, Hub, Shelf, rooms_on, sit, sketch
from tests.yjs import Pen


async def test_an_edit_is_acknowledged_and_told_elsewhere_when_it_is_saved_and_not_before() -> None:
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


async def test_a_large_sketch_is_not_written_anew_for_a_few_strokes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_rooms, "TAIL_ROWS", 10)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        for number in range(60):
            style = {"kind": "stroke", "points": bytes(0 if number else 30_001)}
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}", style)))
            await until(lambda number=number: chair.saved == number + 1)  # type: ignore[misc]

    assert rooms.counts.compacted == 1
    assert len(shelf.logs[1]) >= 40


async def test_an_idle_sketch_is_let_go_and_comes_back() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    trims: list[int] = []
    async with rooms_on(shelf, hub, idle=0.05, trim=lambda: trims.append(len(rooms))) as rooms:
        async with rooms.holding(sketch()) as room:
            seat, chair = sit(room)
            room.hear(seat, yjs.sync_update(pen.draw("a")))
            await until(lambda: chair.saved == 1)
            room.leave(seat)
        await until(lambda: trims == [0])
        assert hub.taps == {}

        async with rooms.holding(sketch()) as room:
            assert room.doc.scene() == pen.scene()


async def test_a_sketch_that_was_let_go_leaves_nothing_for_the_collector() -> None:
    shelf, hub = Shelf(), Hub()
    with uncollected():
        async with rooms_on(shelf, hub, idle=0.05) as rooms:
            room, document = await drawn_and_left(rooms)
            await until(lambda: (room(), document()) == (None, None))


async def test_a_sketch_that_goes_before_it_can_be_held_is_opened_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms:
        opened = rooms._open
        lost: list[Room] = []

        async def open_and_lose(asked: Sketch) -> Room:
            room = await opened(asked)
            if not lost:
                lost.append(room)
                await rooms._let_go(room)
            return room

        monkeypatch.setattr(rooms, "_open", open_and_lose)
        async with rooms.holding(sketch()) as room:
            assert room is not lost[0]
            seat, chair = sit(room)
            room.hear(seat, yjs.sync_update(pen.draw("a")))
            await until(lambda: chair.saved == 1)


async def drawn_and_left(rooms: Rooms) -> tuple["weakref.ref[Room]", "weakref.ref[SketchDoc]"]:
    """Held by nobody but the rooms."""
    async with rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        room.hear(seat, yjs.sync_update(Pen().draw("a")))
        await until(lambda: chair.saved == 1)
        room.leave(seat)
    return weakref.ref(room), weakref.ref(room.doc)


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
            assert hub.aheads[sketch_topic(SketchId(1))]() == []
            seat, chair = sit(again, user=2)  # not who drew it, but somebody who saw it
            again.hear(seat, yjs.sync_step_2(yjs.update_of(hub.whispered[0][1].payload)))
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
