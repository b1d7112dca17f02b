"""Before a stop: no more traffic wanted, and everyone is sent away, each at a time of their own."""

from connections.manager import Manager
from models import frames, wire
from services.ai import AiService
from services.health import Health


async def drain(manager: Manager, health: Health, ai: AiService) -> None:
    """Answers under way are ended first, so that those who read them hear it."""
    health.is_draining = True
    await ai.interrupt()
    await manager.drain(_farewell)


def _farewell(seconds: float) -> bytes:
    return wire.encode(frames.Reconnect(after_ms=round(seconds * 1000)))
