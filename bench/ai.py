"""What Chalkline adds between a provider and those who read an answer, beside the `openai` client reading it directly.

The provider, PostgreSQL and this load generator share the machine with the server. Each word of an answer is the time
at which the provider said it, so whoever reads it knows how old it is.
"""

import asyncio
import sys
import time

import httpx2
import uvloop
from openai import AsyncOpenAI

from bench.ai_provider import clock_provider
from bench.ai_runs import (
    PEOPLE,
    POSTS_PER_SECOND,
    RUNS,
    SECONDS,
    VIEWERS,
    WORDS_PER_SECOND,
    Load,
    many_runs,
    percentile,
)
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict
from bench.running import Person, Server, running

ASKS = 300

VARIABLES = {
    "CHALKLINE_AI_MODELS": "demo",
    "CHALKLINE_AI_RUNS_PER_USER": "10000",
    "CHALKLINE_AI_BUDGETS": "none",
    "CHALKLINE_AI_CONTEXT_TOKENS": "1000000",
}


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


async def measure() -> tuple[tuple[list[float], list[float]], Load]:
    with (
        clock_provider(WORDS_PER_SECOND) as provider,
        running(variables={**VARIABLES, "CHALKLINE_AI_BASE_URL": provider.url}) as server,
    ):
        people = await asyncio.to_thread(server.people, PEOPLE)
        firsts = await first_tokens(server, provider.url, people[0])
        _say(f"first token p50: {percentile(firsts[0], 0.5):.4f} s, {percentile(firsts[1], 0.5):.4f} s")
        load = await many_runs(server, people, provider.pid)
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
        *((f"CPU of {name}", f"{cores:.2f} cores") for name, cores in load.others.items()),
        ("memory a run", f"{load.kib_a_run:.1f} KiB"),
        ("ack of a chat post p99, without runs", f"{load.ack_before * 1e3:.1f} ms"),
        ("the same, with them", f"{load.ack_during * 1e3:.1f} ms"),
    ]
    method = (
        f"{len(firsts[0])} asks each way in turns, one at a time. Then {RUNS} runs at once at {WORDS_PER_SECOND} words "
        f"a second, each with {VIEWERS} sockets that see it arrive, for {SECONDS:.0f} s, with {POSTS_PER_SECOND} posts "
        "a second in another channel. One worker; provider, viewers, who posts and PostgreSQL are processes of their "
        "own on the same machine."
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
