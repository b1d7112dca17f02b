"""A manager on a log in memory, with listeners that write down what they hear. Run it on an impatient loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from connections.connection import Connection
from connections.framing import payloads
from connections.manager import Manager, Resumed
from connections.memory_bus import MemoryBus
from connections.outlet import Way
from models.errors import NotFound, Unavailable
from models.facts import Entry, user_label
from models.ids import UserId

TOPIC = "channel:7"


class FakeLog:
    """Fits connections.topic.Log. Each call takes `seconds`, half of them before it looks."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Entry]] = {}
        self.seconds = 0.0
        self.is_away = False
        self.reads: list[int] = []

    def commit(self, topic: str = TOPIC, drops: str = "") -> Entry:
        log = self.entries.setdefault(topic, [])
        log.append(Entry(len(log) + 1, b"%d" % (len(log) + 1), drops))
        return log[-1]

    def head(self, topic: str = TOPIC) -> int:
        return len(self.entries.get(topic, ()))

    def is_binary(self, _topic: str) -> bool:
        return False

    async def heads(self, topics: Sequence[str]) -> dict[str, int]:
        await self._wait()
        found = {topic: self.head(topic) for topic in topics if topic in self.entries}
        await self._wait()
        return found

    async def read(self, topic: str, after: int, limit: int) -> list[Entry]:
        self.reads.append(after)
        await self._wait()
        found = self.entries.get(topic, [])[after : after + limit]
        await self._wait()
        return found

    async def _wait(self) -> None:
        await asyncio.sleep(self.seconds / 2)
        if self.is_away:
            raise Unavailable("away")


class Listener:
    """One socket and its user; fits connections.connection.Writer.

    `heard` are the seqs, the answer to the subscription included; 0 is a passing fact.
    """

    window_bits = 0

    def __init__(self, stage: "Stage", user: UserId) -> None:
        self.stage = stage
        self.user = user
        self.heard: list[int] = []
        self.writes = 0
        self.dropped: list[str] = []
        self.code: int | None = None
        self.closed: Callable[[], object] = _nothing
        self.reading: list[str] = []
        self.began_at: int | None = None
        self.resumed: Resumed | None = None
        self._paused = self._resumed = self._gone = _nothing
        self.connection = Connection(
            f"socket {user}",
            self,
            user_label(user),
            frozenset((user_label(user),)),
            self.dropped.append,
            _nothing,
        )
        stage.manager.connect(self.connection)

    # As a writer.

    def write(self, frames: bytes) -> None:
        assert self.code is None, "written to after its close"
        self.writes += 1
        self.heard += [int(payload[-9:]) for _, payload in payloads(frames)]

    @property
    def way(self) -> Way:
        return self._take

    def _take(self, frames: bytes) -> int:
        self.write(frames)
        return len(frames)

    def close(self, code: int, reason: str) -> None:
        self.code = code
        self.closed()

    def pause_reading(self) -> None:
        self.reading.append("paused")

    def resume_reading(self) -> None:
        self.reading.append("resumed")

    def beat(self) -> None:
        pass

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._paused, self._resumed, self._gone = paused, resumed, gone

    # As a user.

    def pause(self) -> None:
        """The socket's buffer is full."""
        if not self.connection.is_paused and self.connection.is_open:
            self._paused()

    def resume(self) -> None:
        if self.connection.is_paused and self.connection.is_open:
            self._resumed()

    def vanish(self) -> None:
        self._gone()

    async def subscribe(
        self, after: int | None = None, topic: str = TOPIC, *, is_silent: bool = False, answers: bool = True
    ) -> None:
        """As a door does it: the answer first, then the rest. Raises NotFound for who was removed."""
        self.resumed = await self.stage.manager.subscribe(
            self.connection, topic, lambda: self._admit(topic), after, is_silent=is_silent, answers=answers
        )
        self.began_at = self.resumed.head_seq if after is None else after
        self.heard += [entry.seq for entry in self.resumed.entries]
        self.stage.manager.start(self.resumed.subscription)

    async def _admit(self, topic: str) -> int:
        """The right and the head, of one moment."""
        await asyncio.sleep(self.stage.log.seconds / 2)
        if self.user in self.stage.removed:
            raise NotFound
        head = self.stage.log.head(topic)
        await asyncio.sleep(self.stage.log.seconds / 2)
        return head


class Stage:
    """`removed` are the users who may no longer listen."""

    def __init__(self) -> None:
        self.log = FakeLog()
        self.manager = Manager(MemoryBus(), self.log)
        self.removed: set[UserId] = set()
        self._users = 0

    def listener(self) -> Listener:
        self._users += 1
        return Listener(self, UserId(self._users))

    def say(self, count: int = 1) -> None:
        """Commits and tells."""
        for _ in range(count):
            self.manager.tell(TOPIC, [self.log.commit()])

    def remove(self, listener: Listener) -> Entry:
        """Commits it, and tells nobody yet."""
        self.removed.add(listener.user)
        return self.log.commit(drops=user_label(listener.user))

    async def settle(self) -> None:
        """Until nothing more comes of what has happened."""
        await asyncio.sleep(20.0)


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    stage = Stage()
    async with stage.manager:
        yield stage


def _nothing() -> None:
    pass
