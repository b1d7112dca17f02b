"""What Chalkline adds between a provider and those who read an answer, beside the `openai` client reading it directly.

The provider, PostgreSQL and this load generator share the machine with the server. Each word of an answer is the time
at which the provider said it, so whoever reads it knows how old it is.
"""

import asyncio
import json
import sys
import time
from typing import NamedTuple

import httpx2
import uvloop
from openai import AsyncOpenAI

from bench.ai_provider import clock_provider
from bench.processes import KIB, cpu_of, memory_of
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict
from bench.running import Person, Server, running
from bench.sockets import Socket, framed

ASKS = 300
RUNS, VIEWERS, WORDS_PER_SECOND = 300, 3, 40
PEOPLE = 30
SECONDS, LEAD_SECONDS = 20.0, 5.0
POSTS_PER_SECOND = 50

VARIABLES = {
    "CHALKLINE_AI_MODELS": "demo",
    "CHALKLINE_AI_RUNS_PER_USER": "10000",
    "CHALKLINE_AI_BUDGETS": "none",
    "CHALKLINE_AI_CONTEXT_TOKENS": "1000000",
}


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# The first token.


async def first_tokens(server: Server, provider: str, person: Person) -> tuple[list[float], list[float]]:
    """Seconds to the first word, directly and through us, in turns."""
    channel = await asyncio.to_thread(server.channel, person, "first tokens")
    direct: list[float] = []
    ours: list[float] = []
    headers = {"Authorization": f"Bearer {person.token}"}
    async with (
        AsyncOpenAI(base_url=provider, api_key="none", max_retries=0) as client,
        httpx2.AsyncClient(base_url=f"http://{server.host}:{server.port}", headers=headers) as http,
    ):
        for number in range(ASKS):
            direct.append(await _directly(client))
            ours.append(await _through_us(http, channel, number))
    return direct[20:], ours[20:]


async def _directly(client: AsyncOpenAI) -> float:
    began = time.perf_counter()
    stream = await client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": "1 words"}], stream=True
    )
    first = 0.0
    async for event in stream:
        if not first and event.choices and event.choices[0].delta.content:
            first = time.perf_counter() - began
    return first


async def _through_us(http: httpx2.AsyncClient, channel: int, number: int) -> float:
    body = {"channel_id": channel, "client_id": f"q{number}", "text": "1 words", "stream": True}
    began = time.perf_counter()
    first = 0.0
    async with http.stream("POST", "/api/v1/ai/chat", json=body) as answer:
        async for line in answer.aiter_lines():
            if not first and line == "event: delta":
                first = time.perf_counter() - began
    return first


# Many runs at once.


