"""The one way to addresses that users name: webhooks, commands, previews of links, push services.

Law: what may be reached is decided at the address that is connected to, whatever its name resolved to before: so
neither a name that changes its address nor an odd spelling of one leads inside. There is no proxy, no cookie, no
compression, and an end to everything: time, bytes, redirects.
"""

import errno
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

from models.errors import Invalid

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

    from connections.outside_line import OutsideLine

SECONDS = 5.0
"""For all of a request, redirects included."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Response(NamedTuple):
    """`body` is whole, or the first bytes of it where `is_cut`. `retry_after` is the header as it came."""

    status: int
    kind: str
    body: bytes
    is_cut: bool
    url: str
    retry_after: str = ""


class Outside:
    """An async context manager. `allowed` are networks of one's own that may be reached all the same."""

    def __init__(
        self,
        allowed: Sequence[str] = (),
        seconds: float = SECONDS,
        resolver: "AbstractResolver | None" = None,
    ) -> None:
        self._seconds = seconds
        self._resolver = resolver
        self._allowed = [ipaddress.ip_network(one) for one in allowed]
        self._opened: OutsideLine | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._opened is not None:
            await self._opened.close()

    def demand(self, url: str, field: str = "url", *, securely: bool = False) -> None:
        """Says early what connecting would say, as far as it can be told without asking for a name. Raises Invalid.

        What is called `securely` is called over https; over http only at an address of the allowed networks.
        """
        try:
            parts = urlsplit(url)
            host, _ = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            host, parts = "", urlsplit("")
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise Invalid("This is no address to call.", {field: "Expected http(s)://host/…"})
        if not self._may_name(host):
            raise Invalid("Addresses inside are not called.", {field: "Not an address of the internet"})
        if securely and parts.scheme == "http" and not self._is_own(host):
            raise Invalid("This address is called over https alone.", {field: "Expected https://host/…"})

    def _is_own(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._allowed)

    def _may_name(self, host: str) -> bool:
        try:
            return self.may_reach(ipaddress.ip_address(host.partition("%")[0]))
        except ValueError:
            is_own = host.lower() == "localhost" or host.lower().endswith(".localhost")
            return not is_own or self.may_reach(ipaddress.ip_address("127.0.0.1"))

    def may_reach(self, address: Address) -> bool:
        """Addresses of the internet, and the allowed networks; of one that stands for another, the other."""
        if any(address in network for network in self._allowed):
            return True
        inner = _inner(address)
        if inner is not None:
            return self.may_reach(inner)
        return address.is_global and not address.is_multicast

    def _open(self, found: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that a connection is about to be made to."""
        family, kind, protocol, _, target = found
        if not self.may_reach(ipaddress.ip_address(str(target[0]).partition("%")[0])):
            raise PermissionError(errno.EACCES, "an address inside")
        return socket.socket(family, kind, protocol)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most: int) -> Response:
        """Redirects are not followed. Raises TargetFailed."""
        return await self._line().post(url, body, headers, most)

    async def get(self, url: str, most: int, redirects: int = 3) -> Response:
        """Where a GET leads to, in so many steps. Raises TargetFailed."""
        return await self._line().get(url, most, redirects)

    def _line(self) -> "OutsideLine":
        if self._opened is None:
            from connections.outside_line import OutsideLine  # noqa: PLC0415 - 0.25 s that few starts need

            self._opened = OutsideLine(self._open, self._resolver, self._seconds)
        return self._opened


def _inner(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
