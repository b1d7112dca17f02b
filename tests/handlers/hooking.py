"""Outgoing webhooks of a channel, for tests: made, and looked at."""

import asyncio
import json
from typing import Any

from tests.house import Person
from tests.target import Target


async def new_hook(owner: Person, channel: int, url: str, **more: Any) -> dict[str, Any]:
    body = {"name": "watcher", "url": url, "events": ["message.posted"], **more}
    made: dict[str, Any] = await owner.post(f"/channels/{channel}/hooks/outgoing", body)
    return made


def facts(target: Target) -> list[dict[str, Any]]:
    return [json.loads(body)["fact"] for _, body in target.heard]


async def state(owner: Person, channel: int) -> dict[str, Any]:
    (found,) = (await owner.get(f"/channels/{channel}/hooks/outgoing"))["items"]
    more = {"disabled": found["disabled_at"] is not None, "failed": found["last_error"] is not None}
    return {**found, **more}


async def until(owner: Person, channel: int, **expected: Any) -> dict[str, Any]:
    """The hook's state once it is this."""
    async with asyncio.timeout(20):
        while True:
            found = await state(owner, channel)
            if {name: found[name] for name in expected} == expected:
                return found
            await asyncio.sleep(0.05)
