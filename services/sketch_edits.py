"""Edits that the server makes for somebody: elements drawn by a script, an older picture brought back."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.errors import Invalid
from services.sketch_doc import SketchDoc
from services.sketch_points import packed
from services.sketch_schema import MAX_ELEMENTS, PLACE, place_faults, style_faults

Change = Callable[[Mapping[str, Any]], None]
"""Done to a sketch's roots, within one transaction."""

MAX_ID = 64


def draw(elements: Sequence[Mapping[str, Any]], there_already: int) -> tuple[list[str], Change]:
    """Their ids, and what draws them; one with an id that is there is written over. Raises Invalid."""
    split = elements_of(elements, there_already)

    def change(roots: Mapping[str, Any]) -> None:
        for id_, style, place in split:
            roots["el"][id_] = style
            roots["geo"][id_] = place

    return [id_ for id_, _, _ in split], change


def elements_of(
    elements: Sequence[Mapping[str, Any]], there_already: int
) -> list[tuple[str, dict[str, Any], list[float]]]:
    """The id, style and place of each, as a sketch holds them. Raises Invalid, naming the field."""
    if there_already + len(elements) > MAX_ELEMENTS:
        raise Invalid(f"A sketch has at most {MAX_ELEMENTS} elements.")
    return [_split(number, element) for number, element in enumerate(elements)]


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


def scene_in(state: bytes) -> dict[str, dict[str, Any]]:
    """The elements of an encoded document."""
    return SketchDoc("sketch", [state]).scene()


def show(wanted: Mapping[str, Mapping[str, Any]]) -> Change:
    """What makes the sketch look like this; what is the same already stays as it is."""

    def change(roots: Mapping[str, Any]) -> None:
        for root, shared in roots.items():
            there = shared.to_py() or {}
            for key in there.keys() - wanted[root].keys():
                del shared[key]
            for key, value in wanted[root].items():
                if key not in there or there[key] != value:
                    shared[key] = value

    return change
