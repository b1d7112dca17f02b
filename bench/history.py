"""Pages of history over REST: requests per second of CPU of the server process, PostgreSQL counted apart.

A channel of 10,000 messages; each request asks for 50 of them at another place, over connections that stay open.
"""

import asyncio
import random
import sys
import time
from typing import NamedTuple, cast

import uvloop

from bench.crowd import Poster
from bench.processes import Cpu, cpu_of
from bench.results import publish, table, verdict
from bench.running import Person, Server, running

MESSAGES = 10_000
PAGE = 50
CONNECTIONS = 16
ROUNDS = 4
WARM_SECONDS = 1.0
SECONDS = 4.0
BOUND = 1_000

_LENGTH = b"content-length: "


class Reader(asyncio.Protocol):
    """Asks for one page after another over one connection."""

    def __init__(self, server: Server, channel: int, person: Person) -> None:
        self._places = random.Random(channel)  # noqa: S311 - places of a channel are no secret
        self._request = (
            f"GET /api/v1/channels/{channel}/messages?limit={PAGE}&before=%d HTTP/1.1\r\n"
            f"Host: {server.host}:{server.port}\r\nAuthorization: Bearer {person.token}\r\n\r\n"
        )
        self._data = b""
        self._end = 0
        self.answers = self.bytes = 0
        self.failure = ""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        self._data, self._end = b"", 0
        before = self._places.randrange(PAGE + 2, MESSAGES)
        self.transport.write((self._request % before).encode())

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._end:
            self._end = self._measure_answer()
        if self._end and len(self._data) >= self._end:
            self.answers += 1
            self.bytes += self._end
            self._ask()

    def _measure_answer(self) -> int:
        """Where the answer ends, once its head is here."""
        head = self._data.find(b"\r\n\r\n")
        if head < 0:
            return 0
        if not self._data.startswith(b"HTTP/1.1 200 "):
            self.failure = self._data.decode(errors="replace")
        at = self._data.index(_LENGTH) + len(_LENGTH)
        return head + 4 + int(self._data[at : self._data.index(b"\r", at)])


class Round(NamedTuple):
    """One measurement."""

    requests: int
    cpu: Cpu
    seconds: float

    @property
    def per_cpu_second(self) -> float:
        return self.requests / self.cpu.server


async def fill(server: Server, channel: int, person: Person) -> None:
    """Until the channel has its messages."""
    poster = await Poster.open(server, f"/ws/channels/{channel}", person)
    poster.name = b"history"
    while poster.acknowledged < MESSAGES:
        if len(poster.due) - poster.acknowledged < 32 and len(poster.due) < MESSAGES:
            poster.post(min(32, MESSAGES - len(poster.due)))
        poster.check()
        await asyncio.sleep(0.001)
    poster.close()


async def measure() -> tuple[list[Round], int]:
    """The rounds, and the size of an answer."""
    with running() as server:
        person = server.register("reader")
        channel = server.channel(person, "history")
        await fill(server, channel, person)
        loop = asyncio.get_running_loop()
        readers = []
        for _ in range(CONNECTIONS):
            _, reader = await loop.create_connection(
                lambda: Reader(server, channel, person), server.host, server.port
            )
            readers.append(reader)
        rounds = [await _round(server, readers) for _ in range(ROUNDS)]
        for reader in readers:
            reader.transport.abort()
        return rounds, sum(reader.bytes for reader in readers) // sum(reader.answers for reader in readers)


async def _round(server: Server, readers: list[Reader]) -> Round:
    await asyncio.sleep(WARM_SECONDS)
    answers = sum(reader.answers for reader in readers)
    before, began = cpu_of(server.pid), time.perf_counter()
    await asyncio.sleep(SECONDS)
    done = Round(
        sum(reader.answers for reader in readers) - answers,
        cpu_of(server.pid).since(before),
        time.perf_counter() - began,
    )
    for reader in readers:
        if reader.failure:
            raise SystemExit(reader.failure)
    sys.stdout.write(
        f"{done.per_cpu_second:,.0f} requests per CPU second, {done.requests / done.seconds:,.0f}/s\n"
    )
    return done


def report(rounds: list[Round], size: int) -> None:
    best = max(rounds, key=lambda one: one.per_cpu_second)
    rows = [
        ("requests per CPU second of the server", f"{best.per_cpu_second:,.0f}"),
        ("requests per second, all on this machine", f"{best.requests / best.seconds:,.0f}"),
        *(
            (f"CPU of a request: {name}", f"{used / best.requests * 1e6:,.0f} µs")
            for name, used in zip(("server", "PostgreSQL", "load generator"), best.cpu, strict=True)
        ),
    ]
    method = (
        f"Pages of {PAGE} out of {MESSAGES:,} messages, {size:,} bytes an answer, {CONNECTIONS} connections, one "
        f"worker. Best of {ROUNDS} rounds."
    )
    publish(
        "history",
        "History over REST",
        [
            method,
            table(("", ""), rows),
            verdict("requests a core", best.per_cpu_second, BOUND, "requests/s"),
        ],
    )


if __name__ == "__main__":
    report(*uvloop.run(measure()))
