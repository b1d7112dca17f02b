"""The first knock at PostgreSQL, before there is a pool. Law: no password in any message."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import asyncpg
import structlog

from models.errors import Unavailable
from server.cannot_start import CannotStart

if TYPE_CHECKING:
    from server.fitness import Connection

Result = TypeVar("Result")

log = structlog.stdlib.get_logger()

_CONNECT_SECONDS = 10
_RETRY_SECONDS = 0.5

PATIENCE_SECONDS = 30.0
"""Of a start: a database in a container beside ours is often just starting, too."""

# It is not there yet, or was lost a moment ago.
_NOT_YET = (
    OSError,
    Unavailable,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,
)
_NEVER = (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError)


class Unreachable(CannotStart):
    """PostgreSQL does not let us in; the text says where and why."""


async def connect(dsn: str, patience_seconds: float = 0) -> "Connection":
    """One connection of its own, without prepared statements. Raises `Unreachable`."""

    async def attempt() -> "Connection":
        return await asyncpg.connect(dsn, timeout=_CONNECT_SECONDS, statement_cache_size=0)

    try:
        return await insist(dsn, attempt, patience_seconds)
    except _NEVER as error:
        raise Unreachable(_complaint(dsn, error)) from None


async def insist(dsn: str, attempt: Callable[[], Awaitable[Result]], patience_seconds: float) -> Result:
    """What `attempt` comes to, made again while the database is away. Raises `Unreachable` in the end."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return await attempt()
        except _NOT_YET as error:
            if time.monotonic() >= deadline:
                raise Unreachable(_complaint(dsn, error)) from None
            log.warning("database_not_there_yet", reason=str(error) or type(error).__name__)
        await asyncio.sleep(_RETRY_SECONDS)


def _complaint(dsn: str, error: BaseException) -> str:
    parts = urlsplit(dsn)
    place = f"{parts.hostname}:{parts.port or 5432}" if parts.hostname else "its local socket"
    reason = str(error) or type(error).__name__
    return f"PostgreSQL at {place} cannot be used: {reason}. Check CHALKLINE_DATABASE_URL and that it is running."
