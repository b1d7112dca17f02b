"""Reads of one kind that are asked at the same time, done as one: a thousand who come at once need a few statements."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

MOST = 500


class Gathered(Generic[Key, Found]):
    """What is asked while a read is under way goes into the next one, so a lone ask never waits for company.

    `read` takes keys, each once, and answers for each in their order. One read at a time, of at most `most` keys.
    """

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Sequence[Found]]], most: int = MOST) -> None:
        self._read = read
        self._most = most
        self._waiting: dict[Key, asyncio.Future[Found]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Found:
        """From a read that began after this was called. Raises what it raises."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._task is None:
                self._task = asyncio.create_task(self._run())
        return await asyncio.shield(future)  # others may wait for it, too

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch = {key: self._waiting.pop(key) for key in list(islice(self._waiting, self._most))}
                await self._settle(batch)
        finally:
            self._task = None

    async def _settle(self, batch: "dict[Key, asyncio.Future[Found]]") -> None:
        try:
            found = await self._read(list(batch))
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            for future in batch.values():
                future.set_exception(error)
                future.exception()  # nobody may be left to get it
        else:
            for future, one in zip(batch.values(), found, strict=True):
                future.set_result(one)
