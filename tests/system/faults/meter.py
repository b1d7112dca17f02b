"""The instances' own counters, looked at every second, because a killed instance takes its numbers with it."""

import asyncio
from collections import Counter
from contextlib import suppress

import httpx

from tests.system.faults.world import World

SECONDS = 1.0
NAMES = (
    "holes",
    "resumed",
    "resume_refused",
    "bus_losses",
    "posts",
    "posts_replayed",
    "posts_refused",
    "commits",
    "deliveries",
    "writes",
    "fell_behind",
    "too_slow",
)


class Meter:
    """`run` is a task; `total` sums over all lives of all instances."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: dict[tuple[int, int], dict[str, int]] = {}
        self._http = httpx.AsyncClient(timeout=1.0, trust_env=False)

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(SECONDS)

    async def look(self) -> None:
        for instance in self._world.instances:
            life = instance.number, instance.lives
            with suppress(httpx.TransportError):
                answer = await self._http.get(f"http://127.0.0.1:{instance.port}/metrics")
                if answer.status_code == 200:
                    self._seen[life] = _numbers(answer.text)

    def total(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for seen in self._seen.values():
            total.update(seen)
        return total

    async def close(self) -> None:
        await self._http.aclose()


def _numbers(text: str) -> dict[str, int]:
    wanted = {f"chalkline_{name}_total": name for name in NAMES}
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name in wanted:
            found[wanted[name]] = int(float(value))
    return found
