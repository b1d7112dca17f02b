"""What each door of a channel and each frame answers to whom: the table of test_rights.py."""

from typing import Any, NamedTuple

from server.routes import DOORS

UNKNOWN = ("nobody", "disabled")
"""Without a sign-in, and with one that is no longer good."""

OUTSIDE = ("stranger", "former", "admin", "foreigner")
"""The last one is of another workspace, to which nothing here exists."""

INSIDE = ("muted", "member", "moderator", "owner")
CALLERS = [(visibility, who) for visibility in ("public", "private") for who in (*UNKNOWN, *OUTSIDE, *INSIDE)]

BODIES: dict[str, Any] = {
    "mark_read": {"seq": 1},
    "put_settings": {"system": "Be brief."},
    "post_message": {"client_id": "c1", "text": "hello"},
    "edit_message": {"text": "new"},
    "update_membership": {"notifications": "none"},
    "update_channel": {"description": "new"},
    "create_sketch": {"title": "new"},
    "import_sketch": {"file": {"type": "excalidraw", "elements": []}},
    "put_sketch_settings": {"allows_generic": True},
    "report_message": {"reason": "spam"},
    "resolve_report": {"state": "resolved"},
    "run_command": {"client_id": "c1", "text": "/help"},
    "create_incoming_hook": {"name": "builds"},
    "update_incoming_hook": {"name": "builds"},
    "create_outgoing_hook": {"name": "watcher", "url": "https://example.org/", "events": ["member.left"]},
    "update_outgoing_hook": {"name": "watcher"},
}

HOOKS: dict[str, dict[str, Any]] = {
    "incoming": {"name": "builds"},
    "outgoing": BODIES["create_outgoing_hook"],
}


class Row(NamedTuple):
    """What a door answers: to strangers and former members of a public channel, to an admin who isn't in it, and to
    members, moderators and owners of any. Of a private one it answers 404 to all who are not in it.
    """

    outsider: int
    admin: int
    member: int
    moderator: int
    owner: int
    of_muted: int | None = None
    """Where it isn't as to any member."""

    @property
    def muted(self) -> int:
        return self.member if self.of_muted is None else self.of_muted


TABLE = {
    "get_channel": Row(200, 200, 200, 200, 200),
    "update_channel": Row(403, 200, 403, 403, 200),
    "delete_channel": Row(403, 204, 403, 403, 204),
    "join_channel": Row(200, 200, 200, 200, 200),
    "leave_channel": Row(403, 403, 204, 204, 204),
    "list_members": Row(403, 403, 200, 200, 200),
    "list_present": Row(403, 403, 200, 200, 200),
    "put_member": Row(403, 403, 204, 204, 204),
    "remove_member": Row(403, 403, 403, 204, 204),
    "update_membership": Row(403, 403, 204, 204, 204),
    "get_thread": Row(403, 403, 200, 200, 200),
    "follow_thread": Row(403, 403, 204, 204, 204),
    "unfollow_thread": Row(403, 403, 204, 204, 204),
    "mark_read": Row(403, 403, 204, 204, 204),
    "post_message": Row(403, 403, 201, 201, 201, of_muted=403),
    "list_messages": Row(403, 403, 200, 200, 200),
    "get_message": Row(403, 403, 200, 200, 200),
    "edit_message": Row(403, 403, 403, 403, 200),
    "delete_message": Row(403, 403, 403, 204, 204),
    "list_versions": Row(403, 403, 403, 200, 200),
    "add_reaction": Row(403, 403, 204, 204, 204, of_muted=403),
    "remove_reaction": Row(403, 403, 204, 204, 204),
    "pin_message": Row(403, 403, 204, 204, 204, of_muted=403),
    "unpin_message": Row(403, 403, 204, 204, 204, of_muted=403),
    "list_pinned": Row(403, 403, 200, 200, 200),
    "list_events": Row(403, 403, 200, 200, 200),
    "create_sketch": Row(403, 403, 201, 201, 201, of_muted=403),
    "import_sketch": Row(403, 403, 201, 201, 201, of_muted=403),
    "list_sketches": Row(403, 403, 200, 200, 200),
    "get_sketch_settings": Row(403, 403, 200, 200, 200),
    "put_sketch_settings": Row(403, 200, 403, 403, 200),
    "get_settings": Row(403, 403, 200, 200, 200),
    "put_settings": Row(403, 403, 403, 200, 200),
    "list_bans": Row(403, 403, 403, 200, 200),
    "ban_member": Row(403, 403, 403, 204, 204),
    "unban_member": Row(403, 403, 403, 404, 404),
    "list_mutes": Row(403, 403, 403, 200, 200),
    "mute_member": Row(403, 403, 403, 204, 204),
    "unmute_member": Row(403, 403, 403, 404, 404),
    "hide_message": Row(403, 403, 403, 204, 204),
    "show_message": Row(403, 403, 403, 204, 204),
    "report_message": Row(403, 403, 201, 201, 201),
    "list_reports": Row(403, 403, 403, 200, 200),
    "resolve_report": Row(403, 403, 403, 404, 404),
    "run_command": Row(403, 403, 200, 200, 200),
    "create_incoming_hook": Row(403, 403, 403, 201, 201),
    "list_incoming_hooks": Row(403, 403, 403, 200, 200),
    "update_incoming_hook": Row(403, 403, 403, 200, 200),
    "rotate_incoming_hook": Row(403, 403, 403, 200, 200),
    "delete_incoming_hook": Row(403, 403, 403, 204, 204),
    "create_outgoing_hook": Row(403, 403, 403, 201, 201),
    "list_outgoing_hooks": Row(403, 403, 403, 200, 200),
    "update_outgoing_hook": Row(403, 403, 403, 200, 200),
    "delete_outgoing_hook": Row(403, 403, 403, 204, 204),
    "list_dead_letters": Row(403, 403, 403, 200, 200),
    "redeliver_dead_letter": Row(403, 403, 403, 404, 404),
    "discard_dead_letter": Row(403, 403, 403, 404, 404),
}
CHANNEL_DOORS = [(method, path, door.name) for method, path, door in DOORS if "{channel_id" in path]
READING = Row(403, 403, 200, 200, 200)
FRAMES: list[tuple[str, dict[str, Any], Row]] = [
    ("subscribe", {"after": 0}, READING),
    ("subscribe", {}, READING),
    ("message.post", {"client_id": "c-frame", "text": "hello"}, TABLE["post_message"]),
    ("command.run", {"client_id": "c-run", "text": "/help"}, TABLE["run_command"]),
    ("channel.read", {"seq": 1}, TABLE["mark_read"]),
    ("reaction.add", {"seq": 9, "emoji": "👍"}, TABLE["add_reaction"]),
    ("reaction.remove", {"seq": 9, "emoji": "👍"}, TABLE["remove_reaction"]),
    ("message.pin", {"seq": 9}, TABLE["pin_message"]),
    ("message.unpin", {"seq": 9}, TABLE["unpin_message"]),
    ("message.edit", {"seq": 9, "text": "new"}, TABLE["edit_message"]),
    ("message.delete", {"seq": 9}, TABLE["delete_message"]),
]
UNASKED = {"typing", "unsubscribe", "auth", "ping", "ai.ask", "ai.stop"}
"""No right of a channel answers these (see test_sockets and test_bad_frames), and where no model is, none of AI's
(see test_ai)."""


def expected(row: Row, visibility: str, who: str) -> int:
    if who in UNKNOWN:
        return 401
    if who in INSIDE:
        return int(getattr(row, who))
    if visibility == "private" or who == "foreigner":
        return 404
    return row.admin if who == "admin" else row.outsider
