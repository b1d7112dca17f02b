"""How much work something is, whatever else the machine does meanwhile."""

import time
from collections.abc import Callable


def seconds_of(work: Callable[[], object], tries: int = 5) -> float:
    """The CPU time of this thread: the least of several tries."""
    return min(_once(work) for _ in range(tries))


def _once(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
