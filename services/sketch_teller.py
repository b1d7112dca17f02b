"""What was drawn here, on its way to the sockets here: at once while it is calm; a crowd's strokes share a frame.

It goes ahead of the disk. Why that is sound: docs/decisions.md, "A stroke is seen before it is saved".
"""

import asyncio
import math
from collections.abc import Callable, Sequence

from pycrdt import merge_updates

PAIR_SECONDS, SLOWEST_SECONDS = 5e-7, 0.033
"""For each pair of sockets, so long until the next frame, but never longer: each more who draws is one more frame to
each of all. A hundred get theirs 5 ms apart, two hundred 20 ms.
"""


class Teller:
    """Belongs to one room. `tell` is given what one frame holds, `sockets` says how many get it, and `gather` is called
    before a frame, to add what it shall hold, too.
    """

    def __init__(
        self, tell: Callable[[bytes], None], sockets: Callable[[], int], gather: Callable[[], None]
    ) -> None:
        self._tell = tell
        self._sockets = sockets
        self._gather = gather
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._told_at = -math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._is_gathering = False

    @property
    def is_resting(self) -> bool:
        """The next frame isn't due yet."""
        return self._timer is not None or self._rest() > 0

    def add(self, updates: Sequence[bytes]) -> None:
        self._waiting += updates
        if not self._is_gathering:
            self.soon()

    def soon(self) -> None:
        """A frame when it is due."""
        if self._timer is None:
            rest = self._rest()
            if rest > 0:
                self._timer = self._loop.call_later(rest, self.flush)
            else:
                self.flush()

    def _rest(self) -> float:
        gap: float = min(SLOWEST_SECONDS, PAIR_SECONDS * self._sockets() ** 2)
        return self._told_at + gap - self._loop.time()

    def flush(self) -> None:
        """All that waits, now."""
        self._stop_timer()
        self._is_gathering = True
        try:
            self._gather()
        finally:
            self._is_gathering = False
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._told_at = self._loop.time()
            self._tell(waiting[0] if len(waiting) == 1 else merge_updates(*waiting))

    def drop(self) -> None:
        """Whoever is there will hear it from a room that is opened anew."""
        self._waiting = []
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
