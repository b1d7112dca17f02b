"""Is it alive, may it have traffic, has it started: for orchestrators and load balancers."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import json_response
from handlers.state import State


async def live(_: Request[State]) -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


async def startup(_: Request[State]) -> Response:
    """Doors open only after the start, so an answer means it is over."""
    return json_response({"status": "ok"})


async def ready(request: Request[State]) -> Response:
    """It can do its work now: the database answers and nobody drains it."""
    checks = await request.state["health"].report()
    is_ready = all(value == "ok" for value in checks.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return json_response({"status": "ok" if is_ready else "unavailable", "checks": checks}, status)
