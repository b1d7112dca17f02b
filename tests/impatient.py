"""An event loop whose time is its own: it passes at once when nobody has anything to do.

What waits for seconds costs none, happens in the same order every time, and can be asserted to the millisecond. Only
for what stays within the loop: no sockets, no threads.
"""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

P = ParamSpec("P")


class _Selector(selectors.DefaultSelector):
    """Never waits: moves the clock on instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits, and nothing will ever happen"
            self.now += max(0.0, timeout)
        return ready


class ImpatientLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def impatient(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Runs an async test on such a loop."""

    @functools.wraps(test)
    def run(*arguments: P.args, **more: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=ImpatientLoop) as runner:
            runner.run(test(*arguments, **more))

    return run
