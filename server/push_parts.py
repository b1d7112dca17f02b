"""Telling devices, wired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from connections.manager import Manager
from connections.outside import Outside
from connections.presence import TICK_SECONDS
from server.settings import Settings
from services.push import PushService
from services.push_deliveries import PushCounts, PushDeliveries
from services.push_message import Signer
from store.pool import Database
from store.push import PushStore

SETTLE_SECONDS = 4 * TICK_SECONDS
"""Within which an instance that is new hears from the others whom they hold."""


@dataclass(frozen=True, slots=True)
class PushParts:
    """What the doors and the metrics need of it."""

    service: PushService
    counts: PushCounts


@asynccontextmanager
async def open_push(
    settings: Settings, database: Database, key: bytes, outside: Outside, manager: Manager
) -> AsyncIterator[PushParts]:
    """Devices are told for as long as this is open, unless the operator wants none to be."""
    store = PushStore(database)
    if settings.push == "off":
        yield PushParts(PushService(store, outside, None), PushCounts())
        return
    signer = Signer(key, _contact(settings))
    async with PushDeliveries(
        store,
        outside,
        signer,
        manager.online,
        shows_text=settings.push == "on",
        retry_seconds=settings.hook_retry_seconds,
        settle_seconds=SETTLE_SECONDS if settings.redis_url else 0,
    ) as deliveries:
        manager.told = deliveries.told
        yield PushParts(PushService(store, outside, signer.public_key), deliveries.counts)


def _contact(settings: Settings) -> str | None:
    """Whom a push service may write to; else the page's own address, if it is known."""
    if settings.push_contact:
        return settings.push_contact
    return next((origin for origin in settings.allowed_origins if origin.startswith("https://")), None)
