"""Any interleaving of commits, tellings, subscriptions and full buffers: each listener hears its facts, each once."""

import asyncio
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from models.errors import Unavailable
from models.facts import Entry
from tests.connections.stage import TOPIC, Listener, Stage
from tests.impatient import ImpatientLoop

seconds = st.sampled_from([0.0, 0.001, 0.015, 0.03, 0.3])
places = st.integers(0, 1000)


class Delivery(RuleBasedStateMachine):
    """What is committed is told by whoever committed it: at once, late, twice, in disorder or never."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=ImpatientLoop)
        self.stage = self.runner.run(self._open())
        self.untold: list[Entry] = []
        self.listeners: list[Listener] = []
        self.asked: list[asyncio.Task[None]] = []
        self.removals: dict[int, int] = {}

    async def _open(self) -> Stage:
        stage = Stage()
        await stage.manager.__aenter__()
        return stage

    def within(self, act: Callable[[], object], afterwards: float = 0.0) -> None:
        """Does it on the loop, then lets some time pass."""

        async def run() -> None:
            act()
            await asyncio.sleep(afterwards)

        self.runner.run(run())

    @initialize(slowness=seconds, count=st.integers(0, 150))
    def begin(self, slowness: float, count: int) -> None:
        self.stage.log.seconds = slowness
        for _ in range(count):
            self.stage.log.commit()

    @rule(count=st.integers(1, 5))
    def commit(self, count: int) -> None:
        self.untold += [self.stage.log.commit() for _ in range(count)]

    @rule(data=st.data(), is_ours=st.booleans(), pause=seconds)
    @precondition(lambda self: self.untold)
    def tell(self, data: st.DataObject, is_ours: bool, pause: float) -> None:
        told = data.draw(st.lists(st.sampled_from(self.untold), min_size=1, max_size=6))
        tell = self.stage.manager.tell if is_ours else self.stage.manager.heard
        self.within(lambda: tell(TOPIC, told), pause)

    @rule(count=places)
    @precondition(lambda self: self.untold)
    def lose(self, count: int) -> None:
        """Nobody will tell the first of these."""
        del self.untold[: count % len(self.untold) + 1]

    @rule(after=st.none() | places, answers=st.booleans(), pause=seconds)
    def subscribe(self, after: int | None, answers: bool, pause: float) -> None:
        if after is not None:
            after %= self.stage.log.head() + 1

        def ask() -> None:
            listener = self.stage.listener()
            self.listeners.append(listener)
            self.asked.append(asyncio.create_task(listener.subscribe(after, answers=answers)))

        self.within(ask, pause)

    @rule(who=places, pause=seconds)
    @precondition(lambda self: self.listeners)
    def fill_the_buffer(self, who: int, pause: float) -> None:
        self.within(self.listeners[who % len(self.listeners)].pause, pause)

    @rule(who=places, pause=seconds)
    @precondition(lambda self: self.listeners)
    def drain_the_buffer(self, who: int, pause: float) -> None:
        self.within(self.listeners[who % len(self.listeners)].resume, pause)

    @rule(who=places)
    @precondition(lambda self: self.listeners)
    def remove(self, who: int) -> None:
        """At any moment, also while they subscribe."""
        listener = self.listeners[who % len(self.listeners)]
        if listener.user not in self.removals:
            entry = self.stage.remove(listener)
            self.removals[listener.user] = entry.seq
            self.untold.append(entry)

    @rule(is_away=st.booleans())
    def lose_or_find_the_log(self, is_away: bool) -> None:
        self.stage.log.is_away = is_away

    @rule(pause=seconds)
    def let_time_pass(self, pause: float) -> None:
        self.within(lambda: None, pause)

    def teardown(self) -> None:
        try:
            self.stage.log.is_away = False
            self.within(self.finish, 25.0)
            self.within(self.finish, 25.0)
            for listener, asked in zip(self.listeners, self.asked, strict=True):
                self.judge(listener, asked)
        finally:
            self.runner.run(self.stage.manager.__aexit__(None, None, None))
            self.runner.close()

    def finish(self) -> None:
        """Everyone drains, and a fence makes known what nobody told."""
        for listener in self.listeners:
            listener.resume()
        self.stage.manager._topics.compare(None)

    def judge(self, listener: Listener, asked: "asyncio.Task[None]") -> None:
        removed_at = self.removals.get(listener.user)
        if asked.exception() is not None:
            assert isinstance(asked.exception(), Unavailable) or removed_at is not None
            assert listener.heard == []
            return
        assert listener.began_at is not None
        first, last = listener.began_at + 1, listener.began_at + len(listener.heard)
        assert listener.heard == list(range(first, last + 1))
        if removed_at is None:
            assert last == self.stage.log.head()
            assert listener.dropped == []
        else:
            assert last <= removed_at
            assert listener.dropped == [TOPIC]


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
