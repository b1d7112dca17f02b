"""Many answers at once on one instance, each watched by several sockets, while somebody chats elsewhere."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from bench.ai_viewers import Viewers, viewing
from bench.processes import KIB, cpu_of, memory_of, seconds_of
from bench.running import Person, Server
from bench.sockets import Socket, framed

RUNS, VIEWERS, WORDS_PER_SECOND = 300, 3, 40
PEOPLE = 30
SECONDS, LEAD_SECONDS = 20.0, 5.0
POSTS_PER_SECOND = 50


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Asker(Socket):
    """Asks, and waits for every answer."""

    oks = 0

    def heard(self, data: bytes, begin: int, end: int) -> None:
        self.oks += data.startswith(b'{"type":"ok"', begin)
        self.refuse_error(data, begin, end)


class Poster(Socket):
    """Posts at a pace; `acks` are the seconds until each was committed."""

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.sent: dict[int, float] = {}
        self.acks: list[float] = []

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(b'{"type":"ok"', begin):
            answer = json.loads(data[begin:end])
            self.acks.append(time.perf_counter() - self.sent.pop(int(answer["ref"])))
        else:
            self.refuse_error(data, begin, end)

    async def post(self, seconds: float, name: str) -> float:
        """The 99th percentile of the acknowledgements."""
        self.acks.clear()
        began = time.perf_counter()
        for number in range(int(seconds * POSTS_PER_SECOND)):
            await asyncio.sleep(max(0.0, began + number / POSTS_PER_SECOND - time.perf_counter()))
            self.sent[number] = time.perf_counter()
            post = {
                "type": "message.post",
                "ref": str(number),
                "client_id": f"{name}{number}",
                "text": "hello",
            }
            self.transport.write(framed(json.dumps(post).encode()))
        while self.sent:
            await asyncio.sleep(0.01)
            self.check()
        return percentile(self.acks, 0.99)


class Load(NamedTuple):
    """What many runs at once cost. `others` is the CPU, in cores, of each process that isn't the server's."""

    late: list[float]
    cores: float
    database_cores: float
    others: dict[str, float]
    kib_a_run: float
    ack_before: float
    ack_during: float
    deltas: float


class Stage(NamedTuple):
    """Channels with their viewers, somebody who asks for each, and one who posts elsewhere."""

    channels: list[int]
    viewers: Viewers
    askers: list[Asker]
    poster: Poster

    async def ask(self) -> None:
        """For long enough; returns when all runs have begun."""
        words = int((SECONDS + 3 * LEAD_SECONDS) * WORDS_PER_SECOND)
        for index, channel in enumerate(self.channels):
            question = {"type": "ai.ask", "channel_id": channel, "client_id": "q", "text": f"{words} words"}
            self.askers[index % PEOPLE].transport.write(framed(json.dumps(question).encode()))
        while sum(asker.oks for asker in self.askers) < RUNS:
            await asyncio.sleep(0.05)
            for asker in self.askers:
                asker.check()

    def close(self) -> None:
        for socket in (*self.askers, self.poster):
            socket.close()


@asynccontextmanager
async def stage(server: Server, people: list[Person]) -> AsyncIterator[Stage]:
    channels = [
        await asyncio.to_thread(server.channel, people[index % PEOPLE], f"channel {index}")
        for index in range(RUNS)
    ]
    place = await asyncio.to_thread(server.channel, people[0], "posts")
    watched = [
        (channel, people[index % PEOPLE]) for index, channel in enumerate(channels) for _ in range(VIEWERS)
    ]
    with viewing(server, watched) as viewers:
        poster = await Poster.open(server, f"/ws/channels/{place}", people[0])
        askers = [await Asker.open(server, "/ws/system", person) for person in people]
        here = Stage(channels, viewers, askers, poster)
        yield here
        here.close()


async def many_runs(server: Server, people: list[Person], provider: int) -> Load:
    """`provider` is the id of its process."""
    async with stage(server, people) as here:
        ack_before = await here.poster.post(SECONDS / 2, "before")
        before = memory_of(server.pid)
        await here.ask()
        await asyncio.sleep(LEAD_SECONDS)
        here.viewers.measure()
        cpu, began = cpu_of(server.pid), time.perf_counter()
        others = here.viewers.cpu(), seconds_of(provider)
        ack_during = await here.poster.post(SECONDS, "during")
        used, seconds = cpu_of(server.pid).since(cpu), time.perf_counter() - began
        watching, saying = here.viewers.cpu() - others[0], seconds_of(provider) - others[1]
        late = here.viewers.late()
        during = memory_of(server.pid)
        await asyncio.to_thread(here.viewers.finish)
    return Load(
        late,
        used.server / seconds,
        used.database / seconds,
        {
            "the provider": saying / seconds,
            "the viewers": watching / seconds,
            "who posts": used.load / seconds,
        },
        (during.resident - before.resident) / RUNS / KIB,
        ack_before,
        ack_during,
        len(late) / VIEWERS / RUNS / seconds,
    )
