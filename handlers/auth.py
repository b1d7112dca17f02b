"""From a request or a handshake to the actor: by header, by subprotocol, or by cookie.

A browser sends cookies by itself, also for a page of somebody else's. So the cookie counts only where the request
comes from an origin that is let in, and the cookie is SameSite=Strict beside that.
"""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from handlers.state import State
from models import wire
from models.accounts import Actor, Session
from models.errors import Forbidden, Unauthenticated
from services.bots import PREFIX as BOT_TOKEN
from services.tokens import ACCESS_SECONDS, REFRESH_SECONDS, SIGN_IN

ACCESS_COOKIE = "chalkline_access"
REFRESH_COOKIE = "chalkline_refresh"
REFRESH_PATH = "/api/v1/auth"

SUBPROTOCOL = "chalkline.v1"
_BEARER_PROTOCOL = "bearer."
_SAFE = frozenset(("GET", "HEAD"))
_BY_ITSELF = frozenset(("same-origin", "none"))
"""Our own page, or the user alone, who typed the address or chose it from the bookmarks."""


async def sign_in(connection: HTTPConnection[State]) -> Actor:
    """Raises Unauthenticated, or Forbidden for a cookie from an origin that isn't let in."""
    token = bearer(connection) or cookie(connection, ACCESS_COOKIE)
    if token is None:
        raise Unauthenticated(SIGN_IN)
    actor = await actor_of(connection.state, token)
    return wire.replace(actor, address=connection.client.host if connection.client else None)


async def actor_of(state: State, token: str) -> Actor:
    """Who holds the token, a person or a bot. Raises Unauthenticated."""
    return await state["bots" if token.startswith(BOT_TOKEN) else "accounts"].actor(token)


def cookie(connection: HTTPConnection[State], name: str) -> str | None:
    """Raises Forbidden where the cookie comes from an origin that isn't let in."""
    if name in connection.cookies and not is_from_allowed_origin(connection):
        raise Forbidden("This origin is not let in.")
    return connection.cookies.get(name)


def bearer(connection: HTTPConnection[Any]) -> str | None:
    """The token of the Authorization header, or of the subprotocol list, which browsers' sockets can set."""
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    for protocol in connection.scope.get("subprotocols", ()):
        if protocol.startswith(_BEARER_PROTOCOL):
            return str(protocol.removeprefix(_BEARER_PROTOCOL))
    return None


def is_from_allowed_origin(connection: HTTPConnection[State]) -> bool:
    """A same-origin GET has no Origin header; Sec-Fetch-Site, which pages can't forge, tells then.

    Over plain http browsers leave that out too, so there a safe method needs neither: it changes nothing, the cookie
    comes from the same site only (SameSite), and what is answered can't be read or embedded by another origin (no
    CORS, nosniff, Cross-Origin-Resource-Policy). Whatever isn't safe has an Origin in every browser, and sockets too.
    """
    origin = connection.headers.get("Origin")
    if origin is None:
        is_safe = connection.scope["type"] == "http" and connection.scope["method"] in _SAFE
        return is_safe and connection.headers.get("Sec-Fetch-Site", "none") in _BY_ITSELF
    return origin in connection.state["allowed_origins"] or _is_same(origin, connection)


def _is_same(origin: str, connection: HTTPConnection[Any]) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    scheme = {"ws": "http", "wss": "https"}.get(connection.scope["scheme"], connection.scope["scheme"])
    return parts.scheme == scheme and parts.netloc == connection.headers.get("Host")


def keep(response: Response, connection: HTTPConnection[State], session: Session) -> Response:
    """Gives a page of an allowed origin its session as cookies that no script can read."""
    if connection.headers.get("Origin") and is_from_allowed_origin(connection):
        secure = connection.url.scheme == "https"
        flags: dict[str, Any] = {"httponly": True, "samesite": "strict", "secure": secure}
        response.set_cookie(ACCESS_COOKIE, session.access_token, ACCESS_SECONDS, **flags)
        response.set_cookie(
            REFRESH_COOKIE, session.refresh_token, REFRESH_SECONDS, path=REFRESH_PATH, **flags
        )
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(ACCESS_COOKIE, httponly=True, samesite="strict")
    response.delete_cookie(REFRESH_COOKIE, REFRESH_PATH, httponly=True, samesite="strict")
    return response
