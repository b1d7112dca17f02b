"""The Starlette app: routes, the edge around them, and the parts for as long as it runs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from handlers.drain import drain
from handlers.errors import on_fault, on_http_error
from models.errors import Fault
from server.database_door import PATIENCE_SECONDS
from server.metrics import Metrics
from server.middleware import Cors, Edge
from server.parts import Parts, open_parts
from server.routes import all_routes
from server.settings import Settings


def create_app(settings: Settings, *, database_url: str, redis_url: str | None = None) -> Starlette:
    """The parts open with the app's lifespan; `app.state.drain` is set while they are open."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        async with open_parts(settings, database_url, redis_url, PATIENCE_SECONDS) as parts:
            metrics = Metrics(parts, settings.metrics_token)
            app.state.drain = partial(drain, parts.manager, parts.health, parts.ai.service)
            yield {
                **_services(parts),
                "name": settings.name,
                "version": version("chalkline"),
                "allowed_origins": frozenset(settings.allowed_origins),
                "limits_rates": settings.rate_limits,
                "max_sockets": settings.max_sockets_per_user,
                "metrics": metrics,
            }

    app = Starlette(
        routes=all_routes(),
        middleware=[Middleware(Edge), *_cors(settings)],
        exception_handlers={Fault: on_fault, HTTPException: on_http_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # to a host that the client names
    return app


def _services(parts: Parts) -> Mapping[str, Any]:
    return {
        "accounts": parts.accounts,
        "users": parts.users,
        "bots": parts.integrations.bots,
        "hooks": parts.integrations.hooks,
        "commands": parts.integrations.commands,
        "outgoing_hooks": parts.integrations.outgoing_hooks,
        "channels": parts.channels,
        "members": parts.members,
        "chat": parts.chat,
        "messages": parts.more.messages,
        "threads": parts.more.threads,
        "search": parts.more.search,
        "audit": parts.more.audit,
        "moderation": parts.more.moderation,
        "files": parts.files.service,
        "presence": parts.presence,
        "push": parts.push.service,
        "sketches": parts.sketches.service,
        "sketch_comments": parts.sketches.comments,
        "rooms": parts.sketches.rooms,
        "painter": parts.sketches.painter,
        "ai": parts.ai.service,
        "ai_views": parts.ai.views,
        "ai_undo": parts.ai.undo,
        "conversations": parts.ai.conversations,
        "health": parts.health,
        "manager": parts.manager,
        "epoch": parts.epoch,
        "limits": parts.limits,
    }


def _cors(settings: Settings) -> list[Middleware]:
    """Only origins that were named may read answers; one's own needs no naming."""
    if not settings.allowed_origins:
        return []
    return [
        Middleware(
            Cors,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Last-Event-ID",
                "Range",
                "If-Range",
                "If-None-Match",
            ],
            expose_headers=["Retry-After", "X-Request-ID", "ETag", "Content-Range", "Content-Disposition"],
            allow_credentials=True,
            max_age=3600,
        )
    ]
