"""Nothing that a client draws out, or sends without measure, lasts. With spans much shorter than the real ones."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.http_protocol import HEAD_BYTES, HEADERS, HttpProtocol
from tests.bytewise import Line, open_line
from tests.served import served

SPAN = 0.3
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


class Hasty(HttpProtocol):
    head_seconds = body_seconds = answer_seconds = linger_seconds = SPAN


async def app(scope: Any, receive: Any, send: Any) -> None:
    """/ reads the body and says its size and the headers' number, /early answers at once, /large says a lot."""
    size, more = 0, scope["path"] == "/"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message.get("more_body", False)
    said = bytes(8_000_000) if scope["path"] == "/large" else f"{size} {len(scope['headers'])}".encode()
    length = (b"content-length", str(len(said)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with served(app, http=Hasty) as url, open_line(url) as opened:
        yield opened


async def status_at_the_end(line: Line) -> int:
    """The last answer, after which nothing comes."""
    status, headers = await line.answer()
    assert headers["connection"] == "close"
    assert headers["content-type"] == "application/problem+json"
    assert len(await line.ended()) == int(headers["content-length"])
    return status


async def said(line: Line) -> str:
    status, headers = await line.answer()
    assert status == 200
    return (await line.reader.readexactly(int(headers["content-length"]))).decode()


async def test_who_never_asks_is_left_without_a_word(line: Line) -> None:
    began = time.monotonic()

    assert await line.ended() == b""
    assert SPAN * 0.9 < time.monotonic() - began < 2 * SPAN


async def test_a_head_that_trickles_in_is_timed_out(line: Line) -> None:
    began = time.monotonic()

    async def trickle() -> None:
        await line.send(GET)
        while True:
            await line.send(b"a")
            await asyncio.sleep(SPAN / 10)

    trickling = asyncio.create_task(trickle())
    try:
        assert await status_at_the_end(line) == 408
        assert time.monotonic() - began < 2 * SPAN
    finally:
        trickling.cancel()


async def test_the_head_of_a_next_request_has_no_longer(line: Line) -> None:
    await line.send(GET + b"\r\n")
    assert await said(line) == "0 1"

    await line.send(GET)

    assert await status_at_the_end(line) == 408


async def test_line_ends_between_requests_buy_no_time(line: Line) -> None:
    await line.send(GET + b"\r\n")
    await said(line)

    await line.send(b"\r\n")

    assert await line.ended() == b""


async def test_a_body_that_stops_is_timed_out(line: Line) -> None:
    await line.send(POST + b"Content-Length: 100000\r\n\r\n" + bytes(10))

    assert await status_at_the_end(line) == 408


async def test_a_body_that_trickles_in_is_timed_out(line: Line) -> None:
    await line.send(POST + b"Transfer-Encoding: chunked\r\n\r\n")

    async def trickle() -> None:
        while True:
            await line.send(b"1\r\nx\r\n")
            await asyncio.sleep(SPAN / 20)

    trickling = asyncio.create_task(trickle())
    try:
        assert await status_at_the_end(line) == 408
    finally:
        trickling.cancel()


async def test_a_body_that_makes_progress_may_take_its_time(line: Line) -> None:
    await line.send(POST + b"Content-Length: 100000\r\n\r\n")
    for _ in range(10):
        await asyncio.sleep(SPAN / 4)
        await line.send(bytes(10_000))

    assert await said(line) == "100000 2"


@pytest.mark.parametrize(
    "head",
    [
        GET + b"A: " + bytes(b"a" * HEAD_BYTES) + b"\r\n\r\n",
        GET + b"A: " + bytes(b"a" * HEAD_BYTES),
        b"GET /" + b"a" * HEAD_BYTES,
        GET + b"A: a\r\n" * HEADERS + b"\r\n",
        GET + b"A: " + b"a" * 1000 + b"\r\n" + b"A: a\r\n" * (HEAD_BYTES // 6),
    ],
    ids=["long header", "header without end", "url without end", "many headers", "many headers without end"],
)
@pytest.mark.parametrize("is_next", [False, True])
async def test_a_head_over_the_bound_is_refused(line: Line, head: bytes, is_next: bool) -> None:
    if is_next:
        await line.send(GET + b"\r\n")
        await said(line)

    await line.send(head[:100], head[100:])

    assert await status_at_the_end(line) == 431


async def test_a_head_within_the_bound_is_read(line: Line) -> None:
    await line.send(GET + b"A: " + b"a" * (HEAD_BYTES - 100) + b"\r\n" + b"B: b\r\n" * 5 + b"\r\n")

    assert await said(line) == "0 7"


@pytest.mark.parametrize(
    "noise",
    [
        b"\x16\x03\x01\x02\x00" + bytes(512),
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["TLS", "words", "version", "HTTP/2"],
)
async def test_what_is_no_request_is_refused(line: Line, noise: bytes) -> None:
    await line.send(noise)

    assert await status_at_the_end(line) == 400


@pytest.mark.parametrize(
    "noise",
    [b"1;" + b"a" * 64 * HEAD_BYTES, b"1\r\nx\r\n0\r\nA: " + b"a" * 64 * HEAD_BYTES, b"zz\r\n"],
    ids=["chunk extension", "trailer", "no size"],
)
async def test_noise_in_place_of_a_body_is_refused(line: Line, noise: bytes) -> None:
    await line.send(POST + b"Transfer-Encoding: chunked\r\n\r\n", noise[:20])
    await line.send(noise[20:])

    assert await status_at_the_end(line) == 400


async def test_a_trailer_is_no_header(line: Line) -> None:
    await line.send(
        POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )

    assert await said(line) == "1 2"


async def test_requests_sent_ahead_are_answered_in_order_up_to_a_bound(line: Line) -> None:
    await line.send(b"".join(POST + b"Content-Length: %d\r\n\r\n" % n + bytes(n) for n in range(10)))
    assert [await said(line) for _ in range(10)] == [f"{n} 2" for n in range(10)]

    await line.send((GET + b"\r\n") * 1000)

    assert (await line.ended()).count(b"HTTP/1.1 200") < 20


async def test_a_body_that_goes_on_after_the_answer_is_cut(line: Line) -> None:
    await line.send(POST.replace(b"/ ", b"/early ") + b"Transfer-Encoding: chunked\r\n\r\n")
    assert (await said(line))[0] == "0"
    began = time.monotonic()

    async def go_on() -> None:
        while True:
            await line.send(b"3e8\r\n" + bytes(1000) + b"\r\n")
            await asyncio.sleep(0.001)

    with pytest.raises(ConnectionError):
        await go_on()
    assert time.monotonic() - began < 3 * SPAN


async def test_an_answer_that_nobody_reads_is_cut(line: Line) -> None:
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await line.send(GET.replace(b"/ ", b"/large ") + b"\r\n")
    await asyncio.sleep(2 * SPAN)  # the span is the subject

    line.writer.transport.resume_reading()  # type: ignore[attr-defined]

    assert len(await line.ended()) < 8_000_000
