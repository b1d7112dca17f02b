"""Whatever of a sketch takes long to make: done beside the event loop, once for each state, and kept for a while."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Self

from models.errors import Unavailable

KEPT_BYTES = 32 * 2**20
SECONDS = 20.0
PROCESSES = 2


class Painter:
    """An async context manager. Its processes start with the first picture, and know nothing but that."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._making: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def squeezed(self, tag: str, state: bytes) -> bytes:
        """Gzipped; `tag` names the state."""
        return await self._once(("gzip", tag), None, gzip.compress, state, 1)

    async def painted(self, how: str, tag: str, paint: Callable[..., bytes], *values: Any) -> bytes:
        """What `paint` makes of the values, in a process of its own; `how` and `tag` name it. Raises Unavailable."""
        if self._pool is None:
            # Spawned: a fork would take along the sockets and the locks of the moment.
            self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
        return await self._once((how, tag), self._pool, paint, *values)

    async def _once(
        self, name: tuple[str, str], where: Executor | None, make: Callable[..., bytes], *values: Any
    ) -> bytes:
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if name not in self._making:
            self._making[name] = asyncio.create_task(self._make(name, where, make, *values))
            self._making[name].add_done_callback(lambda _: self._making.pop(name, None))
        return await asyncio.shield(self._making[name])

    async def _make(
        self, name: tuple[str, str], where: Executor | None, make: Callable[..., bytes], *values: Any
    ) -> bytes:
        try:
            async with asyncio.timeout(SECONDS):
                made = await asyncio.get_running_loop().run_in_executor(where, make, *values)
        except TimeoutError:
            raise Unavailable("This takes too long right now.", retry_after=30) from None
        except BrokenProcessPool:
            self._pool = None  # a process was killed: the next picture starts others
            raise Unavailable("This was interrupted.") from None
        self._kept[name] = made
        self._bytes += len(made)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
