"""The way to OpenAI-compatible endpoints, through the `openai` package: the line, its headers and times are its own,
the events of a stream are decoded here, several of one read at once.

Law: nothing of what a provider says about a failure is passed on, since it may quote the key; and whoever stops reading
closes the connection.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2
import openai
import structlog
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from connections.ai_line import Line
from connections.chat_events import EventReader
from models import wire
from models.ai import Piece, Prompt
from models.errors import AiFailed, AiUnavailable

RETRY_SECONDS = 0.25
LEAST_TRIES = 2
SHUNNED_SECONDS = 30.0
"""An endpoint that failed is the last resort for so long."""

MODELS_SECONDS = 60.0

LAST_BYTES_SECONDS = 0.02
"""Between the end that the API knows and the end of the response."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, until the first token, and between two of them."""

    connect: float = 5.0
    first_token: float = 60.0
    silence: float = 30.0


class Endpoint:
    """One URL and its key."""

    def __init__(self, number: int, url: str, key: str, patience: Patience) -> None:
        self.number = number
        self.shunned_until = 0.0
        timeout = openai.Timeout(
            None, connect=patience.connect, pool=patience.connect, write=patience.silence
        )
        # Redirects would take the key along to wherever they lead.
        self.http = DefaultAsyncHttpxClient(transport=Line(), timeout=timeout, follow_redirects=False)
        self.client = AsyncOpenAI(
            base_url=url, api_key=key, max_retries=0, timeout=timeout, http_client=self.http
        )
        path = f"{str(self.client.base_url).rstrip('/')}/chat/completions"
        headers = {
            name: value
            for name, value in {**self.client.default_headers, **self.client.auth_headers}.items()
            if isinstance(value, str)
        }
        self._bare = self.http.build_request("POST", path, headers=headers)
        del self._bare.headers["Content-Length"]

    async def send(self, body: bytes) -> httpx2.Response:
        """The response to a chat completion once its head is there; its body is still to be read."""
        bare = self._bare
        request = httpx2.Request(
            "POST", bare.url, headers=bare.headers, content=body, extensions=bare.extensions
        )
        response = await self.http.send(request, stream=True)
        response.request = bare  # its own holds the body, for as long as it streams
        return response


