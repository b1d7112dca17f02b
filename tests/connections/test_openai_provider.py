"""The way to a provider, against one that misbehaves: clear errors, no second try once something was said, no leak."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager

import pytest
import structlog

from connections.openai_provider import OpenAiProvider, Patience
from models.ai import Piece, Prompt, Tokens
from models.errors import AiFailed, AiUnavailable
from tests.fakes.provider import (
    FakeProvider,
    Step,
    begin,
    call,
    call_end,
    close,
    done,
    event,
    page,
    raw,
    reset,
    say,
    stall,
    status,
    usage,
)

KEY = "sk-canary-0123456789"
PROMPT = Prompt("demo", [{"role": "user", "content": "hi"}], [], 100)
HASTY = Patience(connect=2.0, first_token=1.0, silence=1.0)
"""A slip of a busy machine isn't taken for silence."""

Open = Callable[..., AbstractAsyncContextManager[OpenAiProvider]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


@asynccontextmanager
async def opened(*urls: str, patience: Patience = HASTY) -> AsyncIterator[OpenAiProvider]:
    async with OpenAiProvider(urls, [KEY], patience) as provider:
        yield provider


async def answer(provider: OpenAiProvider, prompt: Prompt = PROMPT) -> tuple[str, list[Piece]]:
    pieces = [piece async for piece in provider.answer(prompt)]
    return "".join(piece.text for piece in pieces), pieces


async def test_the_text_and_the_usage_of_an_answer_come_through(fake: FakeProvider) -> None:
    async with opened(fake.url) as provider:
        text, pieces = await answer(provider)

    assert text == "Hello there"
    assert next(piece.tokens for piece in pieces if piece.tokens) == Tokens(11, 7)
    assert fake.asked[0]["stream_options"] == {"include_usage": True}


async def test_who_reads_now_and_then_gets_all_that_was_said_until_then(fake: FakeProvider) -> None:
    words = [f"{number} " for number in range(60)]
    fake.script(begin, say(*words, pause=0.01), done)
    pieces: list[str] = []

    async with opened(fake.url) as provider, aclosing(provider.answer(PROMPT)) as reading:
        async for piece in reading:
            pieces.append(piece.text)
            await asyncio.sleep(0.1)

    assert "".join(pieces) == "".join(words)
    assert min(len(text.split()) for text in pieces[1:-1] if text) > 1, pieces


async def test_a_tool_call_comes_in_pieces_that_belong_together(fake: FakeProvider) -> None:
    fake.script(begin, call("search", '{"text":"chalk"}'), call_end(), done)

    async with opened(fake.url) as provider:
        _, pieces = await answer(provider)

    calls = [piece.calls[0] for piece in pieces if piece.calls]
    assert "".join(one.name for one in calls) == "search"
    assert "".join(one.arguments for one in calls) == '{"text":"chalk"}'


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((stall,), "silent"),
        ((begin, stall), "silent"),
        ((begin, raw(b": still here\n\n"), stall), "silent"),
        ((begin, reset), "lost"),
        ((begin, close), "broke off"),
        ((begin, raw(b"data: {not json}\n\n"), done), "no answer"),
        ((begin, raw(b"\x00\xff\xfe<html>\n\n"), done), "no answer"),
        ((begin, raw(b'data: {"choices":[{"delta":{"content":42}}]}\n\n'), done), "no answer"),
        ((begin, event({"error": {"message": KEY}}), done), "failed"),
        ((page(b"<html>sign in</html>"),), "no stream"),
        ((status(500, KEY),), "failed"),
        ((status(401, KEY),), "key"),
        ((status(429, KEY),), "too much"),
    ],
)
async def test_a_provider_that_fails_before_it_says_anything_is_tried_again_and_then_told(
    fake: FakeProvider, steps: tuple[Step, ...], said: str
) -> None:
    fake.default = steps

    async with opened(fake.url) as provider:
        with structlog.testing.capture_logs() as logged, pytest.raises(AiFailed, match=said) as raised:
            await answer(provider)
        await fake.all_closed() if steps[0] is stall else None

    assert len(fake.asked) == 2
    assert KEY not in f"{raised.value.detail} {raised.value!r} {logged}"


