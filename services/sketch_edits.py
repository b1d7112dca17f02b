"""Edits that the server makes for somebody: elements drawn by a script, an older picture brought back."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.errors import Invalid
from services.sketch_doc import SketchDoc
from services.sketch_schema import MAX_ELEMENTS, PLACE, place_faults, style_faults

Change = Callable[[Mapping[str, Any]], None]
"""Done to a sketch's roots, within one transaction."""

MAX_ID = 64


def draw(elements: Sequence[Mapping[str, Any]], there_already: int) -> tuple[list[str], Change]:
    """Their ids, and what draws them; one with an id that is there is written over. Raises Invalid."""
    if there_already + len(elements) > MAX_ELEMENTS:
        raise Invalid(f"A sketch has at most {MAX_ELEMENTS} elements.")
    split = [_split(number, element) for number, element in enumerate(elements)]

    def change(roots: Mapping[str, Any]) -> None:
        for id_, style, place in split:
            roots["el"][id_] = style
            roots["geo"][id_] = place

    return [id_ for id_, _, _ in split], change


def _split(number: int, element: Mapping[str, Any]) -> tuple[str, dict[str, Any], list[float]]:
    style = {name: _number(value) for name, value in element.items() if name not in ("id", *PLACE)}
    place = [element.get(name, 1.0 if name == "scale" else 0.0) for name in PLACE]
    if isinstance(style.get("points"), list):
        style["points"] = packed(style["points"], f"elements[{number}].points")
    faults = style_faults(style) | place_faults(place)
    id_ = element.get("id", secrets.token_urlsafe(9))
    if not isinstance(id_, str) or not 0 < len(id_) <= MAX_ID:
        faults["id"] = f"Expected a text of 1 to {MAX_ID}"
    if faults:
        fields = {f"elements[{number}].{name}": why for name, why in faults.items()}
        raise Invalid(next(f"{field}: {why}" for field, why in fields.items()), fields)
    return str(id_), style, [float(value) for value in place]


def _number(value: Any) -> Any:
    """Whole numbers as JavaScript has them."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def packed(points: Sequence[Any], field: str) -> bytes:
    """Points as `[x, y]` or `[x, y, pressure]`, in pixels from the element's place, packed. Raises Invalid."""
    data = bytearray()
    x = y = 0
    for point in points:
        try:
            to_x, to_y = round(float(point[0]) * 8), round(float(point[1]) * 8)
            pressure = round(float(point[2]) * 255) if len(point) > 2 else 128
            data += (to_x - x).to_bytes(2, "little", signed=True)
            data += (to_y - y).to_bytes(2, "little", signed=True)
            data.append(min(255, max(0, pressure)))
        except (TypeError, ValueError, OverflowError, IndexError, KeyError):
            raise Invalid(
                "Points are [x, y] or [x, y, pressure], less than 4096 apart.", {field: "Not points"}
            ) from None
        x, y = to_x, to_y
    return bytes(data)


def unpacked(data: bytes) -> list[tuple[float, float, float]]:
    """The points again: x, y and pressure from 0 to 1."""
    points: list[tuple[float, float, float]] = []
    x = y = 0
    for at in range(0, len(data) - 4, 5):
        x += int.from_bytes(data[at : at + 2], "little", signed=True)
        y += int.from_bytes(data[at + 2 : at + 4], "little", signed=True)
        points.append((x / 8, y / 8, data[at + 4] / 255))
    return points


def replace(state: bytes) -> Change:
    """What makes the sketch look as it did in this state; what is the same already stays as it is."""
    return show(SketchDoc("sketch", [state]).scene())


def show(wanted: Mapping[str, Mapping[str, Any]]) -> Change:
    """What makes the sketch look like this."""

    def change(roots: Mapping[str, Any]) -> None:
        for root, shared in roots.items():
            there = shared.to_py() or {}
            for key in there.keys() - wanted[root].keys():
                del shared[key]
            for key, value in wanted[root].items():
                if key not in there or there[key] != value:
                    shared[key] = value

    return change
