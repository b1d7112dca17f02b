"""The doors of users."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from models.accounts import Actor, Preferences, UpdateMe, UpdateUser, User, UserQuery
from models.ids import UserId
from models.values import Page


@door({200: User})
async def get_me(request: Request[State], actor: Actor) -> Response:
    """Oneself."""
    return json_response(await request.state["users"].get(actor, actor.user_id))


@door({200: User})
async def update_me(request: Request[State], actor: Actor, body: UpdateMe) -> Response:
    """Change one's display name, status or password; a new password ends one's other sessions."""
    return json_response(await request.state["users"].update_me(actor, body))


@door({200: Preferences})
async def get_preferences(request: Request[State], actor: Actor) -> Response:
    """One's own preferences."""
    return json_response(await request.state["users"].preferences(actor))


@door({200: Preferences})
async def put_preferences(request: Request[State], actor: Actor, body: Preferences) -> Response:
    """Set one's own preferences, all of them."""
    return json_response(await request.state["users"].set_preferences(actor, body))


@door({200: Page[User]})
async def list_users(request: Request[State], actor: Actor, query: UserQuery) -> Response:
    """Everyone, or those whose names contain `q`."""
    return json_response(await request.state["users"].list(actor, query))


@door({200: User})
async def get_user(request: Request[State], actor: Actor) -> Response:
    """One user. A deleted one still has an id and a name to show beside its messages."""
    return json_response(await request.state["users"].get(actor, user_id(request)))


@door({200: User})
async def update_user(request: Request[State], actor: Actor, body: UpdateUser) -> Response:
    """Change a user's role, disable or enable them: their sessions end. Admins only."""
    return json_response(await request.state["users"].update(actor, user_id(request), body))


@door({204: None})
async def delete_user(request: Request[State], actor: Actor) -> Response:
    """Delete a user; their messages stay. Admins only."""
    await request.state["users"].delete(actor, user_id(request))
    return nothing()


def user_id(request: Request[State]) -> UserId:
    return UserId(path_id(request, "user_id"))
