"""Many answers at once on two instances that are killed in turn, read by viewers who come and go at both.

`python -m tests.system.ai_crowd --runs 1000` says in the end what every viewer had of every answer.
"""

import argparse
import asyncio
import itertools
import json
import random
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.results import publish, verdict
from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from tests.fakes.provider import FakeProvider, begin, done, say, usage
from tests.server.running import Running, run
from tests.system.load import LOST, Account, sign_up

PUBLISHED = 1000
RENEW_SECONDS = 300.0
IDLE_SECONDS = 60.0
"""A connection to the provider is kept for half a minute, in case that somebody asks again."""

AT_ONCE = 30
VIEWERS = 2
WORDS = [f"wörd{number}🖍 " for number in range(80)]
EVERYTHING = "".join(WORDS)


class Instance:
    """One server, which can be killed and started again at the same address."""

    def __init__(self, place: Path, variables: dict[str, str], stack: ExitStack) -> None:
        self._place = place
        self._variables = variables
        self._stack = stack
        self._port = "0"
        self._running: Running | None = None
        self.url = ""

    def start(self) -> None:
        words = ("serve", "--port", self._port, "--data-dir", self._place, "--log-level", "error")
        self._running = self._stack.enter_context(run("server.cli", *words, variables=self._variables))
        self.url = self._running.url()
        self._port = self.url.rsplit(":", 1)[1]
        # Whoever doesn't read what it logs would make it wait for ever.
        threading.Thread(target=self._running.output.read, daemon=True).start()

    def kill(self) -> None:
        assert self._running is not None
        self._running.process.kill()
        self._running.process.wait()


@dataclass
class Findings:
    """What was seen of all answers."""

    runs: int = 0
    interrupted: int = 0
    failed: int = 0
    comings: int = 0
    differing: list[str] = field(default_factory=list)


class Viewer:
    """Reads one channel, leaves and comes back, at one instance or the other, until its answer is finished."""

    def __init__(
        self, accounts: list[Account], channel: int, chance: random.Random, findings: Findings
    ) -> None:
        self._accounts = accounts
        self._channel = channel
        self._chance = chance
        self._findings = findings
        self._seq = 0
        self.final: str | None = None

    async def view(self) -> str:
        for number in itertools.count(self._chance.randrange(2)):
            with suppress(*LOST):
                async with asyncio.timeout(self._chance.uniform(0.2, 2.0)):
                    await self._read(self._accounts[number % 2])
            if self.final is not None:
                return self.final
            await asyncio.sleep(0.05)
        raise AssertionError

    async def _read(self, account: Account) -> None:
        async with account.connect(f"/ws/channels/{self._channel}?after={self._seq}") as socket:
            self._findings.comings += 1
            while self.final is None:
                frame = json.loads(await socket.recv())
                self._seq = frame.get("seq", self._seq)
                if frame["type"] == "ai.delta":
                    end = frame["offset"] + len(frame["text"])
                    if EVERYTHING[frame["offset"] : end] != frame["text"]:
                        self._findings.differing.append(
                            f"channel {self._channel}: a delta at {frame['offset']}"
                        )
                elif frame["type"] == "ai.finished":
                    self.final = frame["message"]["text"]


async def one_run(accounts: list[Account], number: int, chance: random.Random, findings: Findings) -> None:
    """A channel, a question, its viewers, and whether all of them have one text in the end."""
    channel = (await somehow(accounts, "POST", "/channels", {"name": f"channel {number}"}))["id"]
    viewers = [Viewer(accounts, channel, chance, findings) for _ in range(VIEWERS)]
    reading = asyncio.gather(*(viewer.view() for viewer in viewers))
    question = {"channel_id": channel, "client_id": "q", "text": "What is chalk?", "stream": True}
    await somehow(accounts, "POST", "/ai/chat", question, reads=False)
    finals = await reading
    messages = await somehow(accounts, "GET", f"/channels/{channel}/messages")
    answers = [message for message in messages["items"] if message["kind"] == "ai"]
    findings.runs += 1
    status = answers[0]["ai"]["status"]
    findings.interrupted += status == "interrupted"
    findings.failed += status == "failed"
    texts = {*finals, *(answer["text"] for answer in answers)}
    is_whole = status != "done" or texts == {EVERYTHING}
    if len(answers) != 1 or len(texts) != 1 or not is_whole or not EVERYTHING.startswith(answers[0]["text"]):
        findings.differing.append(f"channel {channel}: {sorted(map(len, texts))} characters")


