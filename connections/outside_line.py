"""The HTTP client below `connections.outside`, which decides what it may reach: imported when it is first used."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

from connections.outside import Response
from models.errors import TargetFailed

_REDIRECTS = {301, 302, 303, 307, 308}
_AGENT = "Chalkline"


class OutsideLine:
    """To be closed. `open_` makes the socket for an address, or raises PermissionError."""

    def __init__(
        self,
        open_: Callable[[tuple[Any, ...]], socket.socket],
        resolver: AbstractResolver | None,
        seconds: float,
    ) -> None:
        self._seconds = seconds
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=open_, resolver=resolver, use_dns_cache=False, force_close=True, limit=64
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=seconds),
            auto_decompress=False,
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most: int) -> Response:
        """Redirects are not followed."""
        return await self._ask("POST", url, most, data=body, headers=dict(headers))

    async def get(self, url: str, most: int, redirects: int) -> Response:
        async with _one_fault(self._seconds):
            for _ in range(redirects + 1):
                response = await self._ask("GET", url, most)
                if response.status not in _REDIRECTS:
                    return response
                url = response.url
        raise TargetFailed("It redirects too often.")

    async def _ask(self, method: str, url: str, most: int, **more: Any) -> Response:
        async with (
            _one_fault(self._seconds),
            self._session.request(method, url, allow_redirects=False, **more) as answer,
        ):
            body = await _read(answer.content, most + 1)
            place = str(answer.url)
            if answer.status in _REDIRECTS:
                place = urljoin(place, answer.headers.get("Location", ""))
                if urlsplit(place).scheme not in ("http", "https"):
                    raise TargetFailed("It redirects to something else than http(s).")
            kind = answer.headers.get("Content-Type", "")
            wait = answer.headers.get("Retry-After", "")
            return Response(answer.status, kind, body[:most], len(body) > most, place, wait)


@asynccontextmanager
async def _one_fault(seconds: float) -> AsyncIterator[None]:
    """What aiohttp raises, as the one fault that says no more than its kind; and the time for all."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise TargetFailed("It took too long.") from None
    except (OSError, aiohttp.ClientError, ValueError) as error:
        raise TargetFailed(_why(error)) from None


def _why(error: BaseException) -> str:
    inside = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if "an address inside" in str(inside):
        return "It is an address inside, which is not called."
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "There is no such host."
    if isinstance(error, aiohttp.ClientSSLError):
        return "Its certificate is not trusted."
    if isinstance(error, OSError):
        return "It can't be connected to."
    return "It doesn't speak HTTP as it should."


async def _read(stream: aiohttp.StreamReader, most: int) -> bytes:
    parts, size = [], 0
    while size < most and (part := await stream.read(min(65_536, most - size))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
