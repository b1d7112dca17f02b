"""Whatever of a sketch takes long to make: done beside the event loop, once for each state, and kept for a while."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from services.workshop import Workshop

KEPT_BYTES = 32 * 2**20


class Painter:
    """`squeezed` and `painted` are named by the state: what was made of it once is given again."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._making: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    async def squeezed(self, tag: str, state: bytes) -> bytes:
        """Gzipped; `tag` names the state."""
        return await self._once(("gzip", tag), lambda: asyncio.to_thread(gzip.compress, state, 1))

    async def painted(self, how: str, tag: str, paint: Callable[..., bytes], *values: Any) -> bytes:
        """What `paint` makes of the values, in a process of its own; `how` and `tag` name it. Raises Unavailable."""
        return await self._once((how, tag), lambda: self._workshop.run(paint, *values))

    async def _once(self, name: tuple[str, str], make: Callable[[], Awaitable[bytes]]) -> bytes:
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if name not in self._making:
            self._making[name] = asyncio.create_task(self._make(name, make))
            self._making[name].add_done_callback(lambda _: self._making.pop(name, None))
        return await asyncio.shield(self._making[name])

    async def _make(self, name: tuple[str, str], make: Callable[[], Awaitable[bytes]]) -> bytes:
        made = await make()
        self._kept[name] = made
        self._bytes += len(made)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
