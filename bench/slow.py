"""Readers that don't keep up: what they cost the server and everybody else, and whether they miss anything.

Two servers, each with one channel of 1 MB/s of posts, at the same time: what else the machine does slows both. At one
of them 200 others listen beside those who read, and stop reading, or crawl: they read a little now and then, so that
their buffers fill again and again. In the end each of them reads on, resumes from the last seq it saw where it was cut,
and must get everything once and in order.
"""

import argparse
import asyncio
import socket
import statistics
import sys
import time
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple, Self

import uvloop

from bench.processes import memory_of
from bench.results import publish, table, verdict
from bench.running import Person, Server, running
from bench.sockets import Socket, framed

SLOW = 200
READERS = 20
TEXT = b"x" * 4_000
PACE = 250
"""Posts a second: 1 MB."""

SECONDS = 120.0
WINDOW_SECONDS = 2.0
WARM_SECONDS = 10.0
WAVE = 20
"""Slow ones that resume at the same time: gigabytes, all together."""

RESUME_SECONDS = 300.0
CRAWL_SECONDS, CRAWL_BYTES = 0.25, 16 * 1024

GROWTH_MIB, RATIO = 64, 1.2
MIB = 1024 * 1024

_FACT = b'{"type":"message.posted"'


class Way(Enum):
    """How a socket reads."""

    READS = auto()
    STOPS = auto()
    CRAWLS = auto()


class Listener(Socket):
    """Hears every fact after `seq`, in order, or fails; `took` holds the nanoseconds from each post to here."""

    way = Way.READS
    is_cut = False

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.seq = _number(request, b"?after=", 0)
        self.took: list[int] = []

    @classmethod
    async def join(cls, server: Server, path: str, person: Person, way: Way, seq: int) -> Self:
        """Returns after the hello. One that crawls can hardly hold anything itself."""
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if way is Way.CRAWLS:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CRAWL_BYTES)
        listener = await cls.open(server, f"{path}?after={seq}", person, line)
        listener.way = way
        if way is not Way.READS:
            listener.rest()
        return listener

    def rest(self) -> None:
        self.transport.pause_reading()
        if self.way is Way.CRAWLS:
            asyncio.get_running_loop().call_later(CRAWL_SECONDS, self.read_on)

    def read_on(self) -> None:
        if not self.is_cut:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.way is Way.CRAWLS:
            self.rest()

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if not data.startswith(_FACT, begin):
            self.refuse_error(data, begin, end)
            return
        seq = _number(data, b'"seq":', begin)
        if seq != self.seq + 1:
            self.fail(f"After {self.seq} came {seq}.")
        self.seq = seq
        self.took.append(time.perf_counter_ns() - _number(data, b'"client_id":"t', begin))

    def closed(self, payload: bytes) -> None:
        """To be slow is what these are for."""
        if self.way is Way.READS:
            super().closed(payload)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.is_cut = True


def _number(data: bytes, name: bytes, begin: int) -> int:
    at = data.index(name, begin) + len(name)
    end = at
    while data[end : end + 1].isdigit():
        end += 1
    return int(data[at:end])


class Windows(NamedTuple):
    """A broadcast: the p99 of each window in ms, and the most bytes that the server had meanwhile."""

    p99s: list[float]
    most: int


class Result(NamedTuple):
    """`growth` in MiB; p99s in ms, each the median over windows, as is their ratio; how many of the slow were cut."""

    growth: float
    alone: float
    beside: float
    ratio: float
    cut: int


