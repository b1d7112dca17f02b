"""Hashing of passwords, bounded: each takes 19 MiB and 15–20 ms of a core, so many at once would take the server.

Argon2id with t=2, m=19 MiB, p=1 (OWASP Password Storage Cheat Sheet). The hash runs in a thread; argon2 lets go of
the interpreter lock meanwhile. Beyond `waiting` the caller is told to come back.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Self, TypeVar

from passlib.hash import argon2

from models.errors import Unavailable

T = TypeVar("T")

WAITING = 32
"""At 20 ms and one thread the last in the queue waits two thirds of a second."""

THREADS = max(1, min(2, (os.cpu_count() or 1) // 2))
"""Half of the cores at most: when every core hashes, whoever posts waits for a core (bench/logins.py)."""

NICE = 10
"""Of the threads that hash. The whole 19 would let a sign-in starve on a busy machine."""


class Passwords:
    """Hashes and checks; an async context manager, since it owns threads."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._hasher = argon2.using(type="ID", rounds=2, memory_cost=19 * 1024, parallelism=1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="passwords", initializer=_stand_back)
        self._free = threads + waiting
        self._decoy = self._hasher.hash("nobody's password")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Raises Unavailable when too many wait."""
        return await self._run(lambda: str(self._hasher.hash(password)))

    async def matches(self, password: str, hash_: str | None) -> bool:
        """Takes the same time where there is no hash: whether a user exists must not show. Raises Unavailable."""
        right = await self._run(lambda: bool(self._hasher.verify(password, hash_ or self._decoy)))
        return right and hash_ is not None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._free == 0:
            raise Unavailable("Too many sign-ins at once.", retry_after=1)
        self._free -= 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        # Given back when the thread ends, not when the caller goes away: a cancelled request still costs its hash.
        future.add_done_callback(self._give_back)
        return await asyncio.shield(future)

    def _give_back(self, _: object) -> None:
        self._free += 1


def _stand_back() -> None:
    """A hash gives way to whoever posts. Elsewhere than on Linux a thread has no priority of its own."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):  # forbidden where it runs
            os.setpriority(os.PRIO_PROCESS, thread, max(NICE, os.getpriority(os.PRIO_PROCESS, thread)))
