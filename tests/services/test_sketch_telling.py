"""When an edit is seen: by the sockets here at once, by everybody else when it is saved."""

import asyncio

import pytest

from models import yjs
from models.facts import sketch_topic
from models.ids import SketchId
from services import sketch_saver
from services.sketch_doc import SketchDoc
from tests.served import until
from tests.services.studio import Hub, Shelf, rooms_on, sit, sketch
from tests.yjs import Pen


def scene_of(hub: Hub) -> dict[str, dict[str, object]]:
    """What the sockets here have seen."""
    seen = [yjs.update_of(entry.payload) for _, entry in hub.whispered]
    return SketchDoc("sketch", seen).scene()


async def test_the_sockets_here_see_an_edit_at_once_and_when_it_is_saved_not_again() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)

        room.hear(seat, yjs.sync_update(pen.draw("a")))

        assert scene_of(hub) == pen.scene()
        assert chair.saved == 0
        await until(lambda: chair.saved == 1)
        assert [entry.is_told for _, entry in hub.told] == [True]
        assert len(hub.whispered) == 1


async def test_who_comes_between_the_telling_and_the_save_gets_what_is_on_its_way() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        ahead = hub.aheads[sketch_topic(SketchId(1))]
        shelf.is_away = True
        room.hear(seat, yjs.sync_update(pen.draw("on its way")))
        await asyncio.sleep(0)
        room.hear(seat, yjs.sync_update(pen.draw("waiting")))

        late = SketchDoc("sketch", [yjs.update_of(message) for message in ahead()])

        assert late.scene() == pen.scene()
        shelf.is_away = False
        await until(lambda: chair.saved == 2)
        assert ahead() == []


async def test_a_crowd_shares_frames_and_all_that_is_saved_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sketch_teller.PAIR_SECONDS", 0.01)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        for number in range(50):
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}")))
        await until(lambda: chair.saved == 50)

        assert len(hub.whispered) <= 4
        assert scene_of(hub) == pen.scene()


async def test_nobody_waits_for_others_to_share_a_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_saver, "SHARE_SECONDS", 3600.0)
    monkeypatch.setattr(sketch_saver, "SLOWEST_SECONDS", 3600.0)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        room.hear(seat, yjs.sync_update(pen.draw("a")))
        await until(lambda: chair.saved == 1)
        room.hear(seat, yjs.sync_update(pen.draw("b")))

        async with asyncio.timeout(5):
            await room.until_saved()

        assert chair.saved == 2


async def test_what_is_saved_after_its_room_was_over_is_told_to_those_who_came_since() -> None:
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, _ = sit(room)
        room.hear(seat, yjs.sync_update(pen.draw("a")))
        await until(lambda: room.saver.unsaved != [])
        room.end(4002, "opened anew")
        room.leave(seat)
        async with rooms.holding(sketch()) as again:
            await until(lambda: hub.told != [])

            assert [entry.is_told for _, entry in hub.told] == [False]
            await until(lambda: again.doc.scene() == pen.scene())


async def test_between_two_frames_of_a_crowd_all_is_heard_in_its_order_and_whoever_is_wrong_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.sketch_teller.PAIR_SECONDS", 3600.0)
    monkeypatch.setattr("services.sketch_teller.SLOWEST_SECONDS", 0.05)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, chair = sit(room)
        evil, trap = sit(room, user=2)
        room.hear(seat, yjs.sync_update(pen.draw("first")))
        room.hear(seat, yjs.sync_update(pen.draw("second")))
        room.hear(evil, yjs.sync_update(b"\x07"))
        room.hear(seat, yjs.sync_update(pen.draw("third")))
        assert len(hub.whispered) == 1
        assert trap.code is None

        await until(lambda: chair.saved == 3)

        assert len(hub.whispered) == 2
        assert scene_of(hub) == pen.scene() == room.doc.scene()
        assert trap.code == 4501


async def test_what_a_socket_said_before_it_left_is_heard_and_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sketch_teller.PAIR_SECONDS", 3600.0)
    monkeypatch.setattr("services.sketch_teller.SLOWEST_SECONDS", 3600.0)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms:
        async with rooms.holding(sketch()) as room:
            seat, _ = sit(room)
            room.hear(seat, yjs.sync_update(pen.draw("first")))
            room.hear(seat, yjs.sync_update(pen.draw("last")))
            room.leave(seat)
        assert not room.is_idle

    assert SketchDoc("sketch", shelf.logs[1].values()).scene() == pen.scene()


async def test_a_crowd_that_says_much_is_heard_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sketch_teller.PAIR_SECONDS", 3600.0)
    monkeypatch.setattr("services.sketch_teller.SLOWEST_SECONDS", 3600.0)
    shelf, hub, pen = Shelf(), Hub(), Pen()
    async with rooms_on(shelf, hub) as rooms, rooms.holding(sketch()) as room:
        seat, _ = sit(room)
        for number in range(20):
            style = {"kind": "stroke", "points": bytes(30_001)}
            room.hear(seat, yjs.sync_update(pen.draw(f"e{number}", style)))

        assert len(room.doc.scene()["el"]) >= 10
