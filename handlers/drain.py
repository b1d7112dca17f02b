"""Before a stop: no more traffic wanted, and everyone is sent away, each at a time of their own."""

import random

from connections.manager import Manager
from models import frames, wire
from services.ai import AiService
from services.health import Health

SPREAD_MS = 8_000
"""Over which the clients come back, so that they don't all come at once."""


async def drain(manager: Manager, health: Health, ai: AiService) -> None:
    """Answers under way are ended first, so that those who read them hear it."""
    health.is_draining = True
    await ai.interrupt()
    await manager.drain(_farewell)


def _farewell() -> bytes:
    return wire.encode(frames.Reconnect(after_ms=random.randrange(SPREAD_MS)))  # noqa: S311 - jitter
