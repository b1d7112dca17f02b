"""Every URL on one page."""

from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from handlers import (
    accounts,
    audit,
    channels,
    chat,
    health,
    messages,
    presence,
    search,
    sockets,
    threads,
    users,
)
from handlers.door import Door
from handlers.state import State
from models.errors import NotFound
from server import metrics, reference

API = "/api/v1"


class IdConvertor(Convertor[int]):
    """At most 16 digits, which every id has: Starlette's own `int` fails at what Python refuses to count."""

    regex = "[1-9][0-9]{0,15}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class WordConvertor(Convertor[str]):
    """The ids that are strings."""

    regex = "[A-Za-z0-9_-]{1,64}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class EmojiConvertor(WordConvertor):
    """A few characters; whether they are an emoji is asked later, so that one which isn't is told so."""

    regex = "[^/]{1,32}"


register_url_convertor("id", IdConvertor())
register_url_convertor("emoji", EmojiConvertor())
register_url_convertor("word", WordConvertor())


async def no_such_socket(_: WebSocket[Any]) -> None:
    """Any other path: the same answer as over HTTP."""
    raise NotFound


DOORS: tuple[tuple[str, str, Door], ...] = (
    ("POST", "/auth/register", accounts.register),
    ("POST", "/auth/login", accounts.login),
    ("POST", "/auth/refresh", accounts.refresh),
    ("POST", "/auth/logout", accounts.logout),
    ("POST", "/auth/revoke", accounts.revoke),
    ("GET", "/auth/sessions", accounts.list_sessions),
    ("POST", "/auth/invites", accounts.create_invite),
    ("GET", "/auth/invites", accounts.list_invites),
    ("DELETE", "/auth/invites/{invite_id:word}", accounts.delete_invite),
    ("GET", "/users/me", users.get_me),
    ("PATCH", "/users/me", users.update_me),
    ("GET", "/users/me/preferences", users.get_preferences),
    ("PUT", "/users/me/preferences", users.put_preferences),
    ("GET", "/users", users.list_users),
    ("GET", "/users/{user_id:id}", users.get_user),
    ("PATCH", "/users/{user_id:id}", users.update_user),
    ("DELETE", "/users/{user_id:id}", users.delete_user),
    ("POST", "/channels", channels.create_channel),
    ("GET", "/channels", channels.list_channels),
    ("GET", "/channels/{channel_id:id}", channels.get_channel),
    ("PATCH", "/channels/{channel_id:id}", channels.update_channel),
    ("DELETE", "/channels/{channel_id:id}", channels.delete_channel),
    ("POST", "/channels/{channel_id:id}/join", channels.join_channel),
    ("POST", "/channels/{channel_id:id}/leave", channels.leave_channel),
    ("GET", "/channels/{channel_id:id}/members", channels.list_members),
    ("PUT", "/channels/{channel_id:id}/members/{user_id:id}", channels.put_member),
    ("DELETE", "/channels/{channel_id:id}/members/{user_id:id}", channels.remove_member),
    ("POST", "/channels/{channel_id:id}/read", channels.mark_read),
    ("PATCH", "/channels/{channel_id:id}/membership", channels.update_membership),
    ("POST", "/direct", channels.open_direct),
    ("POST", "/channels/{channel_id:id}/messages", chat.post_message),
    ("GET", "/channels/{channel_id:id}/messages", chat.list_messages),
    ("GET", "/channels/{channel_id:id}/messages/{seq:id}", chat.get_message),
    ("PATCH", "/channels/{channel_id:id}/messages/{seq:id}", messages.edit_message),
    ("DELETE", "/channels/{channel_id:id}/messages/{seq:id}", messages.delete_message),
    ("GET", "/channels/{channel_id:id}/messages/{seq:id}/versions", messages.list_versions),
    ("PUT", "/channels/{channel_id:id}/messages/{seq:id}/reactions/{emoji:emoji}", messages.add_reaction),
    (
        "DELETE",
        "/channels/{channel_id:id}/messages/{seq:id}/reactions/{emoji:emoji}",
        messages.remove_reaction,
    ),
    ("PUT", "/channels/{channel_id:id}/messages/{seq:id}/pin", messages.pin_message),
    ("DELETE", "/channels/{channel_id:id}/messages/{seq:id}/pin", messages.unpin_message),
    ("GET", "/channels/{channel_id:id}/threads/{seq:id}", threads.get_thread),
    ("PUT", "/channels/{channel_id:id}/threads/{seq:id}/follow", threads.follow_thread),
    ("DELETE", "/channels/{channel_id:id}/threads/{seq:id}/follow", threads.unfollow_thread),
    ("GET", "/threads", threads.list_threads),
    ("GET", "/audit", audit.list_audit),
    ("GET", "/search", search.search),
    ("GET", "/channels/{channel_id:id}/pins", messages.list_pinned),
    ("GET", "/channels/{channel_id:id}/events", chat.list_events),
    ("GET", "/channels/{channel_id:id}/presence", presence.list_present),
)

OTHERS: tuple[BaseRoute, ...] = (
    WebSocketRoute("/ws/system", sockets.system_socket),
    WebSocketRoute("/ws/channels/{channel_id:id}", sockets.channel_socket),
    WebSocketRoute("/{path:path}", no_such_socket),
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
