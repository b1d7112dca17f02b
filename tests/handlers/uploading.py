"""How the tests upload."""

from typing import Any

import httpx

from tests.house import Person


async def upload(
    who: Person, channel: object, data: bytes = b"hello", name: str = "hello.txt"
) -> httpx.Response:
    """As a form."""
    return await who.call("POST", "/files", files={"file": (name, data)}, data={"channel_id": str(channel)})


async def uploaded(who: Person, channel: int, data: bytes = b"hello", name: str = "hello.txt") -> Any:
    """The file; it must be taken."""
    answer = await upload(who, channel, data, name)
    assert answer.status_code == 201, answer.text
    return answer.json()
