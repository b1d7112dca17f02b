"""How to speak pub/sub with the Redis or Valkey behind a URL: a single server, one behind Sentinel, or a cluster.

Schemes: `redis://`, `rediss://` and `unix://` as redis-py reads them; `redis+sentinel://host:port,…/service` asks the
sentinels for the master; `redis+cluster://` and `rediss+cluster://` use sharded channels (SSUBSCRIBE).

redis-py would reconnect by itself and not say so. So its retries are off: every loss comes up as an error.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

SECONDS = 1.0
"""For a connect and for a command."""

LOST = (RedisError, OSError, TimeoutError, RuntimeError)
"""What a lost or refusing server is raised as; the last is uvloop's word for a transport closed a moment ago."""

Publication = tuple[str, bytes]
"""A channel and what is said on it."""


class Link(Protocol):
    """One connection to publish on and one that listens. Everything raises one of LOST."""

    async def publish(self, publications: Sequence[Publication]) -> None: ...

    async def subscribe(self, channels: Sequence[str]) -> None: ...

    async def unsubscribe(self, channels: Sequence[str]) -> None: ...

    async def next(self) -> tuple[str, str, bytes] | None:
        """(what, channel, data); what is `subscribe`, `message` or another that doesn't matter."""

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
    """One server; `guides` are the sentinels that told where it is."""

    def __init__(self, client: "Redis", *guides: "Redis") -> None:
        self._client = client
        self._guides = guides
        self._ears: PubSub = client.pubsub()

    async def publish(self, publications: Sequence[Publication]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for channel, data in publications:
            pipeline.publish(channel, data)
        await pipeline.execute()

    async def subscribe(self, channels: Sequence[str]) -> None:
        await self._ears.subscribe(*channels)

    async def unsubscribe(self, channels: Sequence[str]) -> None:
        await self._ears.unsubscribe(*channels)

    async def next(self) -> tuple[str, str, bytes] | None:
        return _told(await self._ears.get_message(timeout=None))

    async def close(self) -> None:
        await self._ears.aclose()  # type: ignore[no-untyped-call]
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

    async def next(self) -> tuple[str, str, bytes] | None:
        return _told(await self._ears.get_sharded_message(timeout=SECONDS))

    async def close(self) -> None:
        if self._ears is not None:
            await self._ears.aclose()
        # Its own aclose does nothing for a client that an error has marked for a new start (redis-py 8.1).
        await self._client.nodes_manager.aclose()
        await self._client.nodes_manager.aclose("startup_nodes")
        await self._client.aclose()


def _told(message: Any) -> tuple[str, str, bytes] | None:
    if message is None:
        return None
    what = str(message["type"]).removeprefix("s") if message["type"] != "subscribe" else "subscribe"
    data = message["data"]
    return what, message["channel"].decode(), data if isinstance(data, bytes) else b""
