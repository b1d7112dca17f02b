"""A real server under attack: each attack costs it little memory and ends soon with the right code, and nobody else
notices. The attackers send as fast as they can, and mostly don't read.
"""

import asyncio
import contextlib
import itertools
import os
import random
import resource
import socket
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from connections.manager import BEAT_SECONDS
from tests.bytewise import BINARY, CLOSE, CONTINUATION, PING, PONG, head, masked, open_line
from tests.databases import NewDatabase
from tests.house import House, Person
from tests.server.running import run

MIB = 1024 * 1024
GROWTH = 16 * MIB
SOON = 1.0 + 0.5
"""A second, and what a busy machine adds."""


@dataclass
class Server:
    """One running instance with people in it."""

    pid: int
    house: House
    alice: Person
    mallory: Person

    @property
    def memory(self) -> int:
        """Resident, in bytes."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:13]) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def address(
    request: pytest.FixtureRequest,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, int]]:
    """Its URL and process, for all of this file."""
    with asyncio.Runner() as runner:
        database = new_database()
        variables = {
            "CHALKLINE_DATABASE_URL": runner.run(database.__aenter__()),
            "CHALKLINE_DATA_DIR": str(tmp_path_factory.mktemp("hostile")),
            "CHALKLINE_PORT": "0",
            "CHALKLINE_LOG_LEVEL": "error",
            "CHALKLINE_COMPRESSION": getattr(request, "param", "off"),
        }
        with run("server.cli", "serve", variables=variables) as running:
            yield running.url(), running.process.pid
            code, said = running.stop()
            assert (code, said) == (0, "")  # no attack is an error of ours
        runner.run(database.__aexit__(None, None, None))


@pytest.fixture
async def server(address: tuple[str, int]) -> AsyncIterator[Server]:
    url, pid = address
    number = next(_numbers)
    async with House(url) as house:
        alice, mallory = await house.register(f"alice{number}"), await house.register(f"mallory{number}")
        yield Server(pid, house, alice, mallory)


_numbers = itertools.count(1)


@asynccontextmanager
async def unharmed(server: Server) -> AsyncIterator[None]:
    """Meanwhile memory stays within its bound, and others are served at once."""
    channel = await server.alice.channel(f"calm{next(_numbers)}")
    async with server.alice.listen(f"/ws/channels/{channel}") as ear:
        before = peak = server.memory
        is_over = asyncio.Event()

        async def chat() -> None:
            nonlocal peak
            while not is_over.is_set():
                began = time.monotonic()
                await ear.ask("message.post", client_id=f"c{next(_numbers)}", text="calm")
                assert time.monotonic() - began < SOON
                peak = max(peak, server.memory)
                await asyncio.sleep(0.02)

        chatting = asyncio.create_task(chat())
        try:
            yield
        finally:
            is_over.set()
            await chatting
    print(f"grew by {(peak - before) / MIB:.1f} MiB")
    assert peak - before <= GROWTH


def attack(url: str, token: str, segments: Iterable[bytes], *headers: str) -> tuple[float, int]:
    """Sends without reading, for ever if it may; how long until the end, and the close code that was there to read."""
    host, _, port = url.rpartition("//")[2].partition(":")
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    lines = "\r\n".join([f"Authorization: Bearer {token}", key, *headers])
    request = (
        f"GET /ws/system HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{lines}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as attacker:
        attacker.sendall(request.encode())
        said = attacker.recv(4096)
        assert said.startswith(b"HTTP/1.1 101"), said
        began = time.monotonic()
        with contextlib.suppress(OSError):
            for segment in segments:
                attacker.sendall(segment)
        with contextlib.suppress(OSError):
            while part := attacker.recv(65_536):
                said += part
        took = time.monotonic() - began
    return took, int.from_bytes(said[-_close_size(said) + 2 :][:2], "big")


def _close_size(said: bytes) -> int:
    """Of the close frame at the end."""
    return len(said) - said.rindex(b"\x88")


def bomb() -> bytes:
    """A compressed frame that would be a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(64)) + packer.flush(zlib.Z_SYNC_FLUSH)
    return masked(packed[:60_000], reserved=4)


def again(segment: bytes) -> Iterable[bytes]:
    return itertools.repeat(segment)


OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
TINY = b'{"type":"ping"}'
BIG = 15 * MIB
ATTACKS: dict[str, tuple[Callable[[], Iterable[bytes]], set[int]]] = {
    "pings": (lambda: again(masked(bytes(125), PING) * 500), {4029}),
    "pongs": (lambda: again(masked(b"", PONG) * 10_000), {4029}),
    "empty fragments": (
        lambda: itertools.chain(
            [masked(b"", BINARY, fin=False)], again(masked(b"", CONTINUATION, fin=False) * 10_000)
        ),
        {1009},
    ),
    "deflate bomb": (lambda: again(bomb()), {1002}),
    "a 15 MB frame": (lambda: [head(BIG, BINARY) + b"mask", *([bytes(MIB)] * 15)], {1009}),
    "15 MB of junk": (lambda: [random.Random(7).randbytes(BIG)], {1002, 1007, 1009}),  # noqa: S311
    "64k tiny frames": (lambda: [masked(TINY) * 65_536], {4029}),
    "64k empty frames": (lambda: [masked(b"") * 65_536], {4501}),
    "64k frames of noise": (lambda: [masked(b"x") * 65_536], {4501}),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_costs_little_ends_soon_and_harms_nobody(server: Server, name: str) -> None:
    segments, codes = ATTACKS[name]
    made = segments()

    async with unharmed(server):
        took, code = await asyncio.to_thread(attack, server.house.url, server.mallory.token, made, OFFER)

    print(f"{name}: {took:.2f} s, {code}")
    assert code in codes
    assert took < SOON


@pytest.mark.parametrize("address", ["on"], indirect=True)
@pytest.mark.parametrize(
    ("name", "code"), [("deflate bomb", 1009), ("15 MB of junk", 0), ("64k tiny frames", 4029)]
)
async def test_with_compression_an_attack_costs_no_more(server: Server, name: str, code: int) -> None:
    segments, codes = ATTACKS[name]
    made = segments()

    async with unharmed(server):
        took, found = await asyncio.to_thread(attack, server.house.url, server.mallory.token, made, OFFER)

    assert found in ({code} if code else codes)
    assert took < SOON


async def until_closed(url: str, *segments: bytes, trickle: bytes = b"") -> float:
    """Seconds from the connect to the end, for one who sends this, and then at most a little now and then."""
    async with open_line(url) as line:
        began = time.monotonic()
        await line.send(*segments)

        async def go_on() -> None:
            while trickle:
                await line.send(trickle)
                await asyncio.sleep(0.5)

        going_on = asyncio.create_task(go_on())
        try:
            await asyncio.wait_for(line.reader.read(), 30)
        except ConnectionError:
            pass
        finally:
            going_on.cancel()
            await asyncio.gather(going_on, return_exceptions=True)
        return time.monotonic() - began


async def until_given_up(person: Person) -> tuple[float, int]:
    """One who signed in and then answers nothing: seconds and the close code."""
    async with open_line(person.url) as line:
        began = time.monotonic()
        assert await line.upgrade("/ws/system", f"Authorization: Bearer {person.token}") == 101
        opcode, payload = await line.frame()
        while opcode != CLOSE:
            with contextlib.suppress(TimeoutError):
                opcode, payload = await line.frame()
        return time.monotonic() - began, int.from_bytes(payload[:2], "big")


UPGRADE = b"GET /ws/system HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
LOGIN = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
SILENT: dict[str, tuple[list[bytes], bytes]] = {
    "connected": ([], b""),
    "half a head": ([UPGRADE], b""),
    "a trickle of a head": ([UPGRADE], b"x"),
    "half a body": ([LOGIN, b"{"], b""),
    "a trickle of a body": ([LOGIN], b"{"),
    "not signed in": (
        [UPGRADE + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"],
        b"",
    ),
    "no WebSocket": ([UPGRADE + b"\r\n"], b""),
}
EACH = 20


@pytest.mark.slow
async def test_who_is_silent_is_closed(server: Server) -> None:
    """Within 10 s those that never sign in; within three beats those that did, and are dead."""
    async with unharmed(server):
        waiting = {
            name: asyncio.gather(*(until_closed(server.house.url, *sent, trickle=more) for _ in range(EACH)))
            for name, (sent, more) in SILENT.items()
        }
        dead = await asyncio.gather(*(until_given_up(server.mallory) for _ in range(EACH)))
        took = {name: await ended for name, ended in waiting.items()}

    for name, seconds in took.items():
        print(f"{name}: {max(seconds):.1f} s")
        assert max(seconds) < 10
    print(f"dead: {max(dead)}")
    assert {code for _, code in dead} == {4001}
    assert max(seconds for seconds, _ in dead) < 3 * BEAT_SECONDS + 1


async def test_without_files_to_open_the_open_sockets_live_and_the_rest_wait(server: Server) -> None:
    """The limit is lowered under the running server: as if a flood of connections had reached it."""
    limit = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    used = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
    async with unharmed(server), contextlib.AsyncExitStack() as crowd:
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (used + 20, limit[1]))
        try:
            for _ in range(100):
                await crowd.enter_async_context(open_line(server.house.url))
            spent = server.cpu_seconds
            await asyncio.sleep(2)  # what is measured is what the server does meanwhile
            assert server.cpu_seconds - spent < 0.4
            await crowd.aclose()
        finally:
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limit)
        began = time.monotonic()
        await server.mallory.get("/users/me")
        assert time.monotonic() - began < 2
