"""`kill -9` while people draw: every stroke that was reported saved is there afterwards."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from tests.house import PASSWORD, PATIENCE, Person
from tests.server.running import Running, run
from tests.sketcher import LOST, sketching
from tests.yjs import Pen

KILLS = 4
PAINTERS = 4
STROKES = int(os.environ.get("STROKES", "4000"))
"""Reported saved, before the last kill. `make faults-sketches` waits for more."""

UNLIMITED = {"CHALKLINE_RATE_LIMITS": "off"}


class Server:
    """One that is killed and started again at the same address."""

    def __init__(self, place: Path, stack: AsyncExitStack) -> None:
        self._place = place
        self._stack = stack
        self._port = "0"
        self._running: Running | None = None

    def start(self) -> str:
        words = ("serve", "--port", self._port, "--data-dir", str(self._place), "--log-level", "warning")
        self._running = self._stack.enter_context(run("server.cli", *words, variables=UNLIMITED))
        url = self._running.url()
        self._port = url.rsplit(":", 1)[1]
        return url

    def kill(self) -> None:
        assert self._running is not None
        self._running.process.kill()
        self._running.process.wait()


async def paint(who: Person, sketch: int, name: str, saved: set[str], may_stop: asyncio.Event) -> None:
    """Strokes without end, over as many sockets as it takes; `saved` is what the server said it has."""
    pen, number = Pen(), 0
    while not may_stop.is_set():
        try:
            async with sketching(who, sketch, pen) as mine:
                strokes: list[tuple[int, str]] = []
                while mine.websocket.close_code is None and not may_stop.is_set():
                    for _ in range(20):
                        number += 1
                        await mine.draw(f"{name}-{number}", color="#123456")
                        strokes.append((mine.sent, f"{name}-{number}"))
                    await asyncio.sleep(0.005)
                    saved.update(stroke for at, stroke in strokes if at <= mine.saved)
                    strokes = [one for one in strokes if one[0] > mine.saved]
        except LOST:
            await asyncio.sleep(0.05)


class Studio:
    """A server, somebody who owns it, and sketches to draw on."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.saved: set[str] = set()
        self.may_stop = asyncio.Event()
        self.sketches: list[int] = []

    async def open(self) -> None:
        url = await asyncio.to_thread(self.server.start)
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=PATIENCE) as http:
            session = await http.post("/auth/register", json={"username": "alice", "password": PASSWORD})
        self.alice = Person(url, session.json())
        path = f"/channels/{await self.alice.channel()}/sketches"
        self.sketches = [(await self.alice.post(path, {"title": f"wall {n}"}))["id"] for n in range(PAINTERS)]

    async def until_saved(self, number: float) -> None:
        while len(self.saved) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def there(self) -> set[str]:
        there: set[str] = set()
        for sketch in self.sketches:
            async with sketching(self.alice, sketch) as fresh:
                there |= set(fresh.pen.el)
        await self.alice.close()
        return there


async def test_every_stroke_that_was_reported_saved_survives_kills(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        studio = Studio(Server(tmp_path, stack))
        await studio.open()
        painting = [
            asyncio.create_task(paint(studio.alice, sketch, f"p{n}", studio.saved, studio.may_stop))
            for n, sketch in enumerate(studio.sketches)
        ]
        for kill in range(1, KILLS + 1):
            await studio.until_saved(STROKES * kill / KILLS)
            await asyncio.to_thread(studio.server.kill)
            if kill == KILLS:
                studio.may_stop.set()
            await asyncio.to_thread(studio.server.start)
        await asyncio.wait_for(asyncio.gather(*painting), 30)
        there = await studio.there()

    lost = studio.saved - there
    sys.stdout.write(f"{len(studio.saved):,} strokes reported saved, {KILLS} kills, {len(lost)} lost\n")
    assert len(studio.saved) >= STROKES
    assert lost == set()
