"""The way out of a socket: in order, whichever way, and honest about being full."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import pytest
import uvloop

from connections.outlet import HIGH_BYTES, Outlet

SECONDS = 20


class Writer(asyncio.Protocol):
    """A protocol with nothing but an outlet."""

    outlet: Outlet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.outlet = Outlet(self.transport)

    def pause_writing(self) -> None:
        self.outlet.pause()

    def resume_writing(self) -> None:
        self.outlet.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        self.outlet.close()


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[..., None]:
    def on_its_loop(test: Callable[[], object]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(test())  # type: ignore[arg-type]

    return on_its_loop


@asynccontextmanager
async def _line() -> AsyncIterator[tuple[Writer, socket.socket]]:
    """An outlet, and the other end of its socket."""
    async with asyncio.timeout(SECONDS):
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        transport, writer = await asyncio.get_running_loop().create_connection(Writer, sock=ours)
        try:
            yield writer, theirs
        finally:
            transport.abort()
            theirs.close()
            await asyncio.sleep(0)


def _give(outlet: Outlet, data: bytes) -> None:
    """As a topic does it."""
    try:
        taken = outlet.way(data)
    except OSError:
        taken = 0
    if taken != len(data):
        outlet.write(data[taken:])


async def _read(end: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await asyncio.get_running_loop().sock_recv(end, size - len(data))
    return data


def test_what_is_written_has_left_before_anybody_else_runs(run: Callable[..., None]) -> None:
    async def test() -> None:
        async with _line() as (writer, end):
            _give(writer.outlet, b"hello")

            assert end.recv(100) == b"hello"

    run(test)


def test_bytes_leave_in_order_when_the_socket_fills_up_and_drains_again(run: Callable[..., None]) -> None:
    async def test() -> None:
        async with _line() as (writer, end):
            pieces = [bytes([number % 251]) * 50_000 for number in range(100)]
            reading = asyncio.create_task(_read(end, 5_000_000))
            for number, piece in enumerate(pieces):
                (_give if number % 3 else Outlet.write)(writer.outlet, piece)
                if number % 10 == 9:
                    await asyncio.sleep(0)

            assert await reading == b"".join(pieces)
            writer.outlet.way(b"direct again")
            assert end.recv(100) == b"direct again"

    run(test)


def test_a_full_socket_says_so_once_and_once_that_it_is_no_more(run: Callable[..., None]) -> None:
    async def test() -> None:
        told: list[str] = []
        drained = asyncio.Event()

        def resumed() -> None:
            told.append("drained")
            drained.set()

        async with _line() as (writer, end):
            writer.outlet.watch(lambda: told.append("full"), resumed)
            written = 0
            while writer.transport.get_write_buffer_size() <= HIGH_BYTES:
                _give(writer.outlet, bytes(10_000))
                written += 10_000
            writer.outlet.write(b"more")
            assert told == ["full"]

            await _read(end, written + 4)
            await drained.wait()

            assert told == ["full", "drained"]

    run(test)


def test_a_little_that_waits_does_not_make_a_socket_full(run: Callable[..., None]) -> None:
    async def test() -> None:
        told: list[str] = []
        async with _line() as (writer, _):
            writer.outlet.watch(lambda: told.append("full"), lambda: None)
            while not writer.transport.get_write_buffer_size():
                _give(writer.outlet, bytes(1_000))

            assert told == []

    run(test)


def test_an_old_way_is_refused_as_soon_as_something_waits(run: Callable[..., None]) -> None:
    async def test() -> None:
        async with _line() as (writer, end):
            old, written = writer.outlet.way, 0
            while not writer.transport.get_write_buffer_size():
                writer.outlet.write(bytes(10_000))
                written += 10_000

            with pytest.raises(OSError, match="Bad file descriptor"):
                old(b"ahead of what waits")
            writer.outlet.way(b"after it")

            assert await _read(end, written + 8) == bytes(written) + b"after it"

    run(test)


def test_an_old_way_leads_into_no_other_socket(run: Callable[..., None]) -> None:
    async def test() -> None:
        async with _line() as (writer, end):
            old = writer.outlet.way
            writer.transport.abort()
            assert await asyncio.get_running_loop().sock_recv(end, 1) == b""

            others = [socket.socketpair() for _ in range(4)]  # these take the numbers over
            with pytest.raises(OSError, match="Bad file descriptor"):
                old(b"stray")
            with suppress(RuntimeError):  # uvloop's word for it; asyncio's loop has none
                writer.outlet.way(b"stray")

            for ours, theirs in others:
                with ours, theirs:
                    theirs.setblocking(False)
                    with pytest.raises(BlockingIOError):
                        theirs.recv(10)

    run(test)


def test_a_lost_connection_leaves_no_descriptor_open(run: Callable[..., None]) -> None:
    async def test() -> None:
        open_files: list[int] = []
        for _ in range(20):
            async with _line() as (writer, _):
                writer.outlet.way(b"hello")
            await asyncio.sleep(0)
            open_files.append(len(list(Path("/proc/self/fd").iterdir())))

        assert len(set(open_files)) == 1

    run(test)
