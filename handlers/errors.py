"""The one table from error codes to HTTP statuses, and how an error looks on the wire (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from models import wire
from models.errors import BadRange, Fault, Invalid, NotFound

log = structlog.get_logger()

STATUS: Mapping[str, HTTPStatus] = {
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "wrong_password": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "conflict": HTTPStatus.CONFLICT,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "quota_exceeded": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "bad_range": HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
    "target_failed": HTTPStatus.BAD_GATEWAY,
    "ai_failed": HTTPStatus.BAD_GATEWAY,
    "ai_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}

_WORDS: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: NotFound().detail,
    HTTPStatus.METHOD_NOT_ALLOWED: "This is not done here: the Allow header says what is.",
}

_CODE = {
    int(status): code for code, status in STATUS.items() if code not in ("wrong_password", "quota_exceeded")
}


class Problem(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An error as `application/problem+json`; `fields` says what is wrong with which."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    fields: dict[str, str] | None = None


def problem(fault: Fault, request_id: str) -> Response:
    status = STATUS[fault.code]
    body = Problem(
        type=f"urn:chalkline:error:{fault.code}",
        title=status.phrase,
        status=status,
        detail=fault.detail,
        code=fault.code,
        request_id=request_id,
        fields=fault.fields or None if isinstance(fault, Invalid) else None,
    )
    headers = {"Cache-Control": "no-store"}
    retry_after = getattr(fault, "retry_after", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if isinstance(fault, BadRange):
        headers["Content-Range"] = f"bytes */{fault.size}"
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(wire.encode(body), status, headers, "application/problem+json")


async def on_fault(connection: Request[Any] | WebSocket[Any], error: Exception) -> Response:
    """What a rule raised; before a socket is accepted, its handshake gets the same answer."""
    assert isinstance(error, Fault)
    return problem(error, request_id(connection))


async def on_http_error(connection: Request[Any] | WebSocket[Any], error: Exception) -> Response:
    """What Starlette raised: no such path, no such method."""
    assert isinstance(error, HTTPException)
    fault = Fault(_WORDS.get(error.status_code, str(error.detail)))
    fault.code = _CODE.get(error.status_code, "internal")
    answer = problem(fault, request_id(connection))
    answer.status_code = error.status_code
    answer.headers.update(error.headers or {})
    return answer


async def on_crash(connection: Request[Any] | WebSocket[Any], error: Exception) -> Response:
    """What nobody foresaw: logged once, here, and told without a word about its inside."""
    log.error("request_failed", exc_info=error)
    return problem(Fault("Something went wrong here."), request_id(connection))


def request_id(connection: Request[Any] | WebSocket[Any]) -> str:
    return str(connection.scope.get("request_id", ""))
