"""The provider that bench/ai.py asks, directly and through Chalkline: each word is the time at which it was said."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Any

import uvloop

from bench.running import ROOT
from server.demo_provider import DemoProvider, Line, chunk, main

_SAID = "demo provider listening on "


class Clock(DemoProvider):
    """Says the time so often, at its pace, on the clock that all processes of a machine share."""

    async def stream(self, ask: dict[str, Any], line: Line, words: Sequence[str]) -> None:
        loop = asyncio.get_running_loop()
        pieces = json.dumps(chunk(ask, {"content": "@"})).encode().split(b"@")
        began = loop.time()
        for number in range(len(words)):
            await asyncio.sleep(max(0.0, began + number * self._pause - loop.time()))
            now = b"%d " % (time.monotonic_ns() // 1000)
            event = b"data: " + now.join(pieces) + b"\n\n"
            line.writer.write(b"%x\r\n%b\r\n" % (len(event), event))
        await line.event(chunk(ask, {}, finish="stop"))


@contextmanager
def clock_provider(words_per_second: float) -> Iterator[str]:
    """Its URL; a process of its own."""
    words = [sys.executable, "-m", "bench.ai_provider", "--words-per-second", str(words_per_second)]
    with Popen(words, cwd=ROOT, stdout=PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix(_SAID).strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:], Clock))
