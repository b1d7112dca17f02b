"""The doors of signing in and out."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.auth import REFRESH_COOKIE, cookie, forget, keep
from handlers.door import door, json_response, nothing
from handlers.limits import after_wrong_password, before_password
from handlers.state import State
from models.accounts import (
    Actor,
    CreateInvite,
    Invite,
    Login,
    Refresh,
    Register,
    Revoke,
    Session,
    SessionInfo,
)
from models.errors import Unauthenticated
from models.values import Page
from services.tokens import SIGN_IN


@door({201: Session})
async def register(request: Request[State], body: Register) -> Response:
    """Make an account and sign in. The first user of an instance becomes its admin."""
    session = await request.state["accounts"].register(body, _user_agent(request))
    return keep(json_response(session, HTTPStatus.CREATED), request, session)


@door({200: Session})
async def login(request: Request[State], body: Login) -> Response:
    """Sign in with username and password."""
    await before_password(request, body.username)
    try:
        session = await request.state["accounts"].login(body, _user_agent(request))
    except Unauthenticated:
        await after_wrong_password(request, body.username)
        raise
    return keep(json_response(session), request, session)


@door({200: Session}, may_be_empty=True)
async def refresh(request: Request[State], body: Refresh) -> Response:
    """Exchange a refresh token for new tokens. Each opens once: one that comes again ends the session."""
    token = body.refresh_token or cookie(request, REFRESH_COOKIE)
    if token is None:
        raise Unauthenticated(SIGN_IN)
    session = await request.state["accounts"].refresh(token, _user_agent(request))
    return keep(json_response(session), request, session)


@door({204: None})
async def logout(request: Request[State], actor: Actor) -> Response:
    """End this session: its tokens die and its sockets close."""
    await request.state["accounts"].logout(actor)
    return forget(nothing())


@door({204: None}, may_be_empty=True)
async def revoke(request: Request[State], actor: Actor, body: Revoke) -> Response:
    """End one of one's own sessions, or all; where the body says neither, this one."""
    if body.all:
        await request.state["accounts"].revoke_all(actor)
    else:
        await request.state["accounts"].revoke(actor, body.session_id or actor.session_id)
    return nothing()


@door({200: Page[SessionInfo]})
async def list_sessions(request: Request[State], actor: Actor) -> Response:
    """Where one is signed in: the newest 200."""
    return json_response(Page(await request.state["accounts"].sessions(actor)))


@door({201: Invite}, may_be_empty=True)
async def create_invite(request: Request[State], actor: Actor, body: CreateInvite) -> Response:
    """Make an invitation to register. Admins only; its code is shown this once."""
    return json_response(await request.state["accounts"].invite(actor, body), HTTPStatus.CREATED)


@door({200: Page[Invite]})
async def list_invites(request: Request[State], actor: Actor) -> Response:
    """The invitations that can still be used. Admins only."""
    return json_response(Page(await request.state["accounts"].invites(actor)))


@door({204: None})
async def delete_invite(request: Request[State], actor: Actor) -> Response:
    """Take an invitation back. Admins only."""
    await request.state["accounts"].take_back_invite(actor, request.path_params["invite_id"])
    return nothing()


def _user_agent(request: Request[State]) -> str:
    return request.headers.get("User-Agent", "").replace("\x00", "")