class Crowd:
    """One person's sockets in one channel of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.owner = server.register("owner")
        self.path = f"/ws/channels/{server.channel(self.owner, 'loud')}"
        self.head = 1  # its owner joined
        self.readers: list[Listener] = []

    async def listen(self, way: Way, seq: int) -> Listener:
        return await Listener.join(self.server, self.path, self.owner, way, seq)

    @classmethod
    async def open(cls, server: Server) -> Self:
        """With those who read."""
        crowd = await asyncio.to_thread(cls, server)
        crowd.readers = [await crowd.listen(Way.READS, crowd.head) for _ in range(READERS)]
        return crowd

    async def broadcast(self, seconds: float) -> Windows:
        """1 MB/s, until all who read have all of it."""
        p99s: list[float] = []
        most = sent = 0
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            due = int(passed * PACE)
            self.readers[0].transport.write(b"".join(_post() for _ in range(sent, due)))
            self.head, sent = self.head + due - sent, due
            if passed >= (len(p99s) + 1) * WINDOW_SECONDS:
                p99s.append(self._p99())
                most = max(most, memory_of(self.server.pid).resident)
            await asyncio.sleep(0.002)
        async with asyncio.timeout(RESUME_SECONDS):
            while any(reader.seq < self.head for reader in self.readers):  # noqa: ASYNC110 - cheaper than an event
                await asyncio.sleep(0.01)
        return Windows(p99s, max(most, memory_of(self.server.pid).resident))

    def _p99(self) -> float:
        """In ms, since the last time that it was asked for."""
        took = sorted(one for reader in self.readers for one in reader.took)
        for reader in self.readers:
            reader.took.clear()
            reader.check()
        return took[len(took) * 99 // 100] / 1e6 if took else 0.0

    async def finish(self, listener: Listener) -> bool:
        """Reads what is left, and comes back for the rest where the socket was cut; whether it was."""
        was_cut = False
        listener.way = Way.STOPS  # it crawls no longer
        listener.read_on()
        while listener.seq < self.head:
            listener.check()
            if listener.is_cut:
                was_cut = True
                listener = await self.listen(Way.STOPS, listener.seq)
                listener.read_on()
            await asyncio.sleep(0.01)
        listener.check()
        listener.close()
        return was_cut


def _post() -> bytes:
    named = b't%d","text":"%b' % (time.perf_counter_ns(), TEXT)
    return framed(b'{"type":"message.post","client_id":"%b"}' % named)


async def slowed(
    crowd: Crowd, others: Sequence[Crowd], seconds: float, way: Way
) -> tuple[list[Windows], float, int]:
    """With slow ones in the first crowd: what each crowd saw, by how many MiB the first grew, how many were cut.

    Fails where any of them missed a fact, or had one twice or out of order.
    """
    crowds = (crowd, *others)
    warm = await asyncio.gather(*(one.broadcast(min(WARM_SECONDS, seconds / 4)) for one in crowds))
    slow = [await crowd.listen(way, crowd.head) for _ in range(SLOW)]
    seen = await asyncio.gather(*(one.broadcast(seconds) for one in crowds))
    most, cut = seen[0].most, 0
    for first in range(0, SLOW, WAVE):
        async with asyncio.timeout(RESUME_SECONDS):
            cut += sum(await asyncio.gather(*map(crowd.finish, slow[first : first + WAVE])))
        most = max(most, memory_of(crowd.server.pid).resident)
    for reader in (reader for one in crowds for reader in one.readers):
        reader.check()
        reader.close()
    return seen, (most - warm[0].most) / MIB, cut


async def measure(server: Server, control: Server, seconds: float, way: Way) -> Result:
    """The slow ones are at the first server."""
    crowd, others = [await Crowd.open(one) for one in (server, control)]
    (beside, alone), growth, cut = await slowed(crowd, [others], seconds, way)
    pairs = list(zip(beside.p99s, alone.p99s, strict=False))
    return Result(
        growth,
        statistics.median(alone.p99s),
        statistics.median(beside.p99s),
        statistics.median(mine / its for mine, its in pairs),
        cut,
    )


def report(results: dict[Way, Result], seconds: float) -> None:
    rows = [
        [
            f"{SLOW} that {'stop reading' if way is Way.STOPS else 'crawl'}",
            f"{one.growth:.1f} MiB",
            f"{one.alone:.1f} ms",
            f"{one.beside:.1f} ms",
            f"{one.ratio:.2f}",
            str(one.cut),
        ]
        for way, one in results.items()
    ]
    head = ("", "server grew by", "p99 of those who read, alone", "beside them", "times", "cut")
    verdicts = [
        verdict("growth", max(one.growth for one in results.values()), GROWTH_MIB, "MiB", at_most=True)
    ]
    ratio = results[Way.STOPS].ratio
    verdicts.append(verdict("p99, against alone", ratio, RATIO, "times", at_most=True))
    explained = (
        f"{PACE} posts/s of {len(TEXT):,} bytes in one channel for {seconds:.0f} s, {READERS} sockets that read; "
        "meanwhile the same at another server, without the slow. p99 from post to arrival, the median over windows of "
        f"{WINDOW_SECONDS:.0f} s, and so the ratio of both. In the end all of the slow read on or resumed, and each "
        "got every fact once and in order."
    )
    publish("slow", "Slow readers", [explained, table(head, rows), "\n".join(verdicts)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.slow")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    seconds = parser.parse_args().seconds
    results = {}
    for way in (Way.STOPS, Way.CRAWLS):
        with running() as server, running() as control:
            results[way] = uvloop.run(measure(server, control, seconds, way))
        sys.stdout.write(f"{way.name}: {results[way]}\n")
    report(results, seconds)


if __name__ == "__main__":
    main()