class OpenAiProvider:
    """An async context manager. Endpoints are tried in their order, as long as nothing was said."""

    def __init__(self, urls: Sequence[str], keys: Sequence[str], patience: Patience) -> None:
        self._patience = patience
        self._models: list[str] = []
        self._models_until = 0.0
        self.open = 0
        """Responses that are being read, or awaited."""
        self.failovers = 0
        """Times that an endpoint failed before it said anything, and another try was made."""
        self._endpoints = [
            Endpoint(number, url, keys[min(number, len(keys) - 1)] if keys else "none", patience)
            for number, url in enumerate(urls)
        ]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for endpoint in self._endpoints:
            await endpoint.client.close()

    @property
    def is_configured(self) -> bool:
        return bool(self._endpoints)

    async def models(self) -> list[str]:
        """Those of the first endpoint that answers, remembered for a minute. Raises AiFailed, AiUnavailable."""
        if time.monotonic() < self._models_until:
            return self._models
        failure: Exception = AiUnavailable()
        for endpoint in self._in_order():
            try:
                async with asyncio.timeout(self._patience.connect):
                    found = await endpoint.client.models.list()
            except _LOST as error:
                failure = self._failed(endpoint, error)
                continue
            self._models = [model.id for model in found.data]
            self._models_until = time.monotonic() + MODELS_SECONDS
            return self._models
        raise failure

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """The pieces of one answer. Whoever stops before the end closes the generator, and so the connection.

        Raises AiFailed, also after some pieces; AiUnavailable without an endpoint.
        """
        failure: Exception = AiUnavailable()
        order = self._in_order()
        for number in range(max(LEAST_TRIES, len(order)) if order else 0):
            endpoint, has_said = order[number % len(order)], False
            self.failovers += number > 0
            if number >= len(order):
                await asyncio.sleep(RETRY_SECONDS)
            try:
                async with aclosing(self._stream(endpoint, prompt)) as pieces:
                    async for piece in pieces:
                        has_said = True
                        yield piece
                    return
            except AiFailed as fault:
                failure = fault
                endpoint.shunned_until = time.monotonic() + SHUNNED_SECONDS
                if has_said or not fault.may_retry:
                    raise
        raise failure

    def _in_order(self) -> list[Endpoint]:
        now = time.monotonic()
        return sorted(self._endpoints, key=lambda one: (one.shunned_until > now, one.number))

    async def _stream(self, endpoint: Endpoint, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """One try at one endpoint: pieces that say something, until the end that the API knows."""
        deadline = _now() + self._patience.first_token
        self.open += 1
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._ask(endpoint, prompt)
            try:
                async with aclosing(self._pieces(response, deadline)) as pieces:
                    async for piece in pieces:
                        yield piece
            finally:
                await response.aclose()
        except _LOST as error:
            raise self._failed(endpoint, error) from None
        finally:
            self.open -= 1

    async def _pieces(self, response: httpx2.Response, deadline: float) -> AsyncGenerator[Piece, None]:
        if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
            raise AiFailed("The AI provider answered with something that is no stream.")
        reader, reads = EventReader(), response.aiter_bytes()
        while not reader.is_done:
            async with asyncio.timeout_at(deadline):
                data = await anext(reads, b"")
            if not data:
                reader.end()
                return
            piece = reader.feed(data)
            if piece is not None:
                yield piece
                deadline = _now() + self._patience.silence
            if reader.failure is not None:
                raise reader.failure
        # Read to its very end, a connection serves the next ask.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_BYTES_SECONDS):
                await anext(reads, b"")

    async def _ask(self, endpoint: Endpoint, prompt: Prompt) -> httpx2.Response:
        """A response that is good by its status.

        Not `chat.completions.create`, which looks at every field of every message first: 200 of them take it 40 ms. Nor
        `client.post`, which works out URL and headers anew each time: a millisecond.
        """
        body: dict[str, Any] = {
            "model": prompt.model,
            "messages": prompt.messages,
            "max_tokens": prompt.most_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if prompt.tools:
            body["tools"] = prompt.tools
        response = await endpoint.send(wire.encode(body))
        if not response.is_success:
            await response.aclose()
            raise _Refused(response.status_code)
        return response

    def _failed(self, endpoint: Endpoint, error: BaseException) -> AiFailed:
        """What the asker is told, and what the log gets: neither has a word of the provider's."""
        status = getattr(error, "status_code", None)
        log.warning("ai_provider_failed", endpoint=endpoint.number, error=type(error).__name__, status=status)
        if status is not None:
            return AiFailed(_STATUS.get(status, _REFUSED), may_retry=status not in _FINAL)
        if isinstance(error, TimeoutError | httpx2.TimeoutException | openai.APITimeoutError):
            return AiFailed("The AI provider was silent for too long.")
        return AiFailed("The connection to the AI provider was lost.")


def _now() -> float:
    return asyncio.get_running_loop().time()


class _Refused(Exception):
    """By the provider's status alone; what it says of it is not read."""

    def __init__(self, status_code: int) -> None:
        super().__init__(status_code)
        self.status_code = status_code


_LOST = (
    _Refused,
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.StreamError,
    OSError,
)  # reading a body raises the library's own
_REFUSED = "The AI provider refused the request."
_FINAL = {400, 404, 413, 422}
_STATUS = {
    400: "The AI provider did not accept the request: the model may not know tools, or the text is too long for it.",
    401: "The AI provider did not accept this server's key.",
    403: "The AI provider did not accept this server's key.",
    404: "The AI provider does not know this model.",
    429: "The AI provider has too much to do, or this server's quota there is used up.",
    500: "The AI provider failed.",
    502: "The AI provider failed.",
    503: "The AI provider failed.",
}
