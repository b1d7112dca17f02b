"""Work that takes long or handles bytes that nobody trusts: done in processes of its own, beside the event loop."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from types import FrameType
from typing import Self, TypeVar

from models.errors import Unavailable

SECONDS = 20.0
PROCESSES = 2

T = TypeVar("T")


class Workshop:
    """An async context manager. Its processes start with the first work, and know nothing but that."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[..., T], *values: object) -> T:
        """What `work`, a function of a module, makes of the values. Raises Unavailable, and what `work` raises."""
        if self._pool is None:
            # Spawned: a fork would take along the sockets and the locks of the moment.
            self._pool = ProcessPoolExecutor(
                PROCESSES, mp_context=get_context("spawn"), initializer=_end_with_parent
            )
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._pool, _in_time, work, *values)
        except TimeoutError:
            raise Unavailable("This takes too long right now.", retry_after=30) from None
        except BrokenProcessPool:
            self._pool = None  # a process was killed: the next work starts others
            raise Unavailable("This was interrupted.") from None


def _end_with_parent() -> None:
    """In the process: it would wait for work for ever, once the one that sends it was killed."""
    threading.Thread(target=_watch_parent, name="parent", daemon=True).start()


def _watch_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _in_time(work: Callable[..., T], *values: object) -> T:
    """In the process: what takes too long ends there, too, and makes room for the next."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return work(*values)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError
