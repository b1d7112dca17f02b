"""Random drawing by Yjs clients of two makers at two instances that are killed meanwhile: in the end there is one
picture, and the log says the same.

`python -m tests.system.sketch_seeds --seeds 200` is the long run; a failure names the seed.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

import hatch_build
from models.ids import SketchId
from services.sketch_doc import SketchDoc
from store.pool import Database, open_database
from store.queries import load_queries
from store.sketches import SketchStore
from tests.house import PASSWORD, PATIENCE, Person
from tests.sketcher import LOST, Sketcher, sketching
from tests.system.faults.world import World
from tests.system.yjs_clients import yjs_clients
from tests.yjs import Pen

TURNS = 6
AT_ONCE = 4
BROWSERS = "abc"
PENS = 2
AGREE_SECONDS = 60.0
CALM_SECONDS = 3.0
"""At least, with all instances there, between two kills."""

Picture = dict[str, Any]


class Studio:
    """Two instances that share what they know, and alice, who draws at both. `struck` counts what was done to them."""

    def __init__(self, world: World, database: Database) -> None:
        self._world = world
        self._sketches = SketchStore(database)
        self._redis = asyncio.Lock()
        self._may_kill_at = 0.0
        self.struck: Counter[str] = Counter()

    async def enter(self) -> None:
        alice = Person(self.urls[0], await self._ask("register"))
        self._channel = await alice.channel()
        await alice.close()

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self._world.ports]

    async def sign_in(self) -> list[Person]:
        """Alice at each instance, with one new session."""
        session = await self._ask("login")
        return [Person(url, session) for url in self.urls]

    async def _ask(self, what: str) -> Any:
        while True:
            for url in self.urls:
                with suppress(httpx.HTTPError):
                    async with httpx.AsyncClient(base_url=f"{url}/api/v1/auth", timeout=PATIENCE) as http:
                        answer = await http.post(f"/{what}", json={"username": "alice", "password": PASSWORD})
                    assert answer.is_success, answer.text
                    return answer.json()
            await asyncio.sleep(0.1)

    async def sketch(self, persons: Sequence[Person]) -> int:
        while True:
            for person in persons:
                with suppress(httpx.HTTPError):
                    made = await person.post(f"/channels/{self._channel}/sketches", {"title": "wall"})
                    return int(made["id"])
            await asyncio.sleep(0.1)

    async def kill(self, number: int) -> None:
        """`kill -9` of an instance, which comes back; nothing before all have been back for a while."""
        now, are_back = time.monotonic(), all([await one.is_listening() for one in self._world.instances])
        if are_back and now > self._may_kill_at:
            self._world.instances[number].kill()
            self.struck["kills"] += 1
        if not are_back or now > self._may_kill_at:
            self._may_kill_at = now + CALM_SECONDS

    def said(self) -> str:
        """By the instances, in the end."""
        return "\n".join(one.said()[-2_000:] for one in self._world.instances)

    async def restart_redis(self) -> None:
        async with self._redis:
            self._world.signal_redis(signal.SIGKILL)
            self.struck["Redis restarts"] += 1
            await self._world.revive_redis()

    async def replayed(self, sketch: int) -> Picture:
        """What the log alone says."""
        loaded = await self._sketches.load(SketchId(sketch))
        snapshot = [] if loaded.snapshot is None else [loaded.snapshot]
        return _drawn(SketchDoc("sketch", [*snapshot, *loaded.updates]).scene())


class Drawer:
    """A pycrdt client that comes back as often as it is sent away, with what it drew meanwhile."""

    def __init__(self, places: Sequence[Person], sketch: int, chance: random.Random) -> None:
        self._places = places
        self._sketch = sketch
        self._chance = chance
        self._mine: Sketcher | None = None
        self.pen = Pen()

    async def run(self) -> None:
        while True:
            with suppress(*LOST):
                async with sketching(self._chance.choice(self._places), self._sketch, self.pen) as mine:
                    await mine.give(self.pen.doc.get_update())  # also what was drawn while it came in
                    self._mine = mine
                    await mine.websocket.wait_closed()
            self._mine = None
            await asyncio.sleep(0.05)

    async def draw(self, key: str, color: str) -> None:
        await self._give(self.pen.draw(key, {"kind": "stroke", "color": color}))

    async def wipe(self, key: str) -> None:
        if key in self.pen.el:
            del self.pen.el[key]
            await self._give(self.pen.updates[-1])

    async def _give(self, update: bytes) -> None:
        if self._mine is not None:
            with suppress(*LOST):
                await self._mine.give(update)

    def drop(self) -> None:
        """Without a goodbye."""
        if self._mine is not None:
            self._mine.websocket.transport.abort()


class Drawing:
    """One sketch and one seed. `run` raises AssertionError where the pictures differ in the end."""

    def __init__(self, studio: Studio, seed: int, turns: int) -> None:
        self._studio = studio
        self._turns = turns
        self._chance = random.Random(seed)  # noqa: S311 - chances that repeat

    async def run(self) -> None:
        self._places = await self._studio.sign_in()
        self._sketch = await self._studio.sketch(self._places)
        self._drawers = [Drawer(self._places, self._sketch, self._chance) for _ in range(PENS)]
        async with AsyncExitStack() as stack:
            self._node = await stack.enter_async_context(yjs_clients())
            for place in self._places:
                stack.push_async_callback(place.close)
            for drawer in self._drawers:
                stack.push_async_callback(_ended, asyncio.create_task(drawer.run()))
            for name in BROWSERS:
                await self._node.open(name, self._chance.choice(self._places), self._sketch)
            for _ in range(self._turns):
                await self._strike()
                await self._scribble()
            for name in BROWSERS:
                await self._node.do("connect", name)
            await self._agree()

    async def _strike(self) -> None:
        what, who = self._chance.random(), self._chance.choice(BROWSERS)
        if what < 0.25:
            await self._studio.kill(self._chance.randrange(2))
        elif what < 0.35:
            await self._studio.restart_redis()
        elif what < 0.5:
            await self._node.do("disconnect", who)
        elif what < 0.65:
            await self._node.do("connect", who)
        elif what < 0.8:
            await self._node.open(who, self._chance.choice(self._places), self._sketch, what="move")
        else:
            self._chance.choice(self._drawers).drop()

    async def _scribble(self) -> None:
        for _ in range(self._chance.randrange(40)):
            key, color = f"e{self._chance.randrange(12)}", f"#{self._chance.randrange(10**6):06}"
            self._studio.struck["edits"] += 1
            if self._chance.random() < 0.4:
                drawer = self._chance.choice(self._drawers)
                await (drawer.wipe(key) if self._chance.random() < 0.2 else drawer.draw(key, color))
            else:
                await self._scribble_in_node(key, color)

    async def _scribble_in_node(self, key: str, color: str) -> None:
        what = self._chance.choice(("set", "set", "set", "delete", "undo"))
        style = {"kind": "rectangle", "color": color}
        place = [self._chance.randrange(100), 2, 0, 1, 3]
        await self._node.do(what, self._chance.choice(BROWSERS), key=key, style=style, place=place)

    async def _agree(self) -> None:
        pictures: dict[str, Picture] = {}
        until = time.monotonic() + AGREE_SECONDS
        while time.monotonic() < until:
            with suppress(*LOST):
                pictures = await self._pictures()
                if all(picture == pictures["log"] for picture in pictures.values()):
                    assert not any([await self._node.do("pending", name) for name in BROWSERS])
                    return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{pictures}")

    async def _pictures(self) -> dict[str, Picture]:
        """Of every client, of both instances, and of the log."""
        pictures = {f"yjs {name}": await self._node.do("scene", name) for name in BROWSERS}
        for number, drawer in enumerate(self._drawers):
            pictures[f"pycrdt {number}"] = _drawn(drawer.pen.scene())
        for number, place in enumerate(self._places):
            async with sketching(place, self._sketch) as fresh:
                pictures[f"instance {number}"] = _drawn(fresh.pen.scene())
        return {**pictures, "log": await self._studio.replayed(self._sketch)}


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _drawn(scene: Picture) -> Picture:
    return {root: scene[root] for root in ("el", "geo")}


@asynccontextmanager
async def open_studio(world: World) -> AsyncIterator[Studio]:
    await asyncio.to_thread(hatch_build.install, with_checks=True)  # once, and not by all at the same time
    await world.open()
    tending = asyncio.create_task(world.tend())
    try:
        async with open_database(world.database, load_queries(), 4) as database:
            studio = Studio(world, database)
            await studio.enter()
            yield studio
    finally:
        tending.cancel()


async def run_seeds(studio: Studio, seeds: Sequence[int], turns: int = TURNS) -> None:
    """A few at a time, each at a sketch of its own."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> None:
        async with gate:
            try:
                await Drawing(studio, seed, turns).run()
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}\n{studio.said()}") from error

    async with asyncio.TaskGroup() as group:
        for seed in seeds:
            group.create_task(one(seed))


async def main(world: World, seeds: int, first: int) -> None:
    async with open_studio(world) as studio:
        for begin in range(first, first + seeds, 20):
            some = range(begin, min(begin + 20, first + seeds))
            await run_seeds(studio, some)
            counts = ", ".join(f"{number:,} {what}" for what, number in studio.struck.items())
            sys.stdout.write(f"{some.stop - first} seeds, 0 differences: {counts}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    sys.stdout.write(f"from seed {given.seed} on\n")
    with tempfile.TemporaryDirectory() as name, World(Path(name) / "world", instances=2) as opened:
        asyncio.run(main(opened, given.seeds, given.seed))
