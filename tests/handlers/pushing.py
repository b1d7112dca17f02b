"""Notices on their way to devices, for tests: waited for, until they are there or until none is left."""

from typing import Any

import asyncpg

from tests.device import Device, Push, until
from tests.house import Person

OPEN: dict[str, Any] = {
    "rate_limits": False,
    "outbound_networks": ("127.0.0.0/8",),
    "hook_retry_seconds": 0.01,
    "push_contact": "mailto:admin@example.org",
}


async def told(push: Push, device: Device, number: int = 1) -> list[dict[str, Any]]:
    """Its notices, once there are so many."""

    async def are_there() -> bool:
        return len(push.notices(device)) >= number

    await until(10, are_there)
    return push.notices(device)


async def rest(dsn: str) -> None:
    """Until nothing is on its way to any device, and all that was said has been looked at."""

    async def is_over() -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            return not await connection.fetchval(
                "select exists (select from pushes where next_at < 'infinity') or exists ("
                "select from push_cursors p join channels c on c.id = p.channel_id where c.head_seq > p.seen_seq)"
            )
        finally:
            await connection.close()

    await until(10, is_over)


async def set_level(person: Person, channel: int, level: str | None) -> None:
    answer = await person.call("PATCH", f"/channels/{channel}/membership", {"notifications": level})
    assert answer.status_code == 204
