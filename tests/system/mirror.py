"""A client's picture of a channel, kept by facts alone, and counts made from the tables by other means."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Mirror:
    """A snapshot, and what facts make of it. Each rule here is one that docs/protocol.md gives to clients."""

    def __init__(self, messages: Sequence[dict[str, Any]]) -> None:
        self._messages = {message["seq"]: deepcopy(message) for message in messages}

    def after(self, facts: Sequence[dict[str, Any]]) -> "Mirror":
        mirror = Mirror(list(self._messages.values()))
        for fact in facts:
            mirror._apply(deepcopy(fact))
        return mirror

    @property
    def state(self) -> dict[int, dict[str, Any]]:
        """Reactions without their order, which is no promise."""
        return {
            seq: message
            | {"reactions": {one["emoji"]: frozenset(one["user_ids"]) for one in message["reactions"]}}
            for seq, message in self._messages.items()
        }

    def _apply(self, fact: dict[str, Any]) -> None:
        kind = fact["type"]
        if kind in ("message.posted", "message.edited"):
            self._messages[fact["message"]["seq"]] = fact["message"]
            if kind == "message.posted":
                self._count_reply(fact["message"])
            return
        message = self._messages.get(fact.get("message_seq", 0))
        if message is None or message["deleted_at"] is not None:
            return  # nothing happens to a tombstone
        _CHANGES[kind](message, fact)

    def _count_reply(self, reply: dict[str, Any]) -> None:
        root = self._messages.get(reply["thread"] or 0)
        if root is not None and reply["seq"] > root.get("last_reply_seq", 0):
            root["reply_count"] = root.get("reply_count", 0) + 1
            root["last_reply_seq"] = reply["seq"]


def _delete(message: dict[str, Any], fact: dict[str, Any]) -> None:
    message.update(text="", deleted_at=fact["deleted_at"], reactions=[])
    for gone in ("mentions", "broadcast", "pinned_at", "pinned_by"):
        message.pop(gone, None)


def _react(message: dict[str, Any], fact: dict[str, Any]) -> None:
    for one in message["reactions"]:
        if one["emoji"] == fact["emoji"]:
            one["user_ids"] = [*dict.fromkeys([*one["user_ids"], fact["user_id"]])]
            return
    message["reactions"].append({"emoji": fact["emoji"], "user_ids": [fact["user_id"]]})


def _unreact(message: dict[str, Any], fact: dict[str, Any]) -> None:
    for one in message["reactions"]:
        if one["emoji"] == fact["emoji"]:
            one["user_ids"] = [user for user in one["user_ids"] if user != fact["user_id"]]
    message["reactions"] = [one for one in message["reactions"] if one["user_ids"]]


def _pin(message: dict[str, Any], fact: dict[str, Any]) -> None:
    message.update(pinned_at=fact["pinned_at"], pinned_by=fact["user_id"])


def _unpin(message: dict[str, Any], _: dict[str, Any]) -> None:
    message.pop("pinned_at", None)
    message.pop("pinned_by", None)


_CHANGES = {
    "message.deleted": _delete,
    "reaction.added": _react,
    "reaction.removed": _unreact,
    "message.pinned": _pin,
    "message.unpinned": _unpin,
}


async def counted(connection: Connection, channel: int, user: int) -> tuple[int, int] | None:
    """(unread, mentions) in the channel itself, from its rows, one by one; None for who isn't in it."""
    member = await connection.fetchrow(
        "select last_read_seq from members where channel_id = $1 and user_id = $2", channel, user
    )
    if member is None:
        return None
    rows = await _others(connection, channel, user, member["last_read_seq"])
    return _numbers([row for row in rows if row["thread"] is None or row["to_channel"]], user)


async def threads_counted(connection: Connection, channel: int, user: int) -> dict[int, tuple[int, int]]:
    """For each thread that the user follows."""
    if await counted(connection, channel, user) is None:
        return {}
    places = await connection.fetch(
        "select thread, last_read_seq from thread_members where channel_id = $1 and user_id = $2 and follows",
        channel,
        user,
    )
    found = {}
    for place in places:
        rows = await _others(connection, channel, user, place["last_read_seq"])
        found[place["thread"]] = _numbers([row for row in rows if row["thread"] == place["thread"]], user)
    return found


async def _others(connection: Connection, channel: int, user: int, after: int) -> list[asyncpg.Record]:
    rows = await connection.fetch("select * from messages where channel_id = $1", channel)
    return [
        row for row in rows if row["seq"] > after and row["author_id"] != user and row["deleted_at"] is None
    ]


def _numbers(rows: Sequence[asyncpg.Record], user: int) -> tuple[int, int]:
    named = [row for row in rows if user in (row["mentions"] or ()) or row["broadcast"] == "channel"]
    return len(rows), len(named)
