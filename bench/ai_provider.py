"""The provider that bench/ai.py asks, directly and through Chalkline: each word is the time at which it was said.

Its words cost it a timer and a write each, and no task, so that what it takes of the machine is little.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Any, NamedTuple

import uvloop

from bench.running import ROOT
from server.demo_provider import DemoProvider, Line, chunk, main

_SAID = "demo provider listening on "


class Clock(DemoProvider):
    """Says the time so often, at its pace, on the clock that all processes of a machine share."""

    async def stream(self, ask: dict[str, Any], line: Line, words: Sequence[str]) -> None:
        loop = asyncio.get_running_loop()
        pieces = json.dumps(chunk(ask, {"content": "@"})).encode().split(b"@")
        write, pause, last = line.writer.transport.write, self._pause, len(words) - 1
        began, over = loop.time(), loop.create_future()

        def say(number: int) -> None:
            now = b"%d " % (time.monotonic_ns() // 1000)
            event = b"data: " + now.join(pieces) + b"\n\n"
            if over.done() or line.writer.is_closing():
                return
            write(b"%x\r\n%b\r\n" % (len(event), event))
            if number == last:
                over.set_result(None)
            else:
                loop.call_at(began + (number + 1) * pause, say, number + 1)

        say(0)
        await over  # cancelled where the peer is gone: then nothing more is said
        await line.event(chunk(ask, {}, finish="stop"))


class Running(NamedTuple):
    """A process of its own."""

    url: str
    pid: int


@contextmanager
def clock_provider(words_per_second: float) -> Iterator[Running]:
    """One that says so much."""
    words = [sys.executable, "-m", "bench.ai_provider", "--words-per-second", str(words_per_second)]
    with Popen(words, cwd=ROOT, stdout=PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            assert process.stdout is not None
            yield Running(process.stdout.readline().removeprefix(_SAID).strip(), process.pid)
        finally:
            process.terminate()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:], Clock))
