"""Whether people who sign in make those wait who chat: acknowledgements of posts, alone and with 50 sign-ins a second.

Rounds of both in turns; the median of the rounds counts. A sign-in is an Argon2id hash of 19 MiB, so at this pace they
take most of a core. Who signs in is a process of its own.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median
from subprocess import PIPE, Popen
from threading import Thread
from typing import NamedTuple

import uvloop

from bench.ai_runs import POSTS_PER_SECOND, Poster
from bench.processes import Cpu, cpu_of
from bench.results import publish, table, verdict
from bench.running import PASSWORD, ROOT, Server, running

LOGINS_PER_SECOND = 50
PEOPLE, LINES = 50, 16
ROUNDS, SECONDS = 5, 12.0
BOUND = 1.5


class Round(NamedTuple):
    """`p99` of the acknowledgements, in seconds; `logins` of the answered sign-ins, each with a session."""

    p99: float
    logins: list[float]
    cpu: Cpu
    seconds: float


@contextmanager
def signing_in(server: Server) -> Iterator[list[float]]:
    """People who sign in meanwhile; in the end, how long each waited, in seconds."""
    words = [sys.executable, "-m", "bench.logins", server.host, str(server.port)]
    took: list[float] = []
    with Popen(words, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            yield took
            said, _ = process.communicate("", timeout=30)
            took += json.loads(said)
        finally:
            process.kill()


def sign_in_until_told(host: str, port: int) -> None:
    """Until standard input ends: each of the lines at its share of the pace."""
    took: list[float] = []
    is_over: list[bool] = []

    def one(number: int) -> None:
        line, began, count = HTTPConnection(host, port, timeout=30), time.perf_counter(), 0
        while not is_over:
            due = began + (count + number / LINES) * LINES / LOGINS_PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            name = f"person{(count * LINES + number) % PEOPLE}"
            body = json.dumps({"username": name, "password": PASSWORD})
            line.request("POST", "/api/v1/auth/login", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            session = json.loads(answer.read())
            if answer.status != 200 or "access_token" not in session:
                sys.exit(f"{name} was answered {answer.status}")
            took.append(time.perf_counter() - due)
            count += 1

    threads = [Thread(target=one, args=(number,)) for number in range(LINES)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    is_over.append(True)
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(took))


async def measure() -> tuple[list[Round], list[Round]]:
    """Rounds alone, and rounds with those who sign in."""
    alone: list[Round] = []
    beside: list[Round] = []
    with running() as server:
        people = await asyncio.to_thread(server.people, PEOPLE)
        place = await asyncio.to_thread(server.channel, people[0], "posts")
        poster = await Poster.open(server, f"/ws/channels/{place}", people[0])
        for number in range(ROUNDS):
            alone.append(await _round(server, poster, f"alone{number}-", []))
            with signing_in(server) as took:
                await asyncio.sleep(1)
                beside.append(await _round(server, poster, f"beside{number}-", took))
            sys.stdout.write(f"ack p99: {alone[-1].p99 * 1e3:.1f} and {beside[-1].p99 * 1e3:.1f} ms\n")
            sys.stdout.flush()
        poster.close()
    return alone, beside


async def _round(server: Server, poster: Poster, name: str, took: list[float]) -> Round:
    cpu, began = cpu_of(server.pid), time.perf_counter()
    p99 = await poster.post(SECONDS, name)
    return Round(p99, took, cpu_of(server.pid).since(cpu), time.perf_counter() - began)


def report(alone: list[Round], beside: list[Round]) -> None:
    logins = sorted(seconds for one in beside for seconds in one.logins)
    if len(logins) < LOGINS_PER_SECOND * SECONDS * ROUNDS * 0.9:
        raise SystemExit(f"only {len(logins)} sign-ins: the pace was not kept")
    rows = [
        [
            name,
            f"{median(one.p99 for one in rounds) * 1e3:.1f} ms",
            *(f"{median(one.cpu[place] / one.seconds for one in rounds):.2f}" for place in (0, 1)),
        ]
        for name, rounds in (
            ("posts alone", alone),
            (f"beside {LOGINS_PER_SECOND} sign-ins a second", beside),
        )
    ]
    times = ", ".join(f"p{share} {logins[len(logins) * share // 100] * 1e3:.0f} ms" for share in (50, 99))
    ratio = median(one.p99 for one in beside) / median(one.p99 for one in alone)
    method = (
        f"{POSTS_PER_SECOND} posts a second by one person, {ROUNDS} rounds of {SECONDS:.0f} s of each kind in turns, "
        f"the median of the rounds; CPU in cores. {len(logins):,} sign-ins, each with a session: {times}."
    )
    publish(
        "logins",
        "Sign-ins: what chat notices of them",
        [
            method,
            table(("", "ack p99", "server", "PostgreSQL"), rows),
            verdict("ack p99 beside sign-ins", ratio, BOUND, "times", at_most=True),
        ],
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sign_in_until_told(sys.argv[1], int(sys.argv[2]))
    else:
        report(*uvloop.run(measure()))
