"""The peer of the group commit: the same server, but each post is a statement and a commit of its own.

`python -m bench.commit_each` is `chalkline serve` in every other respect, and takes the same settings. The posts
share the same pool of connections, and so does what else the server asks of the database.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, Self, TypeVar

from starlette.applications import Starlette

import services.chat
from models.errors import Fault
from server import app
from server.instance import Program
from server.serve import serve
from server.settings import Settings, load_settings

Item = TypeVar("Item")
Result = TypeVar("Result")


class CommitEach(Generic[Item, Result]):
    """Stands where services.batcher.Batcher stands."""

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Fault]]],
        key: Callable[[Item], Hashable],  # noqa: ARG002 - nothing shares a batch here
    ) -> None:
        self._flush = flush

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def submit(self, item: Item) -> "asyncio.Future[Result]":
        return asyncio.create_task(self._settle(item))

    async def _settle(self, item: Item) -> Result:
        (result,) = await self._flush([item])
        if isinstance(result, Fault):
            raise result
        return result


def create_app(settings: Settings, *, database_url: str, redis_url: str | None = None) -> Starlette:
    """Takes the place of server.app.create_app in a Program."""
    vars(services.chat)["Batcher"] = CommitEach
    return app.create_app(settings, database_url=database_url, redis_url=redis_url)


if __name__ == "__main__":
    sys.exit(serve(load_settings({}), Program(app="bench.commit_each:create_app")))
