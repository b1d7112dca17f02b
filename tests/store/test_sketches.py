"""The log of what is drawn: numbered without a gap under races, shortened without a loss, and gone with its sketch."""

import asyncio

import asyncpg
import pytest

from models.ids import Seq, UserId
from models.sketches import CreateComment, Sketch, SketchWrite
from models.yjs import sync_update
from server.migrate import open_migrator
from store.sketch_changes import SketchChangeStore
from store.sketches import SketchStore
from tests.store.shelf import Shelf


@pytest.fixture
def sketches(shelf: Shelf) -> SketchStore:
    return SketchStore(shelf.database)


@pytest.fixture
def changes(shelf: Shelf) -> SketchChangeStore:
    return SketchChangeStore(shelf.database)


@pytest.fixture
async def plan(shelf: Shelf, changes: SketchChangeStore, alice: UserId) -> Sketch:
    made = await changes.create(await shelf.channel(alice), alice, "plan", "sketch")
    assert made is not None
    return made[0]


def write(sketch: Sketch, update: bytes, epoch: str = "") -> SketchWrite:
    return SketchWrite(sketch.id, epoch or sketch.epoch, update, sketch.creator_id)


async def test_a_new_sketch_is_a_message_and_a_fact(shelf: Shelf, plan: Sketch) -> None:
    log = await shelf.log(plan.channel_id)

    assert [fact["type"] for fact in log] == ["member.joined", "message.posted", "sketch.created"]
    assert [fact["seq"] for fact in log] == [1, 2, 3]
    assert log[1]["message"]["kind"] == "sketch"
    assert log[1]["message"]["sketch_id"] == plan.id == log[2]["sketch"]["id"]
    assert plan.message_seq == 2


async def test_what_is_told_of_a_new_sketch_is_what_its_log_says(
    shelf: Shelf, changes: SketchChangeStore, alice: UserId
) -> None:
    channel = await shelf.channel(alice)
    made = await changes.create(channel, alice, "plan", "sketch")

    assert made is not None
    assert made[1] == (await shelf.chat.facts(channel, Seq(1), 10))


async def test_saves_are_numbered_without_a_gap_whoever_races(
    shelf: Shelf, sketches: SketchStore, changes: SketchChangeStore, plan: Sketch
) -> None:
    other = await changes.create(plan.channel_id, plan.creator_id, "other", "sketch")
    assert other is not None

    async def save(number: int) -> None:
        pair = [write(plan, b"%d" % number), write(other[0], b"%d" % number)]
        await sketches.append(pair if number % 2 else pair[::-1])

    await asyncio.gather(*(save(number) for number in range(60)))

    for sketch in (plan, other[0]):
        loaded = await sketches.load(sketch.id)
        assert loaded.seq == 60
        assert sorted(loaded.updates) == sorted(b"%d" % number for number in range(60))
    assert await sketches.heads([plan.id, other[0].id]) == {plan.id: 60, other[0].id: 60}


async def test_a_snapshot_stands_for_the_updates_before_it(sketches: SketchStore, plan: Sketch) -> None:
    for number in range(1, 6):
        await sketches.append([write(plan, b"%d" % number)])
    before = await sketches.facts(plan.id, 0, 100)

    assert await sketches.compact(plan.channel_id, plan.id, 3, b"whole")
    loaded, after = await sketches.load(plan.id), await sketches.facts(plan.id, 1, 100)

    assert [entry.seq for entry in before] == [1, 2, 3, 4, 5]
    assert (loaded.snapshot, loaded.snapshot_seq, loaded.updates, loaded.seq) == (
        b"whole",
        3,
        [b"4", b"5"],
        5,
    )
    assert [(entry.seq, entry.is_whole) for entry in after] == [(3, True), (4, False), (5, False)]
    assert after[0].payload == sync_update(b"whole")
    assert [entry.seq for entry in await sketches.facts(plan.id, 3, 100)] == [4, 5]


async def test_an_older_snapshot_never_replaces_a_newer_one(sketches: SketchStore, plan: Sketch) -> None:
    for number in range(5):
        await sketches.append([write(plan, b"%d" % number)])
    await sketches.compact(plan.channel_id, plan.id, 4, b"newer")

    assert not await sketches.compact(plan.channel_id, plan.id, 2, b"older")
    assert (await sketches.load(plan.id)).snapshot == b"newer"


async def test_nothing_is_saved_for_another_epoch_or_a_deleted_sketch(
    sketches: SketchStore, changes: SketchChangeStore, plan: Sketch
) -> None:
    assert await sketches.append([write(plan, b"x", epoch="another.1")]) == [None]
    assert await sketches.append([write(plan, b"x")]) == [1]

    assert await changes.delete(plan.channel_id, plan.id, plan.creator_id)

    assert await sketches.append([write(plan, b"x")]) == [None]
    assert await sketches.get(plan.id) is None
    assert await changes.delete(plan.channel_id, plan.id, plan.creator_id) is None


async def test_versions_are_numbered(sketches: SketchStore, changes: SketchChangeStore, plan: Sketch) -> None:
    for label in ("first", "second"):
        await changes.add_version(plan.channel_id, plan.id, plan.creator_id, label, 7, label.encode())

    listed = await sketches.versions(plan.channel_id, plan.id, None, 10)

    assert [(one.number, one.label) for one in listed] == [(2, "second"), (1, "first")]
    assert await sketches.version(plan.channel_id, plan.id, 1) == b"first"
    assert await sketches.version(plan.channel_id, plan.id, 3) is None


async def test_a_comment_answers_only_the_first_of_a_thread(
    shelf: Shelf, changes: SketchChangeStore, plan: Sketch
) -> None:
    place = (plan.channel_id, plan.id, plan.creator_id)
    first = await changes.comment(*place, CreateComment("look", "e1"))
    assert first is not None
    answer = await changes.comment(*place, CreateComment("yes", None, first[0].id))
    assert answer is not None

    assert await changes.comment(*place, CreateComment("no", None, answer[0].id)) is None
    assert await changes.comment(*place, CreateComment("no", None, 999_999)) is None
    kinds = [fact["type"] for fact in await shelf.log(plan.channel_id)]
    assert kinds[-2:] == ["sketch.commented"] * 2
    assert "text" not in (await shelf.log(plan.channel_id))[-1]


async def test_taking_the_migration_back_leaves_a_log_that_has_no_gap(
    database: str, shelf: Shelf, changes: SketchChangeStore, plan: Sketch
) -> None:
    await changes.rename(plan.channel_id, plan.id, plan.creator_id, "new name")
    async with open_migrator(database) as migrator:
        await migrator.down(to=1)
    connection = await asyncpg.connect(database)
    try:
        rows = await connection.fetch("select seq, kind from messages where channel_id = $1", plan.channel_id)
        left = await connection.fetchval("select count(*) from changes where kind like 'sketch.%'")
    finally:
        await connection.close()
    async with open_migrator(database) as migrator:
        await migrator.up()

    assert sorted(tuple(row) for row in rows) == [(2, "sketch"), (3, "system"), (4, "system")]
    assert left == 0
