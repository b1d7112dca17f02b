"""What a door is: an endpoint whose signature says what it takes.

`actor: Actor` takes a sign-in, `body: …` a JSON body, `query: …` the parameters of the query. The same signature
makes the OpenAPI document, so the document can't say anything else than the door does.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, get_type_hints

from starlette.requests import Request
from starlette.responses import Response

from handlers.auth import sign_in
from handlers.limits import limit
from handlers.scopes import demand, scope_of
from handlers.state import State
from models import wire
from models.accounts import Actor
from models.audit import ORIGIN
from models.errors import Invalid, NotFound, TooLarge, UnsupportedMediaType
from models.ids import MAX_ID

BODY_BYTES = 256 * 1024

Endpoint = Callable[..., Awaitable[Response]]


class Door:
    """One endpoint. `gives` maps its good statuses to what they hold; None is an empty answer."""

    def __init__(
        self,
        endpoint: Endpoint,
        gives: Mapping[int, Any],
        *,
        may_be_empty: bool,
        may_stream: bool,
        body_bytes: int,
        uploads: Any,
    ) -> None:
        hints = get_type_hints(endpoint)
        self.gives = gives
        self.name = endpoint.__name__
        self.module = endpoint.__module__.rpartition(".")[2]
        self.summary = inspect.getdoc(endpoint) or ""
        self.body: Any = hints.get("body")
        self.query: Any = hints.get("query")
        self.takes_sign_in = hints.get("actor") is Actor
        self.may_be_empty = may_be_empty
        self.body_bytes = body_bytes
        self.may_stream = may_stream
        self.uploads: Any = uploads
        self._endpoint = endpoint

    async def answer(self, request: Request[State]) -> Response:
        """The door as Starlette's routes call it."""
        given: dict[str, Any] = {}
        if self.takes_sign_in:
            given["actor"] = await sign_in(request)
            demand(given["actor"], scope_of(self.module, self.name, request.method))
            ORIGIN.set(given["actor"].address)
        await limit(request, self.name, given.get("actor"))
        if self.query is not None:
            given["query"] = wire.convert(_parameters(request), self.query)
        if self.body is not None:
            given["body"] = wire.decode(await self._read(request), self.body)
        return await self._endpoint(request, **given)

    async def _read(self, request: Request[State]) -> bytes:
        """The body, within its bound: raises TooLarge before more than that is in memory."""
        body = await read_body(request, self.body_bytes)
        if not body and self.may_be_empty:
            return b"{}"
        kind = request.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnsupportedMediaType("A body is application/json.")
        return body


async def read_body(request: Request[State], most: int) -> bytes:
    """Raises TooLarge before more than that is in memory."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"A body is at most {most // 1024} KiB.")
        parts.append(part)
    return b"".join(parts)


def door(
    gives: Mapping[int, Any],
    *,
    may_be_empty: bool = False,
    may_stream: bool = False,
    body_bytes: int = BODY_BYTES,
    uploads: Any = None,
) -> Callable[[Endpoint], Door]:
    """Makes a door of an endpoint; with `may_be_empty` a request without a body counts as one with `{}`.

    With `may_stream` a good answer may also be `text/event-stream`. One that `uploads` reads its body itself, as a
    file; the type is that of its query where the body is nothing else.
    """
    return lambda endpoint: Door(
        endpoint,
        gives,
        may_be_empty=may_be_empty,
        may_stream=may_stream,
        body_bytes=body_bytes,
        uploads=uploads,
    )


def _parameters(request: Request[State]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in parameters:
            raise Invalid("A parameter may be given once.", {name: "Given more than once"})
        parameters[name] = value
    return parameters


def path_id(request: Request[State], name: str) -> int:
    """An id of the path; raises NotFound for what can't be one."""
    value = int(request.path_params[name])
    if not 0 < value <= MAX_ID:
        raise NotFound
    return value


def json_response(value: object, status: int = HTTPStatus.OK) -> Response:
    return Response(wire.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


def nothing() -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT)
