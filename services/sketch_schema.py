"""What a sketch's three maps may hold (docs/protocol.md, "What a sketch is made of"): pure checks, one reason each.

Numbers come from Yjs as floats, bytes as bytearrays: what counts is what they say.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from services.sketch_points import points_fault

MAX_ELEMENTS = 32_000
TEXT_CHARACTERS = 8_000
IMAGE_BYTES = 256 * 1024
EXTRA_CHARACTERS = 16_000
FARTHEST = 1e7
"""Pixels from the origin."""

KINDS = (
    "stroke",
    "highlight",
    "line",
    "arrow",
    "rectangle",
    "ellipse",
    "diamond",
    "text",
    "note",
    "image",
    "frame",
)

Check = Callable[[Any], str | None]

_COLOR = re.compile(r"(#[0-9a-fA-F]{3,8}|transparent|[a-z]{3,20})\Z")


def _number(least: float, most: float) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "Expected a finite number"
        return None if least <= value <= most else f"Expected a number from {least:g} to {most:g}"

    return check


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"Expected one of {', '.join(words)}"


def _text(most: int) -> Check:
    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and len(value) <= most else f"Expected a text of at most {most}"

    return check


def _bytes(most: int) -> Check:
    def check(value: Any) -> str | None:
        is_good = isinstance(value, bytes | bytearray) and len(value) <= most
        return None if is_good else f"Expected at most {most} bytes"

    return check


def _color(value: Any) -> str | None:
    is_good = isinstance(value, str) and _COLOR.match(value)
    return None if is_good else "Expected a colour such as #1971c2"


_STYLE: Mapping[str, Check] = {
    "kind": _one_of(*KINDS),
    "color": _color,
    "fill": _color,
    "fill_style": _one_of("solid", "hachure", "cross-hatch", "zigzag"),
    "stroke_width": _number(0, 256),
    "stroke_style": _one_of("solid", "dashed", "dotted"),
    "opacity": _number(0, 1),
    "round": lambda value: None if isinstance(value, bool) else "Expected true or false",
    "points": points_fault,
    "width": _number(-FARTHEST, FARTHEST),
    "height": _number(-FARTHEST, FARTHEST),
    "text": _text(TEXT_CHARACTERS),
    "font_size": _number(1, 1000),
    "align": _one_of("left", "center", "right"),
    "valign": _one_of("top", "middle", "bottom"),
    "start_head": _one_of("none", "arrow", "triangle", "dot", "bar", "diamond"),
    "end_head": _one_of("none", "arrow", "triangle", "dot", "bar", "diamond"),
    "start": _text(64),
    "end": _text(64),
    "group": _text(64),
    "link": _text(2000),
    "locked": lambda value: None if isinstance(value, bool) else "Expected true or false",
    "image": _bytes(IMAGE_BYTES),
    "mime": _one_of("image/png", "image/jpeg", "image/gif", "image/webp"),
    "by": _number(0, 2**53),
    "extra": _text(EXTRA_CHARACTERS),
}

PLACE = ("x", "y", "angle", "scale", "z")
_PLACE: tuple[Check, ...] = (
    _number(-FARTHEST, FARTHEST),
    _number(-FARTHEST, FARTHEST),
    _number(-1000, 1000),
    _number(0.001, 1000),
    _number(-1e12, 1e12),
)


def style_faults(style: Any) -> dict[str, str]:
    """The fields of an element's style that are wrong -> why."""
    if not isinstance(style, Mapping):
        return {"": "Expected a map"}
    faults = {}
    if "kind" not in style:
        faults["kind"] = "Required"
    for name, value in style.items():
        check = _STYLE.get(name)
        why = check(value) if check else "There is no such field"
        if why:
            faults[str(name)[:64]] = why
    return faults


def place_faults(place: Any) -> dict[str, str]:
    if not isinstance(place, list | tuple) or len(place) != len(PLACE):
        return {"": "Expected x, y, angle, scale and z"}
    found = zip(PLACE, _PLACE, place, strict=True)
    return {name: why for name, check, value in found for why in [check(value)] if why}


def meta_faults(value: Any) -> dict[str, str]:
    is_plain = value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) <= 1000)
    if is_plain or (isinstance(value, int | float) and math.isfinite(value)):
        return {}
    return {"": "Expected a short text, a finite number, true, false or null"}


FAULTS: Mapping[str, Callable[[Any], dict[str, str]]] = {
    "el": style_faults,
    "geo": place_faults,
    "meta": meta_faults,
}
"""A root -> the check of one of its values."""
