"""How often something may be done: counted for all instances in Redis, and by this one alone while that is away.

A limit is never a reason to refuse everybody: where Redis doesn't answer at once, the own count decides.
"""

import asyncio
import math
import time
from typing import Any, Self

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from models.errors import RateLimited

ANSWER_SECONDS = 0.25
"""How long a request waits for Redis to count it."""

PAUSE_SECONDS = 2.0
"""How long Redis isn't asked after it failed."""

EXACT = 300
"""Limits up to this keep the time of each; of greater ones two counters are enough, whose window slides roughly."""

log = structlog.get_logger()


class RateLimits:
    """An async context manager. `take` counts one more, `check` only looks; off, nothing is counted."""

    def __init__(self, redis_url: str | None, *, is_on: bool) -> None:
        self._is_on = is_on
        self._own = MemoryStorage()
        self._shared: Any = None
        self._lost: tuple[type[Exception], ...] = ()
        if redis_url and is_on:
            from connections.redis_link import LOST  # noqa: PLC0415 - 0.1 s that few starts need

            self._shared, self._lost = _shared(redis_url), LOST
        self._ask_again_at = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._shared:
            await self._shared.bridge.storage.aclose()  # the package itself never closes its connections

    async def take(self, per_minute: int, *names: str) -> None:
        """One of so many a minute under these names."""
        if self._is_on:
            await self._decide("hit", RateLimitItemPerMinute(per_minute), names)

    async def check(self, per_minute: int, *names: str) -> None:
        if self._is_on:
            await self._decide("test", RateLimitItemPerMinute(per_minute), names)

    async def _decide(self, what: str, item: RateLimitItem, names: tuple[str, ...]) -> None:
        """Counted here too, so that the own count is right when Redis is lost."""
        strategy = MovingWindowRateLimiter if item.amount <= EXACT else SlidingWindowCounterRateLimiter
        own = strategy(self._own)
        is_allowed = bool(await getattr(own, what)(item, *names))
        if self._shared is not None and time.monotonic() >= self._ask_again_at:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    is_allowed = (
                        bool(await getattr(strategy(self._shared), what)(item, *names)) and is_allowed
                    )
            except self._lost:
                self._ask_again_at = time.monotonic() + PAUSE_SECONDS
                log.warning("limits_count_alone")
        if not is_allowed:
            stats = await own.get_window_stats(item, *names)
            seconds = min(60, max(1, math.ceil(stats.reset_time - time.time())))
            raise RateLimited("This is too often.", retry_after=seconds)


def _shared(url: str) -> Any:
    scheme, _, rest = url.partition("://")
    scheme, options = _SCHEMES.get(scheme, (scheme, {}))
    return storage_from_string(
        f"async+{scheme}://{rest}", implementation="redispy", key_prefix="chalkline:limits", **options
    )


_SCHEMES: dict[str, tuple[str, dict[str, bool]]] = {
    "unix": ("redis+unix", {}),
    "rediss+cluster": ("redis+cluster", {"ssl": True}),
}
"""Ours -> what the package calls it."""
