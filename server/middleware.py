"""The edge: every request gets an id, every answer its security headers, and no error leaves as a traceback."""

import re
import secrets
import time
from http import HTTPStatus
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from handlers.errors import on_crash, problem
from models.errors import Forbidden

log = structlog.get_logger()

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_NOT_LET_IN = "Pages of this origin are not let in, or not with this method or these headers."
_HSTS = "max-age=31536000"
_CLIENT_LEFT = 499  # as nginx counts it

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Edge:
    """The outermost of our middleware, for requests and sockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = _request_id(scope)
        with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                _add_headers(scope, message)
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except (ClientDisconnect, ClientDisconnected):
            status = status or _CLIENT_LEFT  # within its own body or handshake: nobody is there to be told
        except Exception as error:
            answer = await on_crash(HTTPConnection(scope), error)  # type: ignore[arg-type]
            if status == 0:
                await answer(scope, receive, send_with_headers)
            elif status == 101:
                await send({"type": "websocket.close", "code": 1011})
            else:
                raise  # the answer had begun: cutting it off is all that is left
        finally:
            _count(scope, status, time.perf_counter() - began)


class Cors(CORSMiddleware):
    """Refuses a preflight as every door refuses."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            return answer
        refusal = problem(Forbidden(_NOT_LET_IN), structlog.contextvars.get_contextvars()["request_id"])
        refusal.headers["Vary"] = answer.headers["Vary"]
        return refusal


def _request_id(scope: Scope) -> str:
    """The one a proxy in front gave, if it is harmless in a log, else a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode(
        "latin-1"
    )
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _add_headers(scope: Scope, message: Message) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-ID"] = scope["request_id"]
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["scheme"] in ("https", "wss"):
        headers.setdefault("Strict-Transport-Security", _HSTS)


def _count(scope: Scope, status: int, seconds: float) -> None:
    metrics: Any = scope.get("state", {}).get("metrics")
    door = scope.get("door", scope["type"])
    if metrics is not None:
        metrics.count_request(door, int(status), seconds)
    log.debug("request", door=door, status=int(status), milliseconds=round(seconds * 1000, 1))
