"""Our WebSocket protocol on real sockets: what an app and its peers may rely on, and what a hostile peer can't do."""

import asyncio
import contextlib
import time
from asyncio import IncompleteReadError
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect

from connections.flood import IDLE_FRAMES
from connections.framing import TEXT, frame
from connections.protocol import CLOSE_SECONDS, EXTENSION, PONG_BYTES, SocketProtocol
from connections.reader import FRAGMENTS
from tests.bytewise import BINARY, CLOSE, CONTINUATION, PING, PONG, Line, head, masked, open_line
from tests.served import served, until

NORMAL = (1000).to_bytes(2, "big")


class App:
    """Echoes: at /adopted as our sockets do, elsewhere as any ASGI app. Keeps what it has to do with."""

    def __init__(self) -> None:
        self.sockets: list[SocketProtocol] = []
        self.told: list[str] = []
        self.gone: list[int] = []
        self.has_gone = asyncio.Event()
        self.may_accept = asyncio.Event()
        self.may_accept.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        socket = scope["extensions"][EXTENSION]
        self.sockets.append(socket)
        await self.may_accept.wait()
        if scope["path"] == "/refused":
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        if scope["path"] == "/adopted":
            socket.watch(lambda: self.told.append("paused"), lambda: self.told.append("resumed"), self._gone)
            socket.adopt(lambda message: socket.write(frame(str(message).encode(), TEXT)))
            return
        while (message := await receive())["type"] == "websocket.receive":
            with contextlib.suppress(OSError):
                await send(message | {"type": "websocket.send"})
        self.gone.append(message["code"])
        self.has_gone.set()

    def _gone(self) -> None:
        self.gone.append(0)
        self.has_gone.set()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def url(app: App) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


@asynccontextmanager
async def opened(url: str, path: str) -> AsyncIterator[Line]:
    async with open_line(url) as line:
        assert await line.upgrade(path) == 101
        yield line


both = pytest.mark.parametrize("path", ["/adopted", "/ordinary"])


@both
async def test_messages_come_back_in_order(url: str, path: str) -> None:
    said = ["one", "", "ü" * 1000, "x" * 65_000]

    async with connect(url.replace("http", "ws") + path) as websocket:
        for text in said:
            await websocket.send(text)
        heard = [await websocket.recv() for _ in said]

    assert heard == said


async def test_what_is_sent_before_the_acceptance_is_kept_up_to_a_bound(app: App, url: str) -> None:
    app.may_accept.clear()
    async with open_line(url) as line, open_line(url) as other:
        upgrading = asyncio.create_task(line.upgrade("/adopted"))
        await until(lambda: len(app.sockets) == 1)
        await line.send(masked(b"early"))
        flooding = asyncio.create_task(other.upgrade("/adopted"))
        await until(lambda: len(app.sockets) == 2)
        await other.send(masked(bytes(70_000)))
        with pytest.raises((ConnectionError, IncompleteReadError)):
            await flooding

        app.may_accept.set()

        assert await upgrading == 101
        assert (await line.frame()).payload == b"early"


async def test_an_app_that_refuses_is_an_http_answer(url: str) -> None:
    async with open_line(url) as line:
        assert await line.upgrade("/refused") == 403


async def test_compression_is_not_agreed_to_unasked(url: str) -> None:
    async with connect(url.replace("http", "ws") + "/adopted", compression="deflate") as websocket:
        await websocket.send("plain")

        assert await websocket.recv() == "plain"
        assert websocket.response is not None
        assert "Sec-WebSocket-Extensions" not in websocket.response.headers


@both
async def test_a_violation_gets_its_code_and_the_end_at_once(app: App, url: str, path: str) -> None:
    async with opened(url, path) as line:
        began = time.monotonic()
        await line.send(masked(b"\xff") + bytes(100_000))

        assert await line.closed() == 1007
        assert await line.ended() == b""
        assert time.monotonic() - began < CLOSE_SECONDS / 2
        await app.has_gone.wait()


