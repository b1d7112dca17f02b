"""The demo provider that comes with `CHALKLINE_AI_BASE_URL=demo`: it runs as long as the server, and answers."""

import asyncio
import os
import signal
from pathlib import Path

from openai import AsyncOpenAI

from server.embedded_demo import EmbeddedDemo
from tests.server.running import run
from tests.system.load import sign_up


async def test_it_answers_under_its_url_and_comes_back_when_it_was_killed(tmp_path: Path) -> None:
    with EmbeddedDemo(tmp_path / "demo") as demo:
        assert demo.pid is not None
        os.kill(demo.pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            while not demo.revive():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        async with AsyncOpenAI(base_url=demo.url, api_key="none", max_retries=10) as client:
            assert [model.id async for model in await client.models.list()] == ["demo"]


async def test_a_server_that_is_told_to_use_the_demo_answers_and_says_that_it_is_one(tmp_path: Path) -> None:
    variables = {"CHALKLINE_AI_BASE_URL": "demo", "CHALKLINE_WORKERS": "2"}
    with run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path, variables=variables) as server:
        alice = await sign_up(await asyncio.to_thread(server.url), "alice")
        models = await alice.call("GET", "/ai/models")
        channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]
        asked = {"channel_id": channel, "client_id": "q", "text": "Who are you?"}
        answered = await alice.call("POST", "/ai/chat", asked)
        code, _ = await asyncio.to_thread(server.stop)

    assert [model["id"] for model in models["items"]] == ["demo"]
    assert "This is a demo" in answered["message"]["text"]
    assert answered["message"]["text"].endswith("alice: Who are you? ")
    assert code == 0
