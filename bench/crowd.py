"""Sockets that post as fast as they are answered, or at a pace, and measure how long each answer took."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bench.processes import Cpu, cpu_of
from bench.running import Person, Server
from bench.sockets import Socket, head_of

SOCKETS = 50
CHANNELS = 20
IN_FLIGHT = 16
"""Posts of one socket that wait for their answers, under full load."""

WARM_SECONDS = 1.0
FULL_SECONDS = 5.0
PACE = 2_000
PACED_SECONDS = 10.0
DRAIN_SECONDS = 30.0

REST_SECONDS, REST_CORES, RESTLESS_SECONDS = 6.0, 0.05, 300.0
"""A database that used no more than so much of a core for so long is at rest; it is waited for so long at most."""

_TEXT = b"The quick brown fox jumps over the lazy dog, and tells the whole channel of it in a hundred letters or so."
_ACK = b'{"type":"ok","ref":"'
_FACT = b'{"type":"message.posted"'
_REFUSAL = b'{"type":"error","ref":"'
_AWAY = b'"code":"unavailable"'


class Poster(Socket):
    """Posts, and measures from the moment when a post was due to its answer."""

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.channel, self.name = 0, b""
        self.due: list[float] = []
        self.acknowledged = self.facts = self.refused = 0
        self.took: list[float] = []
        self.repeats = False

    def post(self, number: int) -> None:
        now = time.perf_counter()
        self.transport.write(b"".join([self._frame(now) for _ in range(number)]))

    def post_one(self, due: float) -> None:
        self.transport.write(self._frame(due))

    def _frame(self, due: float) -> bytes:
        self.due.append(due)
        return self._frame_of(b"%08x" % (len(self.due) - 1))

    def _frame_of(self, ref: bytes) -> bytes:
        payload = b'{"type":"message.post","ref":"%b","client_id":"%b-%b","text":"%b"}' % (
            ref,
            self.name,
            ref,
            _TEXT,
        )
        return head_of(len(payload)) + payload

    def data_received(self, data: bytes) -> None:
        before = self.acknowledged
        super().data_received(data)
        if self.repeats and self.acknowledged > before:
            self.post(self.acknowledged - before)

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(_FACT, begin):
            self.facts += 1
        elif data.startswith(_ACK, begin):
            begin += len(_ACK)
            self.acknowledged += 1
            self.took.append(time.perf_counter() - self.due[int(data[begin : begin + 8], 16)])
        elif data.startswith(_REFUSAL, begin) and data.find(_AWAY, begin, end) > 0:
            begin += len(_REFUSAL)
            self.refused += 1
            self.transport.write(self._frame_of(data[begin : begin + 8]))  # its time goes on
        else:
            self.refuse_error(data, begin, end)


class Round(NamedTuple):
    """One measurement; latencies in seconds. `refused` posts were told to come back later, and did at once."""

    rate: float
    median: float
    p99: float
    cpu: Cpu
    seconds: float
    refused: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """The sockets of one server."""

    server: Server
    owner: Person
    posters: Sequence[Poster]

    @property
    def acknowledged(self) -> int:
        return sum(poster.acknowledged for poster in self.posters)

    @property
    def sent(self) -> int:
        return sum(len(poster.due) for poster in self.posters)

    async def at_full_load(self) -> Round:
        for poster in self.posters:
            poster.repeats = True
            poster.post(IN_FLIGHT)
        measured = await self._measure(FULL_SECONDS)
        for poster in self.posters:
            poster.repeats = False
        await self._drain()
        return measured

    async def at_pace(self) -> Round:
        pacing = asyncio.create_task(self._pace(WARM_SECONDS + PACED_SECONDS))
        measured = await self._measure(PACED_SECONDS)
        await pacing
        await self._drain()
        return measured

    async def rest(self) -> None:
        """Until all that follows the posts, such as the index of search, is done: nobody else shall pay for it."""
        async with asyncio.timeout(RESTLESS_SECONDS):
            used = REST_SECONDS
            while used > REST_SECONDS * REST_CORES:
                before = cpu_of(self.server.pid)
                await asyncio.sleep(REST_SECONDS)
                used = cpu_of(self.server.pid).since(before).database

    async def _pace(self, seconds: float) -> None:
        began, sent = time.perf_counter(), 0
        while sent < seconds * PACE:
            due = int((time.perf_counter() - began) * PACE)
            for number in range(sent, due):
                self.posters[number % SOCKETS].post_one(began + number / PACE)
            sent = max(sent, due)
            await asyncio.sleep(0.001)

    async def _measure(self, seconds: float) -> Round:
        await asyncio.sleep(WARM_SECONDS)
        for poster in self.posters:
            poster.took.clear()
            poster.refused = 0
        before, began = cpu_of(self.server.pid), time.perf_counter()
        await asyncio.sleep(seconds)
        cpu, lasted = cpu_of(self.server.pid).since(before), time.perf_counter() - began
        self._check_sockets()
        took = sorted(second for poster in self.posters for second in poster.took)
        refused = sum(poster.refused for poster in self.posters)
        return Round(
            len(took) / lasted, took[len(took) // 2], took[len(took) * 99 // 100], cpu, lasted, refused
        )

    async def _drain(self) -> None:
        async with asyncio.timeout(DRAIN_SECONDS):
            while self.acknowledged < self.sent:
                self._check_sockets()
                await asyncio.sleep(0.01)

    def _check_sockets(self) -> None:
        for poster in self.posters:
            poster.check()

    def close(self) -> None:
        for poster in self.posters:
            poster.close()

    async def check(self) -> None:
        """Every acknowledged post stands in its channel's log, beside the facts of who joined, and each socket
        heard all of its channel.
        """
        items = self.server.call("GET", "/channels?limit=200", by=self.owner)["items"]
        stored = {channel["id"]: channel["head_seq"] - channel["member_count"] for channel in items}
        if sum(stored.values()) != self.acknowledged:
            raise SystemExit(
                f"{self.acknowledged} posts were acknowledged, {sum(stored.values())} are in the logs."
            )
        async with asyncio.timeout(DRAIN_SECONDS):
            while any(poster.facts != stored[poster.channel] for poster in self.posters):
                self._check_sockets()
                await asyncio.sleep(0.01)


async def open_crowd(server: Server) -> Crowd:
    """Each socket is another person's, in one of the channels."""
    people, channels = await asyncio.to_thread(_settle, server)
    posters = []
    for index, person in enumerate(people):
        channel = channels[index % CHANNELS]
        poster = await Poster.open(server, f"/ws/channels/{channel}", person)
        poster.channel, poster.name = channel, b"socket%d" % index
        posters.append(poster)
    return Crowd(server, people[0], posters)


def _settle(server: Server) -> tuple[list[Person], list[int]]:
    people = server.people(SOCKETS)
    channels = [server.channel(people[0], f"channel {number}") for number in range(CHANNELS)]
    for index, person in enumerate(people):
        server.call("POST", f"/channels/{channels[index % CHANNELS]}/join", by=person)
    return people, channels
