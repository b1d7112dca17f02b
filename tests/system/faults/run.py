"""One run from the first account to the verdict: a crowd at work on a world that a nemesis breaks."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.faults.accounts import Door, Town
from tests.system.faults.checker import Errors, check
from tests.system.faults.crowd import Crowd, Scale
from tests.system.faults.figures import Figures, figures_of
from tests.system.faults.history import History, Recorder
from tests.system.faults.meter import Meter
from tests.system.faults.nemesis import Nemesis, Temper
from tests.system.faults.world import SERVE, World

SETTLE_SECONDS = 45.0

MORE_SECONDS = 60.0
"""Until strikes were enough: a machine may be busy, and what hasn't come by then won't come."""


@dataclass
class Outcome:
    """What a run came to."""

    history: Path
    seed: int
    seconds: float
    struck: Counter[str] = field(default_factory=Counter)
    proof: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)
    servers: Counter[str] = field(default_factory=Counter)
    removals: int = 0
    errors: Errors = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)

    @property
    def wrong(self) -> dict[str, int]:
        return {name: len(found) for name, found in self.errors.items() if found}


@asynccontextmanager
async def working(
    world: World, scale: Scale, recorder: Recorder, seed: int, command: tuple[str, ...] = SERVE
) -> AsyncIterator[tuple[Crowd, Meter]]:
    """Instances that run and are tended and metered, and a crowd that has connected to them."""
    await world.open(command)
    door = Door(world.ports, random.Random(seed + 2))
    meter = Meter(world)
    try:
        town = Town(door)
        await town.settle(scale.accounts, scale.channels, scale.memberships)
        async with Crowd(town, world.ports, scale, recorder, seed) as crowd, asyncio.TaskGroup() as group:
            tasks = [group.create_task(meter.run()), group.create_task(world.tend())]
            await crowd.arrive()
            yield crowd, meter
            for task in tasks:
                task.cancel()
    finally:
        world.close()
        await door.close()
        await meter.close()


async def mixed(
    world: World,
    seconds: float,
    seed: int,
    scale: Scale,
    temper: Temper,
    command: tuple[str, ...] = SERVE,
    has_struck: Callable[[Nemesis], bool] = lambda _: True,
    settle_seconds: float = SETTLE_SECONDS,
) -> Outcome:
    """Load and strikes for so long and until they were enough, then rest, then the verdict."""
    outcome = Outcome(world.new_history(), seed, seconds)
    with closing(Recorder(outcome.history)) as recorder:
        async with working(world, scale, recorder, seed, command) as (crowd, meter):
            nemesis = Nemesis(world, temper, recorder, seed)
            tasks = [asyncio.create_task(crowd.post()), asyncio.create_task(nemesis.run())]
            began = time.monotonic()
            while not any(task.done() for task in tasks):
                passed = time.monotonic() - began
                if passed > seconds and (has_struck(nemesis) or passed > seconds + MORE_SECONDS):
                    break
                await asyncio.sleep(0.1)
            outcome.seconds = time.monotonic() - began
            await end(tasks)
            await nemesis.heal()
            for instance in world.instances:
                await instance.ready()
            await crowd.settle(settle_seconds)
            await meter.look()
            await crowd.read()
            outcome.clients, outcome.servers = crowd.counts(), meter.total()
            outcome.struck, outcome.proof = nemesis.struck, nemesis.proof
            outcome.removals = crowd.bouncer.removals
    judge(outcome)
    return outcome


async def end(tasks: list[asyncio.Task[None]]) -> None:
    """Raises what one of them failed of."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result


def judge(outcome: Outcome) -> None:
    history = History(outcome.history)
    outcome.errors = check(history)
    outcome.figures = figures_of(history)
