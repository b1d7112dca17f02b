"""How to speak pub/sub with the Redis or Valkey behind a URL: a single server, one behind Sentinel, or a cluster.

Schemes: `redis://`, `rediss://` and `unix://` as redis-py reads them; `redis+sentinel://host:port,…/service` asks the
sentinels for the master; `redis+cluster://` and `rediss+cluster://` use sharded channels (SSUBSCRIBE).

redis-py finds the server, connects and signs in. It would reconnect by itself and not say so: its retries are off, and
every loss comes up as an error. What is then said on a single server's connection is read by `connections/resp.py`.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from connections.resp import SECONDS, Resp, Told

LOST = (RedisError, OSError, TimeoutError, RuntimeError)
"""What a lost or refusing server is raised as; the last is uvloop's word for a transport closed a moment ago."""

Publication = tuple[str, bytes]
"""A channel and what is said on it."""


class Link(Protocol):
    """Says and hears. Everything raises one of LOST."""

    async def publish(self, publications: Sequence[Publication]) -> None:
        """Waits for room, not for answers; that they come is seen by `check`."""

    async def answered(self) -> None:
        """Until all that was published is known to be taken."""

    def check(self) -> None:
        """Call it each second: raises for a server that doesn't answer."""

    async def subscribe(self, channels: Sequence[str]) -> None: ...

    async def unsubscribe(self, channels: Sequence[str]) -> None: ...

    async def listen(self, told: Told) -> None:
        """Calls `told` until the link is lost, and raises by what."""

    async def close(self) -> None: ...


def open_link(url: str) -> Link:
    """Connects with the first command."""
    parts = urlsplit(url)
    scheme, _, kind = parts.scheme.partition("+")
    if kind == "cluster":
        return ClusterLink(RedisCluster.from_url(urlunsplit(parts._replace(scheme=scheme)), **_options()))
    if kind == "sentinel":
        return _behind_sentinel(parts.netloc, parts.path.strip("/") or "mymaster")
    return SingleLink(Redis.from_url(url, **_options()))


def _options() -> dict[str, Any]:
    return {
        "socket_connect_timeout": SECONDS,
        "socket_timeout": SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }


def _behind_sentinel(netloc: str, service: str) -> "SingleLink":
    login, _, hosts = netloc.rpartition("@")
    username, _, password = login.partition(":")
    addresses = [
        (host, int(port or 26379)) for host, _, port in (one.partition(":") for one in hosts.split(","))
    ]
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        addresses, sentinel_kwargs={"socket_timeout": SECONDS}
    )
    master: Redis = sentinel.master_for(
        service, username=username or None, password=password or None, **_options()
    )
    return SingleLink(master, *sentinel.sentinels)


class SingleLink:
    """One server, on one connection; `guides` are the sentinels that told where it is."""

    def __init__(self, client: "Redis", *guides: "Redis") -> None:
        self._client = client
        self._guides = guides
        self._resp: Resp | None = None

    async def _connected(self) -> Resp:
        if self._resp is None:
            async with asyncio.timeout(2 * SECONDS):  # to connect, and to sign in
                opened: Any = await self._client.connection_pool.get_connection()  # type: ignore[no-untyped-call]
            # redis-py means to keep these: tests/connections/test_bus.py sees that they are what they were.
            writer, reader = opened._writer, opened._reader  # noqa: SLF001
            opened._writer = opened._reader = None  # noqa: SLF001
            self._resp = Resp(writer, bytes(reader._buffer))  # noqa: SLF001
        return self._resp

    async def publish(self, publications: Sequence[Publication]) -> None:
        commands = [(b"PUBLISH", channel.encode(), data) for channel, data in publications]
        await (await self._connected()).ask(commands, answers=len(commands))

    async def answered(self) -> None:
        await (await self._connected()).answered()

    def check(self) -> None:
        if self._resp is not None:
            self._resp.check()

    async def subscribe(self, channels: Sequence[str]) -> None:
        await self._say(b"SUBSCRIBE", channels)

    async def unsubscribe(self, channels: Sequence[str]) -> None:
        await self._say(b"UNSUBSCRIBE", channels)

    async def _say(self, word: bytes, channels: Sequence[str]) -> None:
        """It is answered by pushes alone."""
        command = (word, *(channel.encode() for channel in channels))
        await (await self._connected()).ask((command,), answers=0)

    async def listen(self, told: Told) -> None:
        await (await self._connected()).listen(told)

    async def close(self) -> None:
        if self._resp is not None:
            self._resp.close()
        for client in (self._client, *self._guides):
            await client.aclose()


class ClusterLink:
    """A cluster: each topic's channel lives on the shard that its name hashes to."""

    def __init__(self, client: "RedisCluster") -> None:
        self._client = client
        self._ears: Any = None

    async def publish(self, publications: Sequence[Publication]) -> None:
        for channel, data in publications:
            await self._client.spublish(channel, data)

    async def subscribe(self, channels: Sequence[str]) -> None:
        if self._ears is None:
            await self._client.initialize()
            self._ears = self._client.pubsub()
        await self._ears.ssubscribe(*channels)

    async def unsubscribe(self, channels: Sequence[str]) -> None:
        if self._ears is not None:
            await self._ears.sunsubscribe(*channels)

    async def answered(self) -> None:
        """Each was waited for."""

    def check(self) -> None:
        """Each is waited for."""

    async def listen(self, told: Told) -> None:
        while True:
            message = await self._ears.get_sharded_message(timeout=SECONDS)
            if message is not None:
                data = message["data"]
                what = "message" if message["type"] == "smessage" else message["type"].removeprefix("s")
                told(what, message["channel"].decode(), data if isinstance(data, bytes) else b"")

    async def close(self) -> None:
        if self._ears is not None:
            await self._ears.aclose()
        # Its own aclose does nothing for a client that an error has marked for a new start (redis-py 8.1).
        await self._client.nodes_manager.aclose()
        await self._client.nodes_manager.aclose("startup_nodes")
        await self._client.aclose()