async def test_a_request_that_was_refused_as_such_is_not_repeated(fake: FakeProvider) -> None:
    fake.default = (status(400),)

    async with opened(fake.url) as provider:
        with pytest.raises(AiFailed):
            await answer(provider)

    assert len(fake.asked) == 1


@pytest.mark.parametrize("end", [stall, reset, close, raw(b"garbage\n")])
async def test_once_something_was_said_no_other_try_is_made(fake: FakeProvider, end: Step) -> None:
    fake.default = (begin, say("Hel", finish=None), end)
    pieces: list[Piece] = []

    async with opened(fake.url) as provider:
        stream = provider.answer(PROMPT)
        pieces.append(await anext(stream))
        with pytest.raises(AiFailed):
            await anext(stream)

    assert [piece.text for piece in pieces] == ["Hel"]
    assert len(fake.asked) == 1


async def test_a_slow_drip_is_no_silence(fake: FakeProvider) -> None:
    fake.script(begin, say(*"abcde", pause=0.3), done)

    async with opened(fake.url) as provider:
        text, _ = await answer(provider)

    assert text == "abcde"


@pytest.mark.parametrize("first", [(status(503),), (begin, reset), (stall,)])
async def test_another_endpoint_takes_over_and_is_asked_first_from_then_on(
    fake: FakeProvider, first: tuple[Step, ...]
) -> None:
    async with FakeProvider(*first) as broken, opened(broken.url, fake.url) as provider:
        texts = [(await answer(provider))[0] for _ in range(3)]

    assert texts == ["Hello there"] * 3
    assert len(broken.asked) == 1


async def test_an_endpoint_that_is_not_there_is_passed_over(fake: FakeProvider) -> None:
    async with opened("http://127.0.0.1:9/v1", fake.url) as provider:
        assert (await answer(provider))[0] == "Hello there"
        assert await provider.models() == ["demo"]


async def test_without_an_endpoint_it_is_unavailable_and_names_the_variable() -> None:
    async with opened() as provider:
        with pytest.raises(AiUnavailable, match="CHALKLINE_AI_BASE_URL"):
            await answer(provider)
        with pytest.raises(AiUnavailable):
            await provider.models()


@pytest.mark.parametrize(
    "lie",
    [
        {"prompt_tokens": -1, "completion_tokens": 5},
        {"prompt_tokens": "many"},
        [],
        {"completion_tokens": 10**12, "prompt_tokens": 1},
    ],
)
async def test_a_usage_that_can_not_be_is_as_good_as_none(fake: FakeProvider, lie: object) -> None:
    fake.script(begin, say("Hello"), usage(lie), done)

    async with opened(fake.url) as provider:
        text, pieces = await answer(provider)

    assert text == "Hello"
    assert not any(piece.tokens for piece in pieces)


async def test_an_emoji_that_was_cut_in_two_escapes_is_let_through_in_halves(fake: FakeProvider) -> None:
    halves = [
        rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}',
        rb'data: {"choices":[{"delta":{"content":"\ude00"}}]}',
    ]
    fake.script(begin, *(raw(half + b"\n\n") for half in halves), say("!"), done)

    async with opened(fake.url) as provider:
        text, _ = await answer(provider)

    assert text == "\ud83d\ude00!"


async def test_a_thousand_aborts_leave_no_open_connection(fake: FakeProvider) -> None:
    fake.default = (begin, say("Hello", finish=None), stall)

    async def abort(provider: OpenAiProvider) -> None:
        async with aclosing(provider.answer(PROMPT)) as pieces:
            await anext(pieces)

    async with opened(fake.url, patience=Patience()) as provider:
        for _ in range(20):
            async with asyncio.TaskGroup() as tasks:
                for _ in range(50):
                    tasks.create_task(abort(provider))
        await fake.all_closed()

    assert len(fake.asked) == 1000


async def test_an_abort_before_the_first_word_closes_the_connection_too(fake: FakeProvider) -> None:
    fake.default = (stall,)
    async with opened(fake.url, patience=Patience()) as provider:
        waiting = asyncio.create_task(answer(provider))
        await fake.begun.wait()

        waiting.cancel()

        await fake.all_closed(1.0)
