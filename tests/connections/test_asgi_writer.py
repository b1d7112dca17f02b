"""The way out over a server that isn't ours: every frame once, in order, and a slow peer counts as one."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from connections.asgi_writer import HIGH_BYTES, AsgiWriter
from connections.framing import frame
from tests.impatient import impatient


class Server:
    """Takes a message at a time, each taking `seconds`; `fails` is what it raises instead."""

    def __init__(self) -> None:
        self.sent: list[MutableMapping[str, Any]] = []
        self.seconds = 0.0
        self.fails: Exception | None = None
        self.events: list[str] = []

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await asyncio.sleep(self.seconds)
        if self.fails:
            raise self.fails
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if message["type"] == "websocket.send"]

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsgiWriter]:
        async with AsgiWriter(self.send) as writer:
            writer.watch(
                lambda: self.events.append("paused"),
                lambda: self.events.append("resumed"),
                lambda: self.events.append("gone"),
            )
            yield writer


@impatient
async def test_frames_that_were_joined_arrive_as_messages_in_order() -> None:
    server = Server()
    async with server.writer() as writer:
        writer.write(frame("ä".encode()) + frame(b"b"))
        writer.write(frame(b""))
        await asyncio.sleep(1)

    assert server.texts == ["ä", "b", ""]


@impatient
async def test_a_close_comes_after_what_was_written_before_it() -> None:
    server = Server()
    server.seconds = 0.1
    async with server.writer() as writer:
        writer.write(frame(b"last words"))
        writer.close(4000, "too slow")
        await asyncio.sleep(1)

    assert [message["type"] for message in server.sent] == ["websocket.send", "websocket.close"]
    assert (server.sent[-1]["code"], server.sent[-1]["reason"]) == (4000, "too slow")


@impatient
async def test_a_peer_that_does_not_keep_up_is_paused_once_and_resumed_once_it_has() -> None:
    server = Server()
    server.seconds = 1.0
    async with server.writer() as writer:
        for _ in range(40):
            writer.write(frame(b"x" * (HIGH_BYTES // 20)))
        assert server.events == ["paused"]

        await asyncio.sleep(30)
        assert server.events == ["paused"]
        await asyncio.sleep(15)

        assert server.events == ["paused", "resumed"]
        assert len(server.texts) == 40


@impatient
async def test_text_in_any_script_is_counted_alike_on_its_way_in_and_out() -> None:
    server = Server()
    async with server.writer() as writer:
        for _ in range(200):
            writer.write(frame(("密" * 1000).encode()))
            await asyncio.sleep(0.01)

    assert server.events == ["gone"]  # at the end


@impatient
async def test_a_peer_that_has_gone_is_noticed_whatever_the_server_raises() -> None:
    for failure in (OSError("reset"), RuntimeError("websocket.send after close")):
        server = Server()
        server.fails = failure
        async with server.writer() as writer:
            writer.write(frame(b"x"))
            await asyncio.sleep(1)

            assert server.events == ["gone"]
