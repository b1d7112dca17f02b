"""Every URL on one page."""

from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from handlers import (
    accounts,
    ai,
    audit,
    bots,
    channels,
    chat,
    commands,
    files,
    health,
    hook_in,
    hooks,
    instance,
    messages,
    moderation,
    presence,
    push,
    search,
    sketch_comments,
    sketch_files,
    sketch_sockets,
    sketches,
    sockets,
    threads,
    users,
)
from handlers.door import Door
from handlers.state import State
from models.errors import NotFound
from server import metrics, reference
from server.page import BUILT, Page

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
    ("GET", "/instance", instance.get_instance),
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
    ("POST", "/push/subscriptions", push.create_push_subscription),
    ("GET", "/push/subscriptions", push.list_push_subscriptions),
    ("DELETE", "/push/subscriptions/{subscription_id:word}", push.delete_push_subscription),
    ("GET", "/users", users.list_users),
    ("GET", "/users/{user_id:id}", users.get_user),
    ("PATCH", "/users/{user_id:id}", users.update_user),
    ("DELETE", "/users/{user_id:id}", users.delete_user),
    ("GET", "/commands", commands.list_commands),
    ("POST", "/commands", commands.create_command),
    ("PATCH", "/commands/{command_id:id}", commands.update_command),
    ("DELETE", "/commands/{command_id:id}", commands.delete_command),
    ("POST", "/channels/{channel_id:id}/commands", commands.run_command),
    ("POST", "/bots", bots.create_bot),
    ("GET", "/bots", bots.list_bots),
    ("POST", "/bots/{user_id:id}/tokens", bots.create_bot_token),
    ("GET", "/bots/{user_id:id}/tokens", bots.list_bot_tokens),
    ("DELETE", "/bots/{user_id:id}/tokens/{token_id:word}", bots.revoke_bot_token),
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
    ("GET", "/reports", moderation.list_all_reports),
    ("GET", "/bans", moderation.list_banned_users),
    ("PUT", "/users/{user_id:id}/ban", moderation.ban_user),
    ("DELETE", "/users/{user_id:id}/ban", moderation.unban_user),
    ("GET", "/channels/{channel_id:id}/bans", moderation.list_bans),
    ("PUT", "/channels/{channel_id:id}/bans/{user_id:id}", moderation.ban_member),
    ("DELETE", "/channels/{channel_id:id}/bans/{user_id:id}", moderation.unban_member),
    ("GET", "/channels/{channel_id:id}/mutes", moderation.list_mutes),
    ("PUT", "/channels/{channel_id:id}/mutes/{user_id:id}", moderation.mute_member),
    ("DELETE", "/channels/{channel_id:id}/mutes/{user_id:id}", moderation.unmute_member),
    ("PUT", "/channels/{channel_id:id}/messages/{seq:id}/hidden", moderation.hide_message),
    ("DELETE", "/channels/{channel_id:id}/messages/{seq:id}/hidden", moderation.show_message),
    ("POST", "/channels/{channel_id:id}/messages/{seq:id}/report", moderation.report_message),
    ("GET", "/channels/{channel_id:id}/reports", moderation.list_reports),
    ("PATCH", "/channels/{channel_id:id}/reports/{report_id:id}", moderation.resolve_report),
    ("GET", "/search", search.search),
    ("GET", "/channels/{channel_id:id}/pins", messages.list_pinned),
    ("GET", "/channels/{channel_id:id}/events", chat.list_events),
    ("GET", "/channels/{channel_id:id}/presence", presence.list_present),
    ("POST", "/channels/{channel_id:id}/hooks/incoming", hooks.create_incoming_hook),
    ("GET", "/channels/{channel_id:id}/hooks/incoming", hooks.list_incoming_hooks),
    ("PATCH", "/channels/{channel_id:id}/hooks/incoming/{hook_id:id}", hooks.update_incoming_hook),
    ("DELETE", "/channels/{channel_id:id}/hooks/incoming/{hook_id:id}", hooks.delete_incoming_hook),
    ("POST", "/channels/{channel_id:id}/hooks/incoming/{hook_id:id}/rotate", hooks.rotate_incoming_hook),
    ("POST", "/channels/{channel_id:id}/hooks/outgoing", hooks.create_outgoing_hook),
    ("GET", "/channels/{channel_id:id}/hooks/outgoing", hooks.list_outgoing_hooks),
    ("PATCH", "/channels/{channel_id:id}/hooks/outgoing/{hook_id:id}", hooks.update_outgoing_hook),
    ("DELETE", "/channels/{channel_id:id}/hooks/outgoing/{hook_id:id}", hooks.delete_outgoing_hook),
    ("GET", "/channels/{channel_id:id}/hooks/outgoing/{hook_id:id}/dead", hooks.list_dead_letters),
    (
        "DELETE",
        "/channels/{channel_id:id}/hooks/outgoing/{hook_id:id}/dead/{seq:id}",
        hooks.discard_dead_letter,
    ),
    (
        "POST",
        "/channels/{channel_id:id}/hooks/outgoing/{hook_id:id}/dead/{seq:id}/redeliver",
        hooks.redeliver_dead_letter,
    ),
    ("POST", "/channels/{channel_id:id}/sketches", sketches.create_sketch),
    ("GET", "/channels/{channel_id:id}/sketches", sketches.list_sketches),
    ("GET", "/channels/{channel_id:id}/sketches/settings", sketches.get_sketch_settings),
    ("PUT", "/channels/{channel_id:id}/sketches/settings", sketches.put_sketch_settings),
    ("GET", "/sketches/{sketch_id:id}", sketches.get_sketch),
    ("PATCH", "/sketches/{sketch_id:id}", sketches.update_sketch),
    ("DELETE", "/sketches/{sketch_id:id}", sketches.delete_sketch),
    ("GET", "/sketches/{sketch_id:id}/state", sketches.get_sketch_state),
    ("POST", "/sketches/{sketch_id:id}/elements", sketches.draw_elements),
    ("GET", "/sketches/{sketch_id:id}/versions", sketches.list_sketch_versions),
    ("POST", "/sketches/{sketch_id:id}/versions", sketches.create_sketch_version),
    ("POST", "/sketches/{sketch_id:id}/versions/{version:id}/restore", sketches.restore_sketch_version),
    ("GET", "/sketches/{sketch_id:id}/versions/{version:id}/export.svg", sketch_files.export_sketch_version),
    ("POST", "/channels/{channel_id:id}/sketches/import", sketch_files.import_sketch),
    ("GET", "/sketches/{sketch_id:id}/export.svg", sketch_files.export_svg),
    ("GET", "/sketches/{sketch_id:id}/export.png", sketch_files.export_png),
    ("GET", "/sketches/{sketch_id:id}/export.json", sketch_files.export_json),
    ("GET", "/sketches/{sketch_id:id}/export.excalidraw", sketch_files.export_excalidraw),
    ("GET", "/sketches/{sketch_id:id}/comments", sketch_comments.list_comments),
    ("POST", "/sketches/{sketch_id:id}/comments", sketch_comments.create_comment),
    ("PATCH", "/sketches/{sketch_id:id}/comments/{comment_id:id}", sketch_comments.update_comment),
    ("DELETE", "/sketches/{sketch_id:id}/comments/{comment_id:id}", sketch_comments.delete_comment),
    ("GET", "/sketches/{sketch_id:id}/shared", sketches.get_shared_sketch),
    ("GET", "/sketches/{sketch_id:id}/links", sketches.list_links),
    ("POST", "/sketches/{sketch_id:id}/links", sketches.create_link),
    ("DELETE", "/sketches/{sketch_id:id}/links/{link_id:id}", sketches.revoke_link),
    ("GET", "/channels/{channel_id:id}/ai", ai.get_settings),
    ("PUT", "/channels/{channel_id:id}/ai", ai.put_settings),
    ("POST", "/files", files.upload_file),
    ("GET", "/files/{file_id:word}", files.get_file),
    ("GET", "/files/{file_id:word}/thumbnail", files.get_thumbnail),
    ("DELETE", "/files/{file_id:word}", files.delete_file),
    ("GET", "/ai/models", ai.list_models),
    ("GET", "/ai/usage", ai.get_usage),
    ("POST", "/ai/conversations", ai.create_conversation),
    ("GET", "/ai/conversations", ai.list_conversations),
    ("POST", "/ai/chat", ai.chat),
    ("GET", "/ai/runs/{run_id:id}", ai.get_run),
    ("GET", "/ai/runs/{run_id:id}/stream", ai.stream_run),
    ("POST", "/ai/runs/{run_id:id}/stop", ai.stop_run),
    ("POST", "/ai/runs/{run_id:id}/continue", ai.continue_run),
    ("POST", "/ai/runs/{run_id:id}/regenerate", ai.regenerate_run),
    ("POST", "/ai/runs/{run_id:id}/undo", ai.undo_run),
)

OTHERS: tuple[BaseRoute, ...] = (
    WebSocketRoute("/ws/system", sockets.system_socket),
    WebSocketRoute("/ws/channels/{channel_id:id}", sockets.channel_socket),
    WebSocketRoute("/ws/sketches/{sketch_id:id}", sketch_sockets.sketch_socket),
    WebSocketRoute("/{path:path}", no_such_socket),
    Route("/hooks/{secret:word}", hook_in.receive_hook, methods=["POST"]),
    Route("/health/live", health.live),
    Route("/health/ready", health.ready),
    Route("/health/startup", health.startup),
    Route("/metrics", metrics.show),
    Route("/openapi.json", reference.document),
    Route("/doc", reference.page),
    Route("/doc/style.css", reference.style),
    *Page(BUILT).routes(),
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
