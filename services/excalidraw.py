"""The sketch in an `.excalidraw` file (docs.excalidraw.com, "JSON schema"). What a sketch has no field for goes along
in `extra`, so that a file that came in goes out as it was, but for points, which are kept to an eighth of a pixel.
"""

import base64
import binascii
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.errors import Invalid
from services.sketch_points import packed
from services.sketch_schema import EXTRA_CHARACTERS, IMAGE_BYTES, MAX_ELEMENTS, place_faults, style_faults

Element = Mapping[str, Any]
Scene = dict[str, dict[str, Any]]

_KINDS = {"freedraw": "stroke", "magicframe": "frame", "embeddable": "frame", "iframe": "frame"}
_HEADS = {None: "none", "arrow": "arrow", "bar": "bar", "dot": "dot", "circle": "dot", "triangle": "triangle",
    "diamond": "diamond"}  # fmt: skip
_POINTED = ("freedraw", "line", "arrow")

PLAIN = {
    "strokeColor": "color",
    "backgroundColor": "fill",
    "fillStyle": "fill_style",
    "strokeWidth": "stroke_width",
    "strokeStyle": "stroke_style",
    "width": "width",
    "height": "height",
    "text": "text",
    "fontSize": "font_size",
    "textAlign": "align",
    "verticalAlign": "valign",
    "link": "link",
    "locked": "locked",
}
"""Fields that differ only in their names."""

_KEPT_ELSEWHERE = {*PLAIN, "id", "x", "y", "angle", "opacity", "points", "pressures", "isDeleted", "type"}

MOST_APART = 4000.0
"""Pixels between two points, which int16 in eighths can hold."""


def scene_of(elements: Sequence[Any], files: Mapping[str, Any], background: Any = None) -> Scene:
    """The sketch in a file. Raises Invalid, naming the element."""
    scene: Scene = {"el": {}, "geo": {}, "meta": {}}
    if isinstance(background, str) and len(background) <= 30:
        scene["meta"]["background"] = background
    living = [element for element in elements if isinstance(element, dict) and not element.get("isDeleted")]
    if len(living) > MAX_ELEMENTS:
        raise Invalid(f"A sketch has at most {MAX_ELEMENTS} elements.")
    for number, element in enumerate(living):
        if "label_of" in _ours(element):
            continue  # made for Excalidraw's eyes when it went out
        id_ = str(element.get("id") or f"imported-{number}")[:64]
        scene["el"][id_], scene["geo"][id_] = _checked(element, files, number)
    return scene


def _checked(element: Element, files: Mapping[str, Any], number: int) -> tuple[dict[str, Any], list[float]]:
    name = f"elements[{number}]"
    try:
        style, place = _style(element, files), _place(element, number)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise Invalid(f"{name} is not an element of Excalidraw.", {name: "Not an element"}) from None
    for field, why in (style_faults(style) | place_faults(place)).items():
        raise Invalid(f"{name} {field}: {why}", {name: f"{field}: {why}"})
    return style, place


def _ours(element: Element) -> Mapping[str, Any]:
    data = element.get("customData")
    ours = data.get("chalkline") if isinstance(data, dict) else None
    return ours if isinstance(ours, dict) else {}


def _place(element: Element, number: int) -> list[float]:
    ours = _ours(element)
    x, y, angle = (float(element.get(name) or 0) for name in ("x", "y", "angle"))
    return [x, y, angle, float(ours.get("scale", 1.0)), float(number + 1)]


def _style(element: Element, files: Mapping[str, Any]) -> dict[str, Any]:
    type_, ours = str(element["type"]), _ours(element)
    style: dict[str, Any] = {"kind": ours.get("kind") or _KINDS.get(type_, type_)}
    for theirs, name in PLAIN.items():
        value = element.get(theirs)
        if value is not None:
            style[name] = _float(value)
    if "opacity" in element:
        style["opacity"] = float(element["opacity"]) / 100
    if element.get("roundness"):
        style["round"] = True
    if element.get("groupIds"):
        style["group"] = str(element["groupIds"][-1])[:64]
    if "text" in ours:
        style["text"] = ours["text"]
    return style | _special(element, type_, files) | _extra(element, type_)


def _special(element: Element, type_: str, files: Mapping[str, Any]) -> dict[str, Any]:
    """What only some types have."""
    style: dict[str, Any] = {}
    if type_ in _POINTED:
        style["points"] = _points(element)
    if type_ in ("line", "arrow"):
        style["start_head"] = _HEADS.get(element.get("startArrowhead"), "arrow")
        style["end_head"] = _HEADS.get(element.get("endArrowhead"), "arrow")
    if type_ == "image":
        style |= _picture(files.get(str(element.get("fileId"))))
    return style


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _points(element: Element) -> bytes:
    pressures = element.get("pressures") or []
    points = []
    for number, (x, y) in enumerate(
        _dense([(float(p[0]), float(p[1])) for p in element.get("points") or []])
    ):
        points.append((x, y, pressures[number] if number < len(pressures) else 0.5))
    return packed(points, "points")


def _dense(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """With more in between where two are further apart than their differences can say."""
    before = (0.0, 0.0)
    for point in points:
        steps = math.ceil(max(abs(point[0] - before[0]), abs(point[1] - before[1])) / MOST_APART)
        if steps > 1_000:
            raise Invalid("An element is too large.")
        for step in range(1, steps):
            part = step / steps
            yield before[0] + (point[0] - before[0]) * part, before[1] + (point[1] - before[1]) * part
        yield point
        before = point


def _picture(file: Any) -> dict[str, Any]:
    """What of an image file a sketch may hold."""
    if not isinstance(file, dict):
        return {}
    head, _, data = str(file.get("dataURL", "")).partition(";base64,")
    mime = head.removeprefix("data:")
    try:
        image = base64.b64decode(data, validate=True)
    except binascii.Error:
        return {}
    if len(image) > IMAGE_BYTES:
        raise Invalid(f"An image in a sketch has at most {IMAGE_BYTES // 1024} KiB.")
    return (
        {"image": image, "mime": mime}
        if mime in ("image/png", "image/jpeg", "image/gif", "image/webp")
        else {}
    )


def _extra(element: Element, type_: str) -> dict[str, str]:
    rest = {name: value for name, value in element.items() if name not in _KEPT_ELSEWHERE}
    ours = _ours(element)
    if ours:
        custom = {name: value for name, value in element["customData"].items() if name != "chalkline"}
        rest = {name: value for name, value in rest.items() if name not in ("customData", "boundElements")}
        rest |= {"customData": custom} if custom else {}
    if type_ in ("magicframe", "embeddable", "iframe"):
        rest["type"] = type_
    if ours.get("native"):
        return {}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return {"extra": text} if rest and len(text) <= EXTRA_CHARACTERS else {}
