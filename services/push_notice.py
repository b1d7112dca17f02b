"""What a notice says: who, where, and the beginning of what they said. And when nobody wants to hear it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import UNSET

from models import wire
from models.push import Notice, PushCall
from services.push_message import encrypt

SHOWN, READ = 140, 600
"""Characters of a message that are shown, and that are read for it: marks take some."""

NAME_SHOWN = 80

_markdown = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def seal(call: PushCall, *, shows_text: bool) -> bytes:
    """The encrypted notice. Takes a millisecond: not for the event loop."""
    notice = notice_of(call, shows_text=shows_text and call.shows_text)
    return encrypt(wire.encode(notice), call.p256dh, call.auth)


def notice_of(call: PushCall, *, shows_text: bool = True) -> Notice:
    who = _cut(call.author_name or "Somebody", NAME_SHOWN)
    title = who if call.channel_kind == "direct" else f"{who} in #{_cut(call.channel_name, NAME_SHOWN)}"
    body = _words(call) if shows_text else "New message"
    return Notice(title, body, call.channel_id, call.seq, UNSET if call.thread is None else call.thread)


def is_quiet(hours: Mapping[str, Any] | None, now: datetime) -> bool:
    """Within somebody's hours of rest, by the clock of their zone; they may go over midnight."""
    if hours is None:
        return False
    try:
        zone = ZoneInfo(hours.get("timezone", "UTC"))
    except (KeyError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    time = now.astimezone(zone).strftime("%H:%M")
    start, end = hours["start"], hours["end"]
    if start <= end:
        return bool(start <= time < end)
    return bool(time >= start or time < end)


def _words(call: PushCall) -> str:
    text = _cut(plain_text(call.text[:READ]), SHOWN)
    if call.kind == "sketch":
        return f"Began a sketch: {text}" if text else "Began a sketch"
    return text or "Sent a file"


def plain_text(text: str) -> str:
    """Without Markdown's marks, on one line."""
    return " ".join(" ".join(_texts(_markdown.parse(text))).split())


def _texts(tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        if token.type == "inline":
            found.append("".join(_inline(one) for one in token.children or ()))
        elif token.type in ("fence", "code_block"):
            found.append(token.content)
    return found


def _inline(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