class Viewer(Socket):
    """Sees one channel's answer arrive. `late` are the ages of the oldest word of each delta, in seconds."""

    is_measuring = False
    is_finished = False

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.late: list[float] = []

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(b'{"type":"ai.delta"', begin):
            if self.is_measuring:
                place = data.index(b'"text":"', begin) + 8
                said = data[place : data.index(b" ", place)]
                self.late.append((time.monotonic_ns() // 1000 - int(said)) / 1e6)
        elif data.startswith(b'{"type":"ai.finished"', begin):
            self.is_finished = True
        else:
            self.refuse_error(data, begin, end)


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
    """What many runs at once cost."""

    late: list[float]
    cores: float
    database_cores: float
    kib_a_run: float
    ack_before: float
    ack_during: float
    deltas: float


class Stage(NamedTuple):
    """Channels with their viewers, somebody who asks for each, and one who posts elsewhere."""

    channels: list[int]
    viewers: list[Viewer]
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

    def measure(self, *, is_on: bool) -> None:
        for viewer in self.viewers:
            viewer.is_measuring = is_on

    async def finish(self) -> None:
        """Every viewer has seen its answer finished."""
        async with asyncio.timeout(180):
            while not all(viewer.is_finished for viewer in self.viewers):
                await asyncio.sleep(0.1)
                for viewer in self.viewers:
                    viewer.check()
        for socket in (*self.viewers, *self.askers, self.poster):
            socket.close()


async def set_stage(server: Server, people: list[Person]) -> Stage:
    channels = [
        await asyncio.to_thread(server.channel, people[index % PEOPLE], f"channel {index}")
        for index in range(RUNS)
    ]
    viewers = [
        await Viewer.open(server, f"/ws/channels/{channel}", people[index % PEOPLE])
        for index, channel in enumerate(channels)
        for _ in range(VIEWERS)
    ]
    place = await asyncio.to_thread(server.channel, people[0], "posts")
    poster = await Poster.open(server, f"/ws/channels/{place}", people[0])
    return Stage(
        channels, viewers, [await Asker.open(server, "/ws/system", person) for person in people], poster
    )


async def many_runs(server: Server, people: list[Person]) -> Load:
    stage = await set_stage(server, people)
    ack_before = await stage.poster.post(SECONDS / 2, "before")
    before = memory_of(server.pid)
    await stage.ask()
    await asyncio.sleep(LEAD_SECONDS)
    stage.measure(is_on=True)
    cpu, began = cpu_of(server.pid), time.perf_counter()
    ack_during = await stage.poster.post(SECONDS, "during")
    used, seconds = cpu_of(server.pid).since(cpu), time.perf_counter() - began
    stage.measure(is_on=False)
    during = memory_of(server.pid)
    await stage.finish()
    late = [age for viewer in stage.viewers for age in viewer.late]
    return Load(
        late,
        used.server / seconds,
        used.database / seconds,
        (during.resident - before.resident) / RUNS / KIB,
        ack_before,
        ack_during,
        len(late) / VIEWERS / RUNS / seconds,
    )


async def measure() -> tuple[tuple[list[float], list[float]], Load]:
    with (
        clock_provider(WORDS_PER_SECOND) as provider,
        running(variables={**VARIABLES, "CHALKLINE_AI_BASE_URL": provider}) as server,
    ):
        people = await asyncio.to_thread(server.people, PEOPLE)
        firsts = await first_tokens(server, provider, people[0])
        _say(f"first token p50: {percentile(firsts[0], 0.5):.4f} s, {percentile(firsts[1], 0.5):.4f} s")
        load = await many_runs(server, people)
        _say(f"{RUNS} runs: {load.cores:.2f} cores")
    return firsts, load


def report(firsts: tuple[list[float], list[float]], load: Load) -> None:
    rows = [
        [name, *(f"{percentile(values, share) * 1e3:.1f} ms" for share in (0.5, 0.99))]
        for name, values in (
            ("the openai client, directly", firsts[0]),
            ("through Chalkline, as SSE", firsts[1]),
        )
    ]
    more = [percentile(firsts[1], share) - percentile(firsts[0], share) for share in (0.5, 0.99)]
    costs = [
        (
            "age of a delta's oldest word when a viewer has it, p50",
            f"{percentile(load.late, 0.5) * 1e3:.0f} ms",
        ),
        ("the same, p99", f"{percentile(load.late, 0.99) * 1e3:.0f} ms"),
        ("deltas a second and run", f"{load.deltas:.1f}"),
        ("CPU of the server", f"{load.cores:.2f} cores"),
        ("CPU of PostgreSQL", f"{load.database_cores:.2f} cores"),
        ("memory a run", f"{load.kib_a_run:.1f} KiB"),
        ("ack of a chat post p99, without runs", f"{load.ack_before * 1e3:.1f} ms"),
        ("the same, with them", f"{load.ack_during * 1e3:.1f} ms"),
    ]
    method = (
        f"{len(firsts[0])} asks each way in turns, one at a time. Then {RUNS} runs at once at {WORDS_PER_SECOND} words "
        f"a second, each with {VIEWERS} sockets that see it arrive, for {SECONDS:.0f} s, with {POSTS_PER_SECOND} posts "
        "a second in another channel. One worker; provider, viewers and PostgreSQL share the machine."
    )
    publish(
        "ai",
        "AI: what lies between the provider and the reader",
        [
            method,
            table(("first token", "p50", "p99"), rows),
            table(("", ""), costs),
            "\n".join(
                (
                    verdict("first token p50, more than directly", more[0] * 1e3, 5, "ms", at_most=True),
                    verdict("first token p99, more than directly", more[1] * 1e3, 20, "ms", at_most=True),
                    verdict("age of a delta p99", percentile(load.late, 0.99) * 1e3, 250, "ms", at_most=True),
                    verdict("CPU of the server", load.cores, 1, "cores", at_most=True),
                    verdict("memory a run", load.kib_a_run, 64, "KiB", at_most=True),
                    verdict(
                        "chat ack p99, with runs",
                        load.ack_during / load.ack_before,
                        1.5,
                        "times",
                        at_most=True,
                    ),
                )
            ),
        ],
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    allow_sockets(RUNS * VIEWERS + 500)
    report(*uvloop.run(measure()))
