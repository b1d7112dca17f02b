"""`kill -9` of the instance that answers: what was said stays, another instance marks it, and it can go on there."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

from server.embedded_valkey import EmbeddedValkey
from tests.fakes.provider import FakeProvider, begin, done, say, usage
from tests.server.running import Running, run
from tests.system.load import Account, sign_up

RUNS = 6
KEY = "sk-canary-0123"
WORDS = [f"word{number} " for number in range(500)]


@contextmanager
def instances(place: Path, dsn: str, provider: str) -> Iterator[list[Running]]:
    with EmbeddedValkey(place / "valkey") as valkey:
        shared = {
            "CHALKLINE_DATABASE_URL": dsn,
            "CHALKLINE_REDIS_URL": valkey.url,
            "CHALKLINE_SECRET": secrets.token_urlsafe(48),
            "CHALKLINE_AI_BASE_URL": provider,
            "CHALKLINE_AI_MODELS": "demo",
            "CHALKLINE_AI_API_KEY": KEY,
            "CHALKLINE_LOG_LEVEL": "debug",
            "CHALKLINE_AI_RUNS_PER_USER": str(RUNS),
        }
        words = ("server.cli", "serve", "--port", "0")
        with (
            run(*words, "--data-dir", place / "a", variables=shared) as one,
            run(*words, "--data-dir", place / "b", variables=shared) as two,
        ):
            yield [one, two]


async def heard(account: Account, channel: int, stack: AsyncExitStack) -> "asyncio.Task[dict[str, Any]]":
    """What ends the answer in this channel, and the text that its deltas made until then."""
    socket = await stack.enter_async_context(account.connect(f"/ws/channels/{channel}"))

    async def read() -> dict[str, Any]:
        text = ""
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == "ai.delta":
                text = text[: frame["offset"]] + frame["text"]
            elif frame["type"] == "ai.finished":
                return {"told": text, "at": time.monotonic(), **frame["message"]}

    return asyncio.create_task(read())


async def ask(account: Account, channels: list[int], stack: AsyncExitStack) -> list[int]:
    """The ids of the runs."""
    socket = await stack.enter_async_context(account.connect("/ws/system"))
    for channel in channels:
        question = {"channel_id": channel, "client_id": "q", "text": "What is chalk?"}
        await socket.send(json.dumps({"type": "ai.ask", **question}))
    runs: list[int] = []
    while len(runs) < len(channels):
        frame = json.loads(await socket.recv())
        runs += [frame["run_id"]] if frame["type"] == "ok" else []
    return runs


async def saved(account: Account, runs: list[int]) -> None:
    """Returns when each run has a checkpoint: another instance knows no more of it than that."""
    async with asyncio.timeout(20):
        for run_id in runs:
            while not (await account.call("GET", f"/ai/runs/{run_id}"))["message"]["text"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_an_instance_that_is_killed_leaves_what_it_said_and_another_goes_on_with_it(
    tmp_path: Path, empty_database: str
) -> None:
    async with FakeProvider(begin, say(*WORDS, pause=0.02), usage(), done) as fake, AsyncExitStack() as stack:
        one, two = await asyncio.to_thread(stack.enter_context, instances(tmp_path, empty_database, fake.url))
        alice = await sign_up(await asyncio.to_thread(one.url), "alice")
        there = await sign_up(await asyncio.to_thread(two.url), "alice", path="login")
        channels = [(await alice.call("POST", "/channels", {"name": f"c{n}"}))["id"] for n in range(RUNS)]
        readers = [await heard(there, channel, stack) for channel in channels]
        await saved(there, await ask(alice, channels, stack))

        one.process.kill()
        killed = time.monotonic()
        async with asyncio.timeout(20):
            ends = await asyncio.gather(*readers)
        await fake.all_closed(2)

        fake.default = (begin, say("The end."), usage(), done)
        whole = [await there.call("POST", f"/ai/runs/{end['ai']['run_id']}/continue", {}) for end in ends]
        logs = [await there.call("GET", f"/channels/{channel}/messages") for channel in channels]

    for end, continued, log in zip(ends, whole, logs, strict=True):
        check_interrupted(end, killed)
        assert continued["message"]["text"] == f"{end['text']}The end."
        assert continued["message"]["ai"]["status"] == "done"
        assert [message["text"] for message in log["items"]] == [
            "What is chalk?",
            continued["message"]["text"],
        ]


def check_interrupted(end: dict[str, Any], killed: float) -> None:
    """What was saved and what was told are beginnings of one text, and little that was told is lost."""
    everything = "".join(WORDS)
    assert end["ai"]["status"] == "interrupted"
    assert end["at"] - killed <= 10
    assert end["text"]
    assert everything.startswith(end["text"])
    assert everything.startswith(end["told"])
    assert len(end["told"]) - len(end["text"]) < len(everything) / 2  # at most what two seconds say


async def test_an_orderly_stop_keeps_every_word_that_was_told_and_the_logs_hold_none(
    tmp_path: Path, empty_database: str
) -> None:
    async with FakeProvider(begin, say(*WORDS, pause=0.02), usage(), done) as fake, AsyncExitStack() as stack:
        one, two = await asyncio.to_thread(stack.enter_context, instances(tmp_path, empty_database, fake.url))
        alice = await sign_up(await asyncio.to_thread(one.url), "alice")
        there = await sign_up(await asyncio.to_thread(two.url), "alice", path="login")
        channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]
        reader = await heard(there, channel, stack)
        await ask(alice, [channel], stack)
        await fake.begun.wait()
        await asyncio.sleep(1)

        code, said = await asyncio.to_thread(one.stop)
        async with asyncio.timeout(5):
            end = await reader
        await fake.all_closed(1)

    assert code == 0
    assert "ai_run_ended" in said
    assert not [word for word in ("Traceback", KEY, "What is chalk", WORDS[0]) if word in said]
    assert end["ai"]["status"] == "interrupted"
    assert end["text"] == end["told"] != ""
