"""POST /hooks/{secret}: where programs post that can talk to Slack. Its answers are Slack's, in plain text.

The secret is in the path, as Slack has it, so nothing here may log a path.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from handlers.door import BODY_BYTES, read_body
from handlers.limits import limit
from handlers.state import State
from models import wire
from models.errors import Fault, Invalid, TooLarge

log = structlog.get_logger()

_WORDS: Mapping[str, tuple[HTTPStatus, str]] = {
    "invalid": (HTTPStatus.BAD_REQUEST, "no_text"),
    "not_found": (HTTPStatus.NOT_FOUND, "no_service"),
    "conflict": (HTTPStatus.GONE, "channel_is_archived"),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "msg_too_long"),
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, "rate_limited"),
    "unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "service_unavailable"),
}
"""A fault's code -> status and word as Slack answers them."""


async def receive_hook(request: Request[State]) -> Response:
    """`ok`, or why not, each as one word of text."""
    request.scope["door"] = "receive_hook"
    try:
        await limit(request, "receive_hook", None)
        payload = _payload(await read_body(request, BODY_BYTES))
    except Invalid:
        return PlainTextResponse("invalid_payload", HTTPStatus.BAD_REQUEST)
    except TooLarge as fault:
        return _refusal(fault)
    try:
        message = await request.state["hooks"].receive(request.path_params["secret"], payload)
    except Fault as fault:
        return _refusal(fault)
    log.debug("hook_received", channel_id=message.channel_id, seq=message.seq)
    return PlainTextResponse("ok")


def _refusal(fault: Fault) -> Response:
    status, word = _WORDS.get(fault.code, (HTTPStatus.INTERNAL_SERVER_ERROR, "rollup_error"))
    retry_after = getattr(fault, "retry_after", None)
    return PlainTextResponse(word, status, {"Retry-After": str(retry_after)} if retry_after else None)


def _payload(body: bytes) -> dict[str, Any]:
    """JSON, or a form whose field `payload` is JSON, whatever the type says: scripts often name the wrong one.

    Raises Invalid.
    """
    said = body.strip()
    if not said.startswith(b"{"):
        said = _of_form(said)
    payload: dict[str, Any] = wire.decode(said, dict[str, Any])
    return payload


def _of_form(body: bytes) -> bytes:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=100, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Invalid("This is no form.") from None
    return fields.get("payload", [""])[0].encode()
