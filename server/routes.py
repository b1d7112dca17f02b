"""Every URL on one page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from handlers import accounts, channels, chat, health, sockets, users
from handlers.door import Door
from handlers.state import State
from server import metrics, reference

API = "/api/v1"

DOORS: tuple[tuple[str, str, Door], ...] = (
    ("POST", "/auth/register", accounts.register),
    ("POST", "/auth/login", accounts.login),
    ("POST", "/auth/refresh", accounts.refresh),
    ("POST", "/auth/logout", accounts.logout),
    ("POST", "/auth/revoke", accounts.revoke),
    ("GET", "/auth/sessions", accounts.list_sessions),
    ("POST", "/auth/invites", accounts.create_invite),
    ("GET", "/auth/invites", accounts.list_invites),
    ("DELETE", "/auth/invites/{invite_id}", accounts.delete_invite),
    ("GET", "/users/me", users.get_me),
    ("PATCH", "/users/me", users.update_me),
    ("GET", "/users", users.list_users),
    ("GET", "/users/{user_id:int}", users.get_user),
    ("PATCH", "/users/{user_id:int}", users.update_user),
    ("DELETE", "/users/{user_id:int}", users.delete_user),
    ("POST", "/channels", channels.create_channel),
    ("GET", "/channels", channels.list_channels),
    ("GET", "/channels/{channel_id:int}", channels.get_channel),
    ("PATCH", "/channels/{channel_id:int}", channels.update_channel),
    ("DELETE", "/channels/{channel_id:int}", channels.delete_channel),
    ("POST", "/channels/{channel_id:int}/join", channels.join_channel),
    ("POST", "/channels/{channel_id:int}/leave", channels.leave_channel),
    ("GET", "/channels/{channel_id:int}/members", channels.list_members),
    ("PUT", "/channels/{channel_id:int}/members/{user_id:int}", channels.put_member),
    ("DELETE", "/channels/{channel_id:int}/members/{user_id:int}", channels.remove_member),
    ("POST", "/channels/{channel_id:int}/read", channels.mark_read),
    ("POST", "/direct", channels.open_direct),
    ("POST", "/channels/{channel_id:int}/messages", chat.post_message),
    ("GET", "/channels/{channel_id:int}/messages", chat.list_messages),
    ("GET", "/channels/{channel_id:int}/messages/{seq:int}", chat.get_message),
    ("GET", "/channels/{channel_id:int}/events", chat.list_events),
)

OTHERS: tuple[BaseRoute, ...] = (
    WebSocketRoute("/ws/system", sockets.system_socket),
    WebSocketRoute("/ws/channels/{channel_id:int}", sockets.channel_socket),
    Route("/health/live", health.live),
    Route("/health/ready", health.ready),
    Route("/health/startup", health.startup),
    Route("/metrics", metrics.show),
    Route("/openapi.json", reference.document),
    Route("/doc", reference.page),
    Route("/doc/style.css", reference.style),
    Route("/", reference.home),
)


class Doorway:
    """One path with a door for each of its methods, so that a wrong method is told all the right ones."""

    def __init__(self) -> None:
        self.doors: dict[str, Door] = {}

    async def enter(self, request: Request[State]) -> Response:
        door = self.doors["GET" if request.method == "HEAD" else request.method]
        request.scope["door"] = door.name
        return await door.answer(request)


def all_routes() -> list[BaseRoute]:
    doorways: dict[str, Doorway] = {}
    for method, path, door in DOORS:
        doorways.setdefault(path, Doorway()).doors[method] = door
    doors = [
        Route(API + path, doorway.enter, methods=list(doorway.doors)) for path, doorway in doorways.items()
    ]
    return [*doors, *OTHERS]
