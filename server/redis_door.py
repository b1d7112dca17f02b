"""One knock at Redis, to see whether someone is in."""

import time

from connections.redis_link import open_link


async def ping(url: str) -> float:
    """Seconds until something said there was taken. Raises connections.redis_link.LOST."""
    link = open_link(url)
    try:
        begun = time.perf_counter()
        await link.publish([("chalkline:doctor", b"")])
        await link.answered()
        return time.perf_counter() - begun
    finally:
        await link.close()
