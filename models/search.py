"""What is searched for: words, phrases and filters, read from a line that somebody typed."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from models.chat import Message
from models.errors import Invalid
from models.ids import ChannelId, IdNumber
from models.text import LINE, name_key
from models.values import Ask, Value

Has = Literal["file", "link", "sketch"]
SearchLine = Annotated[str, Meta(max_length=300, pattern=LINE)]
Word = Annotated[str, Meta(max_length=64, pattern=LINE)]
Place = Annotated[str, Meta(max_length=40, pattern=r"^[0-9]{1,16}_[0-9]{1,16}$(?!\n)")]

MOST = 20
"""Words and phrases in one search."""

_TOKEN = re.compile(r'"([^"]*)"|(\S+)')
_OPERATORS = ("from", "in", "before", "after", "has")


class SearchQuery(Ask, frozen=True, rename={"from_": "from"}):
    """`q` may hold the filters too, as `from:name`, `in:channel`, `before:2026-11-20`, `after:…` and `has:link`."""

    q: SearchLine = ""
    channel_id: IdNumber | None = None
    from_: Word | None = None
    before: Word | None = None
    after: Word | None = None
    has: Has | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: Place | None = None


class Hit(Value, frozen=True):
    """In `highlight` U+E000 begins and U+E001 ends what matched."""

    channel_id: ChannelId
    message: Message
    highlight: str


class Found(Value, frozen=True):
    """A page. `complete` is false where so much is new that not all of it could be looked into yet."""

    items: list[Hit]
    next_cursor: str | None = None
    complete: bool = True


class Wanted(Value, frozen=True):
    """A search, understood. `until` and `since` bound the time of posting; the first is not included."""

    phrases: list[str]
    beginning: str | None
    channel: str | None
    author: str | None
    since: datetime
    until: datetime
    has: list[Has]


def understand(query: SearchQuery) -> Wanted:
    """Raises Invalid for a date that is none, a filter that isn't known, and for a search for nothing."""
    phrases, words, filters = _read(query.q)
    given = {"from": query.from_, "before": query.before, "after": query.after}
    filters |= {name: [str(value)] for name, value in given.items() if value is not None}
    asked = [*filters.get("has", []), *([query.has] if query.has else [])]
    has = [one for one in _HAS if one in asked]
    if set(asked) - set(has):
        raise Invalid("has: is followed by file, link or sketch.", {"q": "Unknown has:"})
    since = max((_day(one, "after", 1) for one in filters.get("after", [])), default=_EVER)
    until = min((_day(one, "before", 0) for one in filters.get("before", [])), default=_NEVER)
    if not (phrases or words or has or query.channel_id or {"from", "in"} & filters.keys()):
        raise Invalid("Say what to search for.", {"q": "Expected words or a filter"})
    beginning = words.pop() if words and not query.q.rstrip().endswith('"') else None
    return Wanted(
        phrases=[*phrases, *words][:MOST],
        beginning=beginning,
        channel=_last(filters, "in", "#"),
        author=_last(filters, "from", "@"),
        since=since,
        until=until,
        has=has,
    )


def _read(line: str) -> tuple[list[str], list[str], dict[str, list[str]]]:
    phrases: list[str] = []
    words: list[str] = []
    filters: dict[str, list[str]] = {}
    for found in _TOKEN.finditer(line):
        phrase, word = found.groups()
        name, _, value = (word or "").partition(":")
        if word is None:
            phrases += _worth(phrase)
        elif name.lower() in _OPERATORS and value:
            filters.setdefault(name.lower(), []).append(value)
        else:
            words += _worth(word)
    return phrases, words, filters


def _worth(text: str) -> list[str]:
    """Signs alone are nothing to look for."""
    return [text] if any(letter.isalnum() for letter in text) else []


def _last(filters: dict[str, list[str]], name: str, mark: str) -> str | None:
    values = filters.get(name)
    return name_key(values[-1].removeprefix(mark)) if values else None


def _day(text: str, field: str, days: int) -> datetime:
    """A day, of which the next counts for `after`; or a time."""
    try:
        when = datetime.fromisoformat(text.upper())
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return when + timedelta(days=days) if len(text) <= len("2026-11-20") else when
    except (ValueError, OverflowError):
        raise Invalid(
            f"{field}: is followed by a day such as 2026-11-20.", {field: "Expected a day"}
        ) from None


_HAS: tuple[Has, ...] = ("file", "link", "sketch")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
