"""One knock at Redis, to see whether someone is in."""

import time

from redis.asyncio import Redis, RedisCluster

_SECONDS = 3.0


async def ping(url: str) -> float:
    """Seconds to an answer. Raises redis-py's and the system's errors."""
    cluster = "+cluster://" in url
    client: Redis | RedisCluster
    if cluster:
        client = RedisCluster.from_url(url.replace("+cluster://", "://"), socket_connect_timeout=_SECONDS)
    else:
        client = Redis.from_url(url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS)
    try:
        begun = time.perf_counter()
        await client.ping()
        return time.perf_counter() - begun
    finally:
        await client.aclose()
