"""Group commit: what arrives while a flush is under way goes into the next one, so a lone item never waits for
company and a crowd shares its commits.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

import structlog

from models.errors import Fault, Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

log = structlog.get_logger()


class Batcher(Generic[Item, Result]):
    """Flushes items in batches of at most `most`, one batch at a time, in the order they came.

    `flush` answers with one result or Fault for each item; `key` names an item: two of one name never share a batch.
    An async context manager; on leaving it, what waits is flushed first.
    """

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Fault]]],
        key: Callable[[Item], Hashable],
        *,
        most: int = 512,
        waiting: int = 16_384,
    ) -> None:
        self._flush = flush
        self._key = key
        self._most = most
        self._most_waiting = waiting
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._came = asyncio.Event()
        self._is_open = True

    async def __aenter__(self) -> "Batcher[Item, Result]":
        self._new_future = asyncio.get_running_loop().create_future
        self._task = asyncio.create_task(self._run(), name="group commit")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_open = False
        self._came.set()
        await self._task

    def submit(self, item: Item) -> "asyncio.Future[Result]":
        """The item's place in the order is taken when this returns. Raises Unavailable when too many wait."""
        if not self._is_open or len(self._waiting) >= self._most_waiting:
            raise Unavailable("Too much is waiting to be saved.", retry_after=1)
        future: asyncio.Future[Result] = self._new_future()
        self._waiting.append((item, future))
        self._came.set()
        return future

    async def _run(self) -> None:
        while self._is_open or self._waiting:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                await self._settle(self._take())
                if (
                    self._waiting
                ):  # others have come meanwhile, but may be unread yet: they shall share the commit
                    await asyncio.sleep(0)

    def _take(self) -> list[tuple[Item, "asyncio.Future[Result]"]]:
        batch: dict[Hashable, tuple[Item, asyncio.Future[Result]]] = {}
        while self._waiting and len(batch) < self._most:
            key = self._key(self._waiting[0][0])
            if key in batch:
                break
            batch[key] = self._waiting.popleft()
        return list(batch.values())

    async def _settle(self, batch: list[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        settled: list[tuple[tuple[Item, asyncio.Future[Result]], Result | Fault]]
        try:
            settled = list(zip(batch, await self._flush([item for item, _ in batch]), strict=True))
        except Fault as fault:
            settled = [(one, fault) for one in batch]
        except Exception as error:
            if len(batch) > 1:
                # One item that the database can't take must not take the others with it.
                for single in batch:
                    await self._settle([single])
                return
            log.exception("flush_failed")
            settled = [(one, _internal(error)) for one in batch]
        for (_, future), result in settled:
            if future.done():  # its asker has gone away
                continue
            if isinstance(result, Fault):
                future.set_exception(result)
            else:
                future.set_result(result)


def _internal(error: Exception) -> Fault:
    fault = Fault("Something went wrong here.")
    fault.__cause__ = error
    return fault