async def somehow(
    accounts: list[Account], method: str, path: str, body: dict[str, Any] | None = None, *, reads: bool = True
) -> Any:
    """From whichever instance answers; a name that a lost answer has taken gets another end."""
    while True:
        for account in accounts:
            with suppress(httpx.HTTPError):
                async with (
                    httpx.AsyncClient(
                        base_url=f"{account.url}/api/v1",
                        headers=account.headers,
                        timeout=10,
                        verify=False,  # noqa: S501 - plain http, and certificates take 40 ms to load
                    ) as http,
                    http.stream(method, path, json=body) as answer,
                ):
                    if answer.is_success:
                        return json.loads(await answer.aread()) if reads else None
                    if answer.status_code == 409 and body is not None:
                        body["name"] += " again"
        await asyncio.sleep(0.1)


def settings(dsn: str, bus: str, provider: str) -> dict[str, str]:
    """What both instances share."""
    return {
        "CHALKLINE_DATABASE_URL": dsn,
        "CHALKLINE_REDIS_URL": bus,
        "CHALKLINE_SECRET": secrets.token_urlsafe(48),
        "CHALKLINE_AI_BASE_URL": provider,
        "CHALKLINE_AI_MODELS": "demo",
        "CHALKLINE_AI_RUNS_PER_USER": "10000",
        "CHALKLINE_AI_BUDGETS": "none",
        "CHALKLINE_AI_TIMEOUTS": "30/60/60",
        "CHALKLINE_RATE_LIMITS": "off",  # all of this is one person
        "CHALKLINE_MAX_SOCKETS_PER_USER": "10000",
    }


async def kill_in_turn(
    instances: list[Instance], runs: int, findings: Findings, say_so: Callable[[str], object]
) -> None:
    """One after a third of the runs, the other after two thirds; each comes back."""
    for share, instance in enumerate(instances, 1):
        while findings.runs < share * runs // 3:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        instance.kill()
        say_so(f"killed {instance.url}: {findings}")
        await asyncio.to_thread(instance.start)


async def stay_signed_in(accounts: list[Account]) -> None:
    """Until it is cancelled: a token lasts for a quarter of an hour, and a slow machine takes longer."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        for place, account in enumerate(accounts):
            with suppress(httpx.HTTPError):
                accounts[place] = await sign_up(account.url, "alice", path="login")


async def crowd(dsn: str, place: Path, runs: int, say_so: Callable[[str], object]) -> Findings:
    """Kills one instance after a third of the runs and the other after two thirds."""
    findings, chance = Findings(), random.Random(7)  # noqa: S311 - chances that repeat
    async with FakeProvider(begin, say(*WORDS, pause=0.02), usage(), done) as fake, AsyncExitStack() as stack:
        servers = stack.enter_context(ExitStack())
        valkey = servers.enter_context(EmbeddedValkey(place / "valkey"))
        variables = settings(dsn, valkey.url, fake.url)
        instances = [Instance(place / name, variables, servers) for name in ("a", "b")]
        for instance in instances:
            await asyncio.to_thread(instance.start)
        first = await sign_up(instances[0].url, "alice")
        accounts = [first, await sign_up(instances[1].url, "alice", path="login")]
        room = asyncio.Semaphore(AT_ONCE)

        async def carry(number: int) -> None:
            async with room:
                await one_run(accounts, number, chance, findings)

        renewing = asyncio.create_task(stay_signed_in(accounts))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kill_in_turn(instances, runs, findings, say_so))
            for number in range(runs):
                tasks.create_task(carry(number))
        renewing.cancel()
        await fake.all_closed(IDLE_SECONDS)
    return findings


def report(findings: Findings, seconds: float) -> None:
    """Into bench/RESULTS.md."""
    method = (
        f"`make ai-crowd`: {findings.runs:,} answers of {len(WORDS)} words, {AT_ONCE} at once, on two instances that "
        f"share PostgreSQL and Valkey. {VIEWERS} viewers each, who leave and come back every 0.2 to 2 seconds, at one "
        "instance and the other in turn. One instance gets a kill -9 after a third of the answers, the other after two "
        "thirds; each comes back. Every delta must be what the provider said at that place, and in the end all viewers "
        "and the channel's history must have one text: a whole one where the answer is done, else the beginning of it."
    )
    told = (
        f"- {seconds:.0f} s; viewers came {findings.comings:,} times",
        f"- answers that a kill interrupted: {findings.interrupted}; that failed: {findings.failed}",
        verdict("answers of which somebody had another text", len(findings.differing), 0, "", at_most=True),
    )
    publish("ai-crowd", "AI: one text for everybody, while instances are killed", [method, "\n".join(told)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="ai_crowd")
    parser.add_argument("--runs", type=int, default=PUBLISHED, help="fewer are only printed, not published")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with EmbeddedPostgres(place / "postgres") as postgres:
            findings = asyncio.run(crowd(postgres.dsn, place, given.runs, print))
    print(findings)
    if given.runs >= PUBLISHED:
        report(findings, time.monotonic() - began)
    sys.exit(bool(findings.differing))


if __name__ == "__main__":
    main()
