"""What is told in passing before it is in the log: everyone hears it, and those who heard it don't hear it again."""

from models.facts import Entry
from tests.connections.stage import TOPIC, Listener, Stage, open_stage
from tests.impatient import impatient


class Room:
    """Tells ahead, and tells the topic what of it has no seq yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.ahead: list[bytes] = []
        self.heard: list[int] = []

    async def open(self) -> "Room":
        await self.stage.manager.tap(TOPIC, lambda entry: self.heard.append(entry.seq), lambda: self.ahead)
        return self

    def whisper(self) -> None:
        self.ahead.append(b"%d" % (self.stage.log.head() + 1))
        self.stage.manager.whisper(TOPIC, Entry(0, self.ahead[-1]))

    def save(self) -> None:
        entry = self.stage.log.commit()
        self.ahead.remove(entry.payload)
        self.stage.manager.tell(TOPIC, [Entry(entry.seq, entry.payload, is_told=True)])


async def sits(stage: Stage) -> Listener:
    listener = stage.listener()
    await listener.subscribe(stage.log.head())
    await stage.settle()
    return listener


@impatient
async def test_who_was_told_ahead_does_not_hear_it_again_when_it_has_its_place() -> None:
    async with open_stage() as stage:
        room, alice = await Room(stage).open(), await sits(stage)

        room.whisper()
        assert alice.heard == [1]
        room.save()
        room.whisper()
        room.save()

        assert alice.heard == [1, 2]
        assert room.heard == [0, 1, 0, 2]


@impatient
async def test_who_comes_before_it_has_its_place_gets_it_and_who_comes_later_finds_it_in_the_log() -> None:
    async with open_stage() as stage:
        room = await Room(stage).open()
        room.whisper()

        alice = await sits(stage)
        room.save()
        bob = stage.listener()
        await bob.subscribe(0)
        await stage.settle()

        assert alice.heard == [1]
        assert bob.heard == [1]


@impatient
async def test_who_was_too_slow_to_hear_it_gets_it_before_or_after_it_has_its_place() -> None:
    async with open_stage() as stage:
        room, alice, bob = await Room(stage).open(), await sits(stage), await sits(stage)
        alice.pause()
        bob.pause()
        room.whisper()

        alice.resume()
        await stage.settle()
        room.save()
        bob.resume()
        await stage.settle()

        assert alice.heard == [1]
        assert bob.heard == [1]


@impatient
async def test_what_another_instance_saved_in_between_is_heard_by_everyone() -> None:
    async with open_stage() as stage:
        room, alice = await Room(stage).open(), await sits(stage)
        stage.log.commit()
        room.whisper()
        room.save()
        assert alice.heard == [2]

        await stage.settle()

        assert set(alice.heard) == {1, 2}
        assert room.heard[-2:] == [1, 2]
