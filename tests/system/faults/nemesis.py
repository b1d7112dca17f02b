"""Whatever can go wrong on one machine, by a seed: all that serves is killed, and Valkey frozen and emptied, too."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
from redis.exceptions import RedisError

from tests.system.faults.history import Recorder, Strike
from tests.system.faults.world import Instance, World

PATIENCE_SECONDS = 20.0
"""With what there is to strike at."""


def _age(instance: Instance) -> float:
    return instance.started_at


@dataclass(frozen=True, slots=True)
class Temper:
    """Seconds between two strikes of a kind, least and most. None: spares them."""

    kill: tuple[float, float] | None = (0.2, 3.0)
    redis: tuple[float, float] | None = (3.0, 8.0)
    postgres: tuple[float, float] | None = (10.0, 20.0)
    kills_each: int = 19
    """Of one instance, for each of all at once."""
    is_patient: bool = False
    """Kills an instance only while all of them are up, and then the one that most clients have come to."""


class Nemesis:
    """`run` strikes until it is cancelled, `heal` puts all right. `proof` counts what strikes were seen to do."""

    def __init__(self, world: World, temper: Temper, recorder: Recorder, seed: int) -> None:
        self._world = world
        self._temper = temper
        self._recorder = recorder
        self._seed = seed
        self.struck: Counter[str] = Counter()
        self.proof: Counter[str] = Counter()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            kill = [self.kill] * self._temper.kills_each + [
                self.kill if self._temper.is_patient else self.kill_all
            ]
            group.create_task(self._strike_at(self._temper.kill, kill, 1))
            redis = [self.kill_redis, self.freeze_redis, self.flush_redis, self.cut_redis]
            group.create_task(self._strike_at(self._temper.redis, redis, 2))
            postgres = [self.restart_postgres, self.end_backends]
            group.create_task(self._strike_at(self._temper.postgres, postgres, 3))

    async def heal(self) -> None:
        with suppress(ProcessLookupError):
            self._world.signal_redis(signal.SIGCONT)
        self._world.redis.revive()
        await self._world.postgres_answers()

    async def _strike_at(
        self,
        pause: tuple[float, float] | None,
        ways: Sequence[Callable[[random.Random], Awaitable[None]]],
        stream: int,
    ) -> None:
        """Each kind has its own stream of chances, so that one's timing doesn't change another's."""
        rng = random.Random(self._seed * 10 + stream)
        bag: list[Callable[[random.Random], Awaitable[None]]] = []
        while pause:
            await asyncio.sleep(rng.uniform(*pause))
            if not bag:
                bag = rng.sample(ways, len(ways))  # each comes as often as any other
            way = bag.pop()
            began = time.monotonic()
            await way(rng)
            what = way.__name__.replace("_", " ")
            self.struck[what] += 1
            self._recorder.add(Strike(began, what, time.monotonic()))

    # Instances.

    async def kill(self, rng: random.Random) -> None:
        if self._temper.is_patient:
            for instance in self._world.instances:
                await instance.ready()
            await asyncio.sleep(rng.uniform(0.3, 0.8))
        await self._somebody_listens()
        running = [instance for instance in self._world.instances if instance.is_running]
        if running:
            victim = min(running, key=_age) if self._temper.is_patient else rng.choice(running)
            victim.kill()
            self.proof["instances killed"] += 1

    async def kill_all(self, rng: random.Random) -> None:
        await self._somebody_listens()
        for instance in self._world.instances:
            self.proof["instances killed"] += instance.is_running
            instance.kill()

    async def _somebody_listens(self) -> None:
        """Whoever kills faster than instances start, as on a busy machine, tests nothing but their starts."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            if any([await instance.is_listening() for instance in self._world.instances]):
                return
            await asyncio.sleep(0.05)

    # Valkey.

    async def kill_redis(self, rng: random.Random) -> None:
        self._world.signal_redis(signal.SIGKILL)
        await asyncio.sleep(rng.uniform(0, 3))
        await self._world.revive_redis()

    async def freeze_redis(self, rng: random.Random) -> None:
        self._world.signal_redis(signal.SIGSTOP)
        try:
            await asyncio.sleep(rng.uniform(1, 6))
        finally:
            self._world.signal_redis(signal.SIGCONT)

    async def flush_redis(self, rng: random.Random) -> None:
        async with self._world.redis_client() as redis:
            with suppress(RedisError, OSError):
                await redis.set("mark", "1")
                await redis.execute_command("FLUSHALL")  # type: ignore[no-untyped-call]
                self.proof["keys flushed"] += not await redis.exists("mark")

    async def cut_redis(self, rng: random.Random) -> None:
        async with self._world.redis_client() as redis:
            with suppress(RedisError, OSError):
                cut = await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]
                self.proof["subscribers cut off"] += int(cut)

    # PostgreSQL.

    async def restart_postgres(self, rng: random.Random) -> None:
        self.proof["backends crashed"] += await self._some_backends()
        await self._world.restart_postgres()

    async def end_backends(self, rng: random.Random) -> None:
        self.proof["backends terminated"] += await self._backends("count(pg_terminate_backend(pid))")

    async def _some_backends(self) -> int:
        """A strike at a database that nobody is connected to proves nothing: on a busy machine, starts take a while."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (found := await self._backends("count(*)")) and time.monotonic() < give_up_at:
            await asyncio.sleep(0.05)
        return found

    async def _backends(self, what: str) -> int:
        with suppress(OSError, asyncpg.PostgresError, TimeoutError):
            found = await self._world.sql(
                f"select {what} from pg_stat_activity where application_name = 'chalkline'"  # noqa: S608
            )
            return int(str(found))
        return 0