@both
async def test_a_close_is_answered_with_the_same_code(app: App, url: str, path: str) -> None:
    async with opened(url, path) as line:
        await line.send(masked(NORMAL + b"bye", CLOSE))

        assert await line.closed() == 1000
        assert await line.ended() == b""
        await app.has_gone.wait()
    assert app.gone == [0 if path == "/adopted" else 1000]


async def test_a_close_that_nobody_answers_ends_in_time(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        began = time.monotonic()
        app.sockets[0].close(4000, "too slow")

        assert await line.closed() == 4000
        await line.ended()
        assert time.monotonic() - began < CLOSE_SECONDS + 0.2


async def test_who_closes_and_reads_nothing_is_cut_in_time(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while "paused" not in app.told:
            app.sockets[0].write(frame(bytes(100_000)))
            await asyncio.sleep(0)

        await line.send(masked(NORMAL, CLOSE))

        await until(lambda: app.sockets[0].disconnected, CLOSE_SECONDS + 1)


async def test_a_ping_gets_its_pong(url: str) -> None:
    async with opened(url, "/adopted") as line:
        await line.send(
            masked(b"again", fin=False), masked(b"here", PING), masked(b" and again", CONTINUATION)
        )

        assert await line.frame() == (PONG, b"here")
        assert await line.frame() == (TEXT, b"again and again")


@pytest.mark.parametrize("opcode", [PING, PONG])
async def test_a_flood_of_control_frames_ends_the_socket(url: str, opcode: int) -> None:
    async with opened(url, "/adopted") as line:
        await line.send(masked(b"", opcode) * (2 * IDLE_FRAMES + 2))

        assert await line.closed() == 4029


async def test_a_flood_after_our_close_is_not_read_any_more(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        app.sockets[0].close(4000, "too slow")
        await line.send(masked(b"x") * (2 * IDLE_FRAMES + 2))

        assert await line.closed() == 4000
        began = time.monotonic()
        assert await line.ended() == b""
        assert time.monotonic() - began < CLOSE_SECONDS / 2


async def test_pongs_wait_for_room_and_only_the_newest_is_owed(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while app.sockets[0].transport.get_write_buffer_size() <= 100_000:
            app.sockets[0].write(frame(bytes(100_000)))
            await asyncio.sleep(0)
        for number in range(100):
            await line.send(masked(b"%d" % number, PING))
        await asyncio.sleep(0.1)
        assert app.sockets[0].transport.get_write_buffer_size() > PONG_BYTES

        line.writer.transport.resume_reading()  # type: ignore[attr-defined]
        while (frame_ := await line.frame()).opcode != PONG:
            pass

        assert frame_.payload == b"99"
        assert app.told == ["paused", "resumed"]


async def test_empty_fragments_without_end_are_refused(url: str) -> None:
    async with opened(url, "/adopted") as line:
        await line.send(masked(b"", BINARY, fin=False) + masked(b"", CONTINUATION, fin=False) * FRAGMENTS)

        assert await line.closed() == 1009


async def test_a_message_over_the_limit_is_refused_at_its_head(url: str) -> None:
    async with opened(url, "/adopted") as line:
        await line.send(head(65_537) + b"mask")

        assert await line.closed() == 1009


async def test_a_silent_peer_is_pinged_and_then_given_up(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        socket = app.sockets[0]
        socket.beat()
        socket.beat()
        assert await line.frame() == (PING, b"")

        await line.send(masked(b"", PONG), masked(b"alive"))
        assert await line.frame() == (TEXT, b"alive")
        socket.beat()
        socket.beat()
        socket.beat()

        assert await line.closed() == 4001


async def test_a_peer_that_vanishes_is_noticed(app: App, url: str) -> None:
    async with opened(url, "/adopted") as line:
        line.writer.transport.abort()
        await app.has_gone.wait()

    assert app.gone == [0]


async def test_a_stop_of_the_server_says_so(app: App) -> None:
    async with contextlib.AsyncExitStack() as stack:
        server = served(app)
        line = await stack.enter_async_context(opened(await server.__aenter__(), "/adopted"))
        stopping = asyncio.create_task(server.__aexit__(None, None, None))

        assert await line.closed() == 1012
        await line.send(masked((1012).to_bytes(2, "big"), CLOSE))
        await stopping
