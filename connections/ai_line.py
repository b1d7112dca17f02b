"""The HTTP line to providers of AI: aiohttp below the `openai` package's client, and nothing is read between two reads.

What comes while nobody reads gathers in the kernel. A provider sends each word by itself, and of three hundred streams
every word would wake the loop; so a stream is woken only by whoever wants it.
"""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import aiohttp
import httpx2

_ERRORS: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.ClientPayloadError, httpx2.ReadError),
    (aiohttp.ClientError, httpx2.RemoteProtocolError),
)


class Line(httpx2.AsyncBaseTransport):
    """An async context manager, as the client that it is given to enters and closes it."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._certificates = httpx2.create_ssl_context(trust_env=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ssl=self._certificates)
            self._session = aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=True,
            )
        times = request.extensions.get("timeout", {})
        try:
            answer = await self._session.request(
                request.method,
                str(request.url),
                headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    connect=times.get("pool"), sock_connect=times.get("connect"), sock_read=times.get("read")
                ),
            )
        except aiohttp.ClientError as error:
            raise _told(error) from error
        return httpx2.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


class _Body(httpx2.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self._answer.content
        try:
            while True:
                self._rest(is_over=True)
                data = await content.readany()
                if not data:
                    return
                self._rest(is_over=False)
                yield data
        except aiohttp.ClientError as error:
            raise _told(error) from error

    def _rest(self, *, is_over: bool) -> None:
        """Takes nothing from the socket until the next read.

        Not by aiohttp's own pause, which also stops its parser: that keeps what it has until the read after next.
        """
        connection = self._answer.connection
        if connection is None or connection.transport is None:
            return
        if is_over:
            connection.transport.resume_reading()
        elif not self._answer.content.at_eof():
            connection.transport.pause_reading()

    async def aclose(self) -> None:
        self._answer.release()  # whole, its connection serves the next ask; else it is closed


def _told(error: Exception) -> httpx2.TransportError:
    """As httpx2 calls it; without a word of the other side's."""
    kind = next(known for ours, known in _ERRORS if isinstance(error, ours))
    return kind(type(error).__name__)
