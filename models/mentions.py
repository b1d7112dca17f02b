"""Mentions: which names a text calls. Found here, once, in one pass; the database says who of them may read it."""

import re
from typing import Literal

from models.text import NAME_LETTERS, name_key
from models.values import Value

Broadcast = Literal["channel", "here"]

MOST = 100
"""Different names in one text; further ones are plain text."""

_NAME = re.compile(rf"(?<![@/{NAME_LETTERS}])@([{NAME_LETTERS}]{{2,33}})")
"""Not within a word, as in an e-mail address. A longer name than there can be is taken to be none."""

_PUNCTUATION = "._-"


class Named(Value, frozen=True):
    """Keys of names, each once, and whom the text addresses beyond them."""

    keys: list[str]
    broadcast: Broadcast | None


def mentions_in(text: str) -> Named | None:
    """What stands behind an `@`, but not in code. None where nobody is named.

    A name may end in the full stop of its sentence, so it counts with and without the punctuation at its end.
    """
    if "@" not in text:
        return None
    keys: dict[str, None] = {}
    broadcasts: set[str] = set()
    for found in _NAME.finditer(_without_code(text)):
        name = found[1]
        for key in dict.fromkeys((name_key(name), name_key(name.rstrip(_PUNCTUATION)))):
            if key in ("channel", "here"):
                broadcasts.add(key)
            elif len(key) >= 2 and len(name) <= 32 and len(keys) < MOST:
                keys[key] = None
    if not keys and not broadcasts:
        return None
    return Named(list(keys), "channel" if "channel" in broadcasts else "here" if broadcasts else None)


def _without_code(text: str) -> str:
    """Code, in fences or backticks that are closed, becomes a space."""
    return " ".join(_outside("`", part) for part in _split("```", text))


def _outside(mark: str, text: str) -> str:
    return " ".join(_split(mark, text))


def _split(mark: str, text: str) -> list[str]:
    """The parts outside of pairs of marks; a last mark without its pair is text."""
    parts = text.split(mark)
    if len(parts) % 2 == 0:
        parts[-2:] = [mark.join(parts[-2:])]
    return parts[::2]
