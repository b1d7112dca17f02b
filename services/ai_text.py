"""What a model's text may hold, and how many tokens a text is taken for."""

import re
from base64 import b64encode
from typing import Any

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BYTES_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 4

PICTURE_TOKENS = 1500
"""What a picture is taken for; providers count by its size, up to about that."""


class Cleaner:
    """Makes the pieces of one answer into text that every reader and the database take.

    Control characters but newline and tab are dropped; halves of an emoji that come in two pieces are joined, and a
    half that stays alone becomes U+FFFD.
    """

    def __init__(self) -> None:
        self._half = ""

    def clean(self, piece: str) -> str:
        text, self._half = self._half + piece, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        if not _UNWANTED.search(text):
            return text
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return _UNWANTED.sub("", joined)

    def end(self) -> str:
        half, self._half = self._half, ""
        return "\ufffd" if half else ""


def estimated_tokens(text: str) -> int:
    """A token for three bytes of UTF-8: more than English takes (about four), about what other scripts do."""
    return (len(text.encode("utf-8", "replace")) + _BYTES_PER_TOKEN - 1) // _BYTES_PER_TOKEN


def estimated_message(text: str) -> int:
    """With what a message takes beside its text."""
    return estimated_tokens(text) + _TOKENS_PER_MESSAGE


def picture(kind: str, data: bytes) -> dict[str, Any]:
    """A part of a message for models that see."""
    return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{b64encode(data).decode()}"}}
