"""The demo provider, as the unmodified `openai` client sees it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from server.demo_provider import DemoProvider


@pytest.fixture
async def demo() -> AsyncIterator[DemoProvider]:
    async with DemoProvider(words_per_second=10_000) as provider:
        yield provider


@pytest.fixture
async def client(demo: DemoProvider) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=demo.url, api_key="none", max_retries=0) as opened:
        yield opened


async def test_it_says_that_it_is_a_demo_and_repeats_the_question(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": "where is the chalk?"}]
    )

    said = answer.choices[0].message.content or ""
    assert "This is a demo" in said
    assert "where is the chalk?" in said


async def test_a_stream_says_the_same_with_its_usage_at_the_end(client: AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model="demo",
        messages=[{"role": "user", "content": "12 words"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]

    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert len(said.split()) == 12
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 12


async def test_it_lists_its_one_model(client: AsyncOpenAI) -> None:
    assert [model.id async for model in await client.models.list()] == ["demo"]


async def test_who_hangs_up_leaves_no_open_connection(demo: DemoProvider) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(demo.url.split(":")[2].split("/")[0]))
    body = b'{"model":"demo","stream":true,"messages":[{"role":"user","content":"99999 words"}]}'
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await reader.readuntil(b"data:")
    assert len(demo.open) == 1

    writer.close()

    async with asyncio.timeout(2):
        while demo.open:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
