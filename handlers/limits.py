"""How often each door may be used: by a user, or by an address where nobody is signed in yet."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection, Request

from models.accounts import Actor
from models.text import name_key

READS, WRITES = 6000, 1200
"""A minute, of one user, over all doors that only read, or that change something."""

OF_USER: Mapping[str, int] = {"search": 120, "create_channel": 120, "open_direct": 120, "create_invite": 60}
"""A minute, of one user, at this door."""

OF_ADDRESS: Mapping[str, int] = {
    "register": 120,
    "login": 240,
    "refresh": 600,
    "follow_link": 240,
    "receive_hook": 1200,
}
"""A minute, of one address, at this door."""

FAILURES = 10
"""Wrong passwords a minute for one name from one address. After that the right one is refused too, for a while."""


async def limit(request: Request[Any], door: str, actor: Actor | None) -> None:
    """Raises RateLimited."""
    if actor is None:
        await limit_address(request, door)
        return
    limits = request.state["limits"]
    user = str(actor.user_id)
    if door in OF_USER:
        await limits.take(OF_USER[door], door, user)
    elif request.method in ("GET", "HEAD"):
        await limits.take(READS, "reads", user)
    else:
        await limits.take(WRITES, "writes", user)


async def limit_address(connection: HTTPConnection[Any], door: str) -> None:
    """For who isn't signed in. Raises RateLimited."""
    if door in OF_ADDRESS:
        await connection.state["limits"].take(OF_ADDRESS[door], door, _address(connection))


async def before_password(request: Request[Any], username: str) -> None:
    """Raises RateLimited after too many wrong ones, whether the name exists or not."""
    await request.state["limits"].check(FAILURES, "failures", name_key(username), _address(request))


async def after_wrong_password(request: Request[Any], username: str) -> None:
    await request.state["limits"].take(FAILURES, "failures", name_key(username), _address(request))


def _address(request: HTTPConnection[Any]) -> str:
    """Of IPv6 the network that one customer gets."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host or "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
