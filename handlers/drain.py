"""Before a stop: no more traffic wanted, and everyone is sent away, each at a time of their own."""

from connections.manager import Manager
from models import frames, wire
from services.health import Health


async def drain(manager: Manager, health: Health) -> None:
    """Until the last socket is closed."""
    health.is_draining = True
    await manager.drain(_farewell)


def _farewell(seconds: float) -> bytes:
    return wire.encode(frames.Reconnect(after_ms=round(seconds * 1000)))
