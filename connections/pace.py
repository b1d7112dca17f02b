"""How often a topic writes: at once while it is calm; while it is busy, in blocks that are worth the writing."""

import asyncio
import time
from collections.abc import Callable

REST, SHARED_REST = 1, 6
"""After a block of several facts a topic rests so many times as long as its writing took: what comes meanwhile shares
the next block. Where other instances tell facts, too, each has but a part of the listeners and of the facts."""

GATHER_SECONDS = 0.004
"""So long a busy topic that is shared waits for what the others commit at the same moment, before it writes."""

BUSY_SECONDS = 0.1
"""For so long a topic counts as busy after a block of several facts."""

SHORTEST_SECONDS, LONGEST_SECONDS = 0.0005, 0.03
"""A shorter rest isn't worth a timer, and a longer one is cut."""

SHARED_SECONDS = 1.0
"""For so long a topic counts as shared after a fact came from elsewhere."""


class Pace:
    """Of one topic. Redis is never waited for: only the clock is."""

    __slots__ = ("_busy_until", "_clock", "_flush", "_rests_until", "_shared_until", "_timer")

    def __init__(self, flush: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._flush = flush
        self._clock = clock
        self._busy_until = self._rests_until = self._shared_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def share(self) -> None:
        """Another instance told a fact."""
        self._shared_until = self._clock() + SHARED_SECONDS

    def flush_soon(self) -> None:
        """At once, or when the topic has rested."""
        if self._timer is None:
            now = self._clock()
            wait = self._rests_until - now
            if now < self._busy_until and now < self._shared_until:
                wait = max(wait, GATHER_SECONDS)
            if wait < SHORTEST_SECONDS:
                self._flush()
            else:
                self._timer = asyncio.get_running_loop().call_later(wait, self._has_rested)

    def wrote(self, facts: int, began: float) -> None:
        """A block was written, for which the clock said `began`."""
        if facts > 1:
            now = self._clock()
            self._busy_until = now + BUSY_SECONDS
            rest = SHARED_REST if now < self._shared_until else REST
            self._rests_until = now + min(rest * (now - began), LONGEST_SECONDS)

    def stop(self) -> None:
        """Its topic is let go. Nothing is written any more, and the circle of the two is opened."""
        self._flush = _nothing
        if self._timer is not None:
            self._timer.cancel()

    def now(self) -> float:
        return self._clock()

    def _has_rested(self) -> None:
        self._timer = None
        self._flush()


def _nothing() -> None:
    """Nobody listens."""
