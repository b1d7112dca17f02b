"""Which bytes of a file are asked for (RFC 9110, 13 and 14): all, or one range. Several are answered with all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from models.errors import BadRange

RANGES = 8
"""More than so many in one request are refused: nobody needs them, and counting them costs."""

HEADER_BYTES = 256

_ONE = re.compile(r"([0-9]{0,15})-([0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Span:
    """Of a file: from where, how much, and what the answer says of it."""

    start: int
    length: int
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def range_of(headers: Mapping[str, str], size: int, etag: str) -> Span:
    """Raises BadRange for a range without a byte of the file in it, and for a crowd of ranges."""
    asked = headers.get("Range", "").strip()
    unit, _, ranges = asked.partition("=")
    if len(asked) > HEADER_BYTES or ranges.count(",") >= RANGES:
        raise BadRange(f"A request asks for at most {RANGES} ranges.", size)
    found = _ONE.fullmatch(ranges.strip())
    is_stale = headers.get("If-Range", etag) != etag
    if unit.strip().lower() != "bytes" or found is None or is_stale or ranges.strip() == "-":
        return Span(0, size)
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if first and last and int(last) < int(first):
        return Span(0, size)  # no range at all: such a header is as none
    if start >= size:
        raise BadRange(f"The file has {size} bytes.", size)
    told = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return Span(start, end - start, HTTPStatus.PARTIAL_CONTENT, told)


def matches(asked: str | None, etag: str) -> bool:
    """Whether If-None-Match names it."""
    if asked is None or len(asked) > HEADER_BYTES * 4:
        return False
    return asked.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in asked.split(","))
