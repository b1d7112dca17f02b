"""Everyone who uses the servers in a run: who they are, how they behave, and how fast they post together."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

from tests.system.faults import node_wire
from tests.system.faults.accounts import Town
from tests.system.faults.client import Client, Habits
from tests.system.faults.history import NAP, Events, Read, Recorder, Row, events_of, row_of
from tests.system.faults.others import Bouncer, RestPoster
from tests.system.faults.wires import Lean, Maker, Threaded

PAGE = 200
TICK_SECONDS = 0.02
ARRIVAL_SECONDS = 60.0


class Absent(Exception):
    """Clients that could not connect while nothing was broken yet."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many, and posts a second of all together."""

    accounts: int = 20
    channels: int = 20
    memberships: int = 6
    clients: int = 60
    subscriptions: int = 2
    rest_posters: int = 2
    rate: float = 500.0
    bounces: bool = True
    unruly: bool = True
    """With some who flap, sleep, and post the same by several sockets at once."""


PLAIN = (Habits(), Habits(), Habits(is_single=True))
FLAPPING = (Habits(flaps=3.0), Habits(flaps=3.0, is_single=True))
NAPPING = Habits(naps=2.0)
TWINS = 3


class Crowd:
    """An async context manager. `town` has to be settled. Without node's packages, ours are there in its stead."""

    def __init__(self, town: Town, ports: Sequence[int], scale: Scale, recorder: Recorder, seed: int) -> None:
        self.town = town
        self.clients: list[Client] = []
        self.by_rest: list[RestPoster] = []
        self._posters: list[Client] = []
        self._ports = ports
        self._scale = scale
        self._recorder = recorder
        self._rng = random.Random(seed)
        self._owned = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_over = asyncio.Event()
        bounced = list(range(1, min(4, scale.accounts)))
        self.bouncer = Bouncer(town, bounced, recorder, random.Random(seed + 1))

    async def __aenter__(self) -> Self:
        makers = await self._makers()
        for number in range(self._scale.clients):
            self._add(number, makers)
        for number in range(self._scale.rest_posters):
            self._add_by_rest(number)
        work = [client.run() for client in self.clients] + [p.run(self._is_over) for p in self.by_rest]
        if self._scale.bounces:
            work.append(self.bouncer.run(self._is_over))
        self._tasks = [asyncio.create_task(one) for one in work]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._owned.aclose()

    def check(self) -> None:
        """Raises what a client failed of: it would be missed in silence."""
        for task in self._tasks:
            if task.done() and not task.cancelled() and task.exception() is not None:
                raise task.exception()  # type: ignore[misc]

    async def _makers(self) -> dict[str, Maker]:
        makers: dict[str, Maker] = {"lean": Lean(), "threaded": Threaded(), "node": Lean()}
        if node_wire.is_installed():
            makers["node"] = await self._owned.enter_async_context(node_wire.Node())
        return makers

    def _add(self, number: int, makers: dict[str, Maker]) -> None:
        """Of twelve: six plain, one threaded, one of node, two that flap, one that naps, and one with twins."""
        kind = number % 12 if self._scale.unruly else number % 8
        maker = {6: "threaded", 7: "node", 8: "node" if number % 24 == 8 else "lean"}.get(kind, "lean")
        habits = (*FLAPPING, NAPPING, Habits())[kind - 8] if kind >= 8 else PLAIN[kind % 3]
        place = 1 + number % (self._scale.accounts - 1)
        kindred = NAP if habits.naps else maker
        names = [f"{kindred}{number}{letter}" for letter in "abc"[: TWINS if kind == 11 else 1]]
        channels = self._rng.sample(
            self.town.channels_of(place), 1 if habits.is_single else self._scale.subscriptions
        )
        twins = [self._client(name, place, channels, makers[maker], habits) for name in names]
        for index, twin in enumerate(twins):
            twin.twins = [other for other in twins if other is not twin]
            twin.outbox.has_twins = len(twins) > 1
            if index == 0:
                self._posters.append(twin)
        self.clients += twins

    def _client(self, name: str, place: int, channels: list[int], maker: Maker, habits: Habits) -> Client:
        rng = random.Random(self._rng.random())
        account = self.town.accounts[place]
        return Client(name, account, channels, maker, habits, self._ports, self._recorder, rng)

    def _add_by_rest(self, number: int) -> None:
        place = 1 + (4 + number) % (self._scale.accounts - 1)
        self.by_rest.append(
            RestPoster(
                f"rest{number}",
                self.town.accounts[place],
                self.town.channels_of(place)[0],
                self.town.door,
                self._recorder,
                0.2,
            )
        )

    # What they do.

    async def arrive(self, seconds: float = ARRIVAL_SECONDS) -> None:
        """Returns when each has connected once. Raises Absent."""
        until = time.monotonic() + seconds
        while absent := [client.name for client in self.clients if not client.counts["connects"]]:
            self.check()
            if time.monotonic() > until:
                raise Absent(f"not connected after {seconds:g} s: {absent}; {dict(self.counts())}")
            await asyncio.sleep(0.05)

    async def post(self) -> None:
        """At the rate, as far as windows allow. A task; runs until it is cancelled."""
        began, posted = time.monotonic(), 0
        for tick in itertools.count():
            due = int((time.monotonic() - began) * self._scale.rate)
            free = [client for client in self._posters if client.outbox.has_room]
            for _ in range(due - posted):
                if not free:
                    break
                client = self._rng.choice(free)
                client.post()
                if not client.outbox.has_room:
                    free.remove(client)
            posted = due
            if tick % 50 == 0:
                self.check()
                for client in self.clients:
                    client.check()
            await asyncio.sleep(TICK_SECONDS)

    async def settle(self, seconds: float) -> None:
        """Nothing new; what was begun comes to its end, and everyone hears everything. Returns at the latest after."""
        self._is_over.set()
        for client in self.clients:
            client.is_stopping = True
        begun = self._tasks[len(self.clients) :]
        heads: dict[int, int] = {}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            for client in self.clients:
                client.check()
            if all(task.done() for task in begun) and not any(
                client.outbox.pending for client in self.clients
            ):
                heads = heads or {chan: await self._head(chan) for chan in self.town.channels}
                if all(client.has_heard(heads) for client in self.clients):
                    return
            await asyncio.sleep(0.1)

    async def _head(self, channel: int) -> int:
        return (await self._page(channel, 0, self._ports[0], 1)).head_seq

    async def read(self) -> None:
        """Each channel wholly from every instance, into the history."""
        for channel in self.town.channels:
            for number, port in enumerate(self._ports):
                await self._read(channel, number, port)

    async def _read(self, channel: int, number: int, port: int) -> None:
        rows: list[Row] = []
        while True:
            events = (await self._page(channel, rows[-1].seq if rows else 0, port, PAGE)).events
            rows += map(row_of, events)
            if len(events) < PAGE:
                break
        self._recorder.add(Read(time.monotonic(), number, channel, rows))

    async def _page(self, channel: int, after: int, port: int, limit: int) -> Events:
        path = f"/channels/{channel}/events?after={after}&limit={limit}"
        answer = await self.town.door.insist("GET", path, None, self.town.owner.token, port)
        if answer.status_code == 401:
            await self.town.owner.sign_in()
            return await self._page(channel, after, port, limit)
        return events_of(answer.content)

    def counts(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for counts in [one.counts for one in self.clients] + [one.counts for one in self.by_rest]:
            total.update(counts)
        return total
