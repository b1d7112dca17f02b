"""The viewers of bench/ai.py, in a process of their own: they shall not make those wait whose posts are timed.

The program below is told by lines on its standard input and answers on its output; `Viewers` speaks with it.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Any

import uvloop

from bench.processes import seconds_of
from bench.running import ROOT, Person, Server
from bench.sockets import Socket

OPEN_AT_ONCE = 20


class Viewer(Socket):
    """Sees one channel's answer arrive. `late` are the ages of the oldest word of each delta, in microseconds."""

    is_measuring = False
    is_finished = False

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.late: list[int] = []

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(b'{"type":"ai.delta"', begin):
            if self.is_measuring:
                place = data.index(b'"text":"', begin) + 8
                said = data[place : data.index(b" ", place)]
                self.late.append(time.monotonic_ns() // 1000 - int(said))
        elif data.startswith(b'{"type":"ai.finished"', begin):
            self.is_finished = True
        else:
            self.refuse_error(data, begin, end)


class Viewers:
    """Another process's, from outside."""

    def __init__(self, process: "Popen[str]") -> None:
        self._process = process

    def measure(self) -> None:
        """From now on."""
        self._ask("begin")

    def late(self) -> list[float]:
        """Until now, in seconds."""
        return [age / 1e6 for age in self._ask("end")]

    def finish(self) -> None:
        """Returns when each of them has seen its answer finished."""
        self._ask("finish")

    def cpu(self) -> float:
        """Seconds that they have used."""
        return seconds_of(self._process.pid)

    def hear(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The viewers failed.")
        return json.loads(line)

    def _ask(self, what: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self.hear()


@contextmanager
def viewing(server: Server, places: Sequence[tuple[int, Person]]) -> Iterator[Viewers]:
    """A viewer for each (channel, member); all are there."""
    words = [sys.executable, "-m", "bench.ai_viewers"]
    with Popen(words, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            assert process.stdin is not None
            given = [(channel, person.id, person.token) for channel, person in places]
            process.stdin.write(f"{json.dumps([server.host, server.port, server.pid, given])}\n")
            process.stdin.flush()
            viewers = Viewers(process)
            viewers.hear()
            yield viewers
        finally:
            process.kill()


async def _main() -> None:
    loop = asyncio.get_running_loop()

    async def told() -> str:
        return await loop.run_in_executor(None, sys.stdin.readline)

    def answer(value: object) -> None:
        sys.stdout.write(f"{json.dumps(value)}\n")
        sys.stdout.flush()

    host, port, pid, places = json.loads(await told())
    server = Server(host, port, pid)
    viewers: list[Viewer] = []
    for begin in range(0, len(places), OPEN_AT_ONCE):
        opening = (
            Viewer.open(server, f"/ws/channels/{channel}", Person(user, token))
            for channel, user, token in places[begin : begin + OPEN_AT_ONCE]
        )
        viewers += await asyncio.gather(*opening)
    answer("open")
    while (ask := (await told()).strip()) in ("begin", "end"):
        for viewer in viewers:
            viewer.check()
            viewer.is_measuring = ask == "begin"
        answer([age for viewer in viewers for age in viewer.late] if ask == "end" else ask)
    async with asyncio.timeout(180):
        while not all(viewer.is_finished for viewer in viewers):
            await asyncio.sleep(0.1)
            for viewer in viewers:
                viewer.check()
    answer(ask)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    uvloop.run(_main())
