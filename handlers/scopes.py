"""What a bot's token opens. People's sessions open all doors; what a bot may do behind one is the rules' business."""

from collections.abc import Mapping

from models.accounts import Actor
from models.bots import Scope
from models.errors import Forbidden

PEOPLE_ALONE = frozenset(("accounts", "bots", "audit", "push"))
"""Modules of doors that no token opens: sessions, invitations, tokens, devices, and who did what."""

_OF_MODULE: Mapping[str, Scope] = {
    "ai": "post",
    "chat": "post",
    "files": "post",
    "messages": "post",
    "threads": "post",
    "sketches": "sketch",
    "sketch_comments": "sketch",
    "sketch_files": "sketch",
}
"""What changing something takes; of a module that isn't listed it takes `manage`."""

_OF_DOOR: Mapping[str, Scope] = {
    "join_channel": "post",
    "run_command": "post",
    "report_message": "post",
    "leave_channel": "post",
    "mark_read": "post",
    "open_direct": "post",
    "update_membership": "post",
}


def scope_of(module: str, door: str, method: str) -> Scope | None:
    """None where no token will do."""
    if module in PEOPLE_ALONE:
        return None
    if method in ("GET", "HEAD"):
        return "read"
    return _OF_DOOR.get(door) or _OF_MODULE.get(module, "manage")


def may(actor: Actor, scope: Scope | None) -> bool:
    return actor.scopes is None or scope in actor.scopes


def demand(actor: Actor, scope: Scope | None) -> None:
    """Raises Forbidden."""
    if not may(actor, scope):
        raise Forbidden("No bot may do this." if scope is None else f"This token lacks the scope `{scope}`.")
