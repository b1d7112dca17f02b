"""Texts that people type, each with its bounds: what no field may hold is refused here, before any rule sees it.

Control characters would break terminals and logs, U+0000 does not fit into PostgreSQL, and the invisible and
bidirectional ones let one name pass for another. Patterns are written so that Python, ECMAScript and Rust read
them alike, since the same text stands in the OpenAPI document.
"""

import unicodedata
from typing import Annotated

from msgspec import Meta

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_CONTROL_BUT_LINES = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb"
)
"""Joiners (U+200C, U+200D) and variation selectors are not among them: Persian and emoji need them."""

_LETTERS = r"A-Za-zÀ-ÖØ-öø-ʯΆΈ-ΊΌΎ-ΡΣ-ώЀ-ҁҊ-ԯא-תء-يऄ-हก-ะぁ-ゖァ-ヺ一-鿿가-힣"
"""Letters of living scripts in the forms that keyboards make."""

UNSEEN_OR_CONTROL = rf"[{_CONTROL}{_UNSEEN}]"
LINE = rf"^[^{_CONTROL}{_UNSEEN}]*$(?!\n)"
NAME = rf"^[^\s{_CONTROL}{_UNSEEN}]([^{_CONTROL}{_UNSEEN}]*[^\s{_CONTROL}{_UNSEEN}])?$(?!\n)"
LINES = rf"^[^{_CONTROL_BUT_LINES}]*$"
NAME_LETTERS = rf"0-9{_LETTERS}._-"
USERNAME = rf"^[{NAME_LETTERS}]{{2,32}}$(?!\n)"
CLIENT_ID = r"^[A-Za-z0-9_-]{1,64}$(?!\n)"
TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"
TIMEZONE = r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$(?!\n)"
CURSOR = r"^[1-9][0-9]{0,14}$(?!\n)"

Username = Annotated[str, Meta(min_length=2, max_length=32, pattern=USERNAME)]
DisplayName = Annotated[str, Meta(min_length=1, max_length=64, pattern=NAME)]
GivenUsername = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]
Status = Annotated[str, Meta(max_length=100, pattern=LINE)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=1024, pattern=r"^[^\x00]*$")]
GivenPassword = Annotated[str, Meta(max_length=1024, pattern=r"^[^\x00]*$")]
ChannelName = Annotated[str, Meta(min_length=1, max_length=80, pattern=NAME)]
Description = Annotated[str, Meta(max_length=1000, pattern=LINES)]
MessageText = Annotated[str, Meta(min_length=1, max_length=8000, pattern=LINES)]
Caption = Annotated[str, Meta(max_length=8000, pattern=LINES)]
ClientId = Annotated[str, Meta(min_length=1, max_length=64, pattern=CLIENT_ID)]
FileIdText = Annotated[str, Meta(min_length=1, max_length=64, pattern=CLIENT_ID)]
Ref = Annotated[str, Meta(max_length=64, pattern=LINES)]
SessionName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
EmojiText = Annotated[str, Meta(min_length=1, max_length=32, pattern=LINE)]
TimeOfDay = Annotated[str, Meta(min_length=5, max_length=5, pattern=TIME_OF_DAY)]
TimezoneName = Annotated[str, Meta(min_length=1, max_length=64, pattern=TIMEZONE)]
SearchText = Annotated[str, Meta(max_length=100, pattern=LINE)]
ModelName = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
SystemPrompt = Annotated[str, Meta(max_length=8000, pattern=LINES)]
Cursor = Annotated[str, Meta(pattern=CURSOR)]
Token = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[\x21-\x7e]+$(?!\n)")]

MAX_PASSWORD_BYTES = 1024

PATTERNS_IN_WORDS = {
    LINE: "Expected one line without control, invisible or bidirectional characters",
    NAME: "Expected one line without control or invisible characters, and no space at its ends",
    LINES: "Expected text whose only control characters are newline and tab",
    USERNAME: "Expected 2 to 32 letters, digits, `.`, `_` or `-`",
    CLIENT_ID: "Expected 1 to 64 of A-Z, a-z, 0-9, `_` and `-`",
    TIME_OF_DAY: "Expected a time such as 22:00",
    TIMEZONE: "Expected the name of a time zone such as Europe/Berlin",
    CURSOR: "Expected the next_cursor of a page",
}


def name_key(name: str) -> str:
    """The form in which two names count as one: case-folded NFKC (Unicode UAX #31)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
