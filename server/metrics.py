"""What /metrics shows, in Prometheus' text format: to this machine, or to whoever has the token."""

import hmac
import ipaddress
from http import HTTPStatus
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from handlers.auth import bearer
from models.errors import Forbidden
from server.engine_metrics import EngineMetrics
from server.parts import Parts

_PROXIED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""A request with one of these was passed on."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One instance's numbers. What the parts count themselves is read when it is asked for."""

    def __init__(self, parts: Parts, token: str | None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double what is shown
        self.token = token
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "chalkline_requests", "Requests by door and status", ["door", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "chalkline_request_seconds", "Time to answer", ["door"], buckets=_SECONDS, registry=self.registry
        )
        self.registry.register(EngineMetrics(parts))

    def count_request(self, door: str, status: int, seconds: float) -> None:
        self._requests.labels(door, str(status)).inc()
        if door != "websocket":
            self._seconds.labels(door).observe(seconds)


async def show(request: Request[Any]) -> Response:
    """GET /metrics"""
    metrics: Metrics = request.state["metrics"]
    if not (_is_loopback(request) or _has_token(request, metrics.token)):
        raise Forbidden("Metrics are for this machine, or with CHALKLINE_METRICS_TOKEN as bearer token.")
    return Response(
        generate_latest(metrics.registry),
        HTTPStatus.OK,
        media_type="text/plain; version=0.0.4; charset=utf-8",
    )


def _is_loopback(request: Request[Any]) -> bool:
    """Not what a proxy on this machine passes on for somebody else."""
    if request.client is None or any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request[Any], token: str | None) -> bool:
    given = bearer(request)
    return token is not None and given is not None and hmac.compare_digest(given.encode(), token.encode())
