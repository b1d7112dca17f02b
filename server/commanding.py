"""Commands that work with the parts of an instance, beside a server that runs or without one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from models.errors import Fault
from server.backends import open_database
from server.cannot_start import CannotStart
from server.logs import set_up_logs
from server.migrate import migrate_up
from server.parts import Parts, open_parts
from server.settings import Settings

T = TypeVar("T")


def with_parts(settings: Settings, work: Callable[[Parts], Awaitable[T]]) -> T:
    """Raises `CannotStart`."""
    set_up_logs("warning")

    async def run(dsn: str) -> T:
        await migrate_up(dsn)
        async with open_parts(settings, dsn) as parts:
            try:
                return await work(parts)
            except Fault as fault:
                raise CannotStart(fault.detail) from None

    with open_database(settings) as dsn:
        return asyncio.run(run(dsn))
