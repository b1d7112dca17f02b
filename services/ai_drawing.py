"""What a model's calls make of a sketch: pure plans, from the sketch as it is to the values that shall change.

Elements are named by ids, which a model chooses itself for what it adds. Lines between two elements keep the way that
they have on the page: from edge to edge, at a small distance.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.ai_drawing import ChangeElement, Connection, Shape
from models.errors import Invalid
from models.ids import AI_USER
from services.sketch_alterations import Scene
from services.sketch_edits import elements_of
from services.sketch_points import packed

GAP = 6.0
LABEL_SIZE, GLYPH_WIDTH, LINE_HEIGHT = 16.0, 0.6, 1.25
BOXES = ("rectangle", "ellipse", "diamond", "note", "frame", "text", "image")
LINES = ("line", "arrow")

_SIZES = {"diamond": (180.0, 110.0), "note": (160.0, 160.0), "frame": (400.0, 300.0)}
_SIZE = (160.0, 80.0)
_LONGEST_STEP = 4000.0
"""Two points of a line are less than 4096 pixels apart."""


class Box(NamedTuple):
    """Upright, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


Values = dict[tuple[str, str], Any]


def added(scene: Scene, shapes: Sequence[Shape]) -> tuple[list[str], Values]:
    """Their ids, and the values. Raises Invalid for an id that is taken."""
    ids = [shape.id or _new_id() for shape in shapes]
    for number, id_ in enumerate(ids):
        if id_ in scene["el"] or id_ in ids[:number]:
            raise Invalid(f"There is an element {id_} already: update it, or choose another id.")
    top = _top(scene)
    elements = [
        {"id": id_, **_element(shape), "z": top + number}
        for number, (id_, shape) in enumerate(zip(ids, shapes, strict=True))
    ]
    return ids, _values(elements)


def updated(scene: Scene, changes: Sequence[ChangeElement]) -> Values:
    """With the lines that hang on what moves. Raises Invalid for an element that isn't there."""
    elements = []
    for change in changes:
        element = _whole(scene, change.id)
        wanted = {
            name: getattr(change, name)
            for name in ("x", "y", "width", "height", "text", "color", "fill", "font_size", "kind")
        }
        elements.append({**element, **{name: value for name, value in wanted.items() if value is not None}})
    values = _values(elements)
    return {**values, **rerouted(scene, values)}


def connected(scene: Scene, connections: Sequence[Connection]) -> tuple[list[str], Values]:
    """Arrows from element to element, with their words at the middle. Raises Invalid."""
    values: Values = {}
    ids = []
    top = _top(scene)
    for number, one in enumerate(connections):
        boxes = [box_of(_whole(scene, end)) for end in (one.start, one.end)]
        id_ = one.id or _new_id()
        if id_ in scene["el"] or id_ in ids or one.start == one.end:
            raise Invalid(f"{id_} can't be drawn: its id is taken, or it begins where it ends.")
        ids.append(id_)
        arrow: dict[str, Any] = {
            "id": id_,
            "kind": "arrow",
            "start": one.start,
            "end": one.end,
            "z": top + 2 * number,
            "by": AI_USER,
        }
        if one.color:
            arrow["color"] = one.color
        values |= _values([{**arrow, **_way(*boxes)}])
        if one.text:
            values |= _values([_label(id_, one.text, boxes, top + 2 * number + 1)])
    return ids, values


def deleted(scene: Scene, ids: Sequence[str]) -> Values:
    """With the words at lines. Raises Invalid for an element that isn't there."""
    for id_ in ids:
        _whole(scene, id_)
    all_ids = [*ids, *(label_of(id_) for id_ in ids if label_of(id_) in scene["el"])]
    return {(root, id_): None for id_ in all_ids for root in ("el", "geo")}


def rerouted(scene: Scene, values: Mapping[tuple[str, str], Any]) -> Values:
    """The lines between elements of which some change to these values, and the words at those lines."""
    found: Values = {}
    for id_, style in scene["el"].items():
        ends = style.get("start"), style.get("end")
        if style["kind"] not in LINES or not any(
            (root, end) in values for root in ("el", "geo") for end in ends
        ):
            continue
        if ("el", id_) in values or not all(end in scene["el"] and end in scene["geo"] for end in ends):
            continue
        boxes = [box_of(_now(scene, values, str(end))) for end in ends]
        line = {key: value for key, value in _whole(scene, id_).items() if key != "points"}
        found |= _values([{**line, "angle": 0.0, "scale": 1.0, **_way(*boxes)}])
        if label_of(id_) in scene["el"]:
            label = _whole(scene, label_of(id_))
            found |= _values([{**label, **_at_middle(label.get("text", ""), boxes)}])
    return found


def box_of(element: Mapping[str, Any]) -> Box:
    """Of what has a size; turned elements as if they weren't."""
    width, height = element.get("width"), element.get("height")
    if element["kind"] == "text" and (width is None or height is None):
        lines, size = str(element.get("text", "")).split("\n"), element.get("font_size", 20.0)
        width = width or max(map(len, lines)) * size * GLYPH_WIDTH
        height = height or len(lines) * size * LINE_HEIGHT
    scale = element.get("scale", 1.0)
    width, height = (100.0 if one is None else one for one in (width, height))
    return Box(
        *(element["x"] + min(width * scale, 0.0), element["y"] + min(height * scale, 0.0)),
        *(abs(width * scale), abs(height * scale)),
    )


def label_of(line: str) -> str:
    """The id of the words at a line; what is too long has none."""
    return f"{line}-label"


def element_of(scene: Scene, id_: str) -> dict[str, Any]:
    """Style and place in one, as a script would draw it; points stay packed."""
    x, y, angle, scale, z = scene["geo"][id_]
    return {**scene["el"][id_], "id": id_, "x": x, "y": y, "angle": angle, "scale": scale, "z": z}


def _whole(scene: Scene, id_: str) -> dict[str, Any]:
    if id_ not in scene["el"] or id_ not in scene["geo"]:
        raise Invalid(f"There is no element {id_}.")
    return element_of(scene, id_)


def _now(scene: Scene, values: Mapping[tuple[str, str], Any], id_: str) -> dict[str, Any]:
    """An element as it will be."""
    roots = {root: {id_: values.get((root, id_)) or scene[root].get(id_)} for root in ("el", "geo")}
    return element_of(roots, id_)


def _element(shape: Shape) -> dict[str, Any]:
    width, height = _SIZES.get(shape.kind, _SIZE)
    is_box = shape.kind in BOXES and shape.kind != "text"
    wanted = {
        "kind": shape.kind,
        "x": shape.x,
        "y": shape.y,
        "width": shape.width or (width if is_box else None),
        "height": shape.height or (height if is_box else None),
        "text": shape.text,
        "color": shape.color,
        "fill": shape.fill,
        "font_size": shape.font_size,
        "points": shape.points,
        "by": AI_USER,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _values(elements: Iterable[Mapping[str, Any]]) -> Values:
    """Checked as whatever a script draws."""
    values: Values = {}
    for id_, style, place in elements_of(list(elements), 0):
        values["el", id_], values["geo", id_] = style, place
    return values


def _way(start: Box, end: Box) -> dict[str, Any]:
    """Of a line from edge to edge."""
    from_x, from_y = _edge(start, end.middle)
    to_x, to_y = _edge(end, start.middle)
    steps = max(1, round(max(abs(to_x - from_x), abs(to_y - from_y)) // _LONGEST_STEP) + 1)
    points = [
        [(to_x - from_x) * step / steps, (to_y - from_y) * step / steps, 0.5] for step in range(steps + 1)
    ]
    return {"x": from_x, "y": from_y, "points": packed(points, "points")}


def _edge(box: Box, toward: tuple[float, float]) -> tuple[float, float]:
    """Where the way from the middle of a box to a place leaves the box."""
    x, y = box.middle
    to_x, to_y = toward[0] - x, toward[1] - y
    if not to_x and not to_y:
        return x, y
    part = min((box.width / 2 + GAP) / abs(to_x or 1e-9), (box.height / 2 + GAP) / abs(to_y or 1e-9), 1.0)
    return x + to_x * part, y + to_y * part


def _label(line: str, text: str, boxes: Sequence[Box], z: float) -> dict[str, Any]:
    return {
        "id": label_of(line),
        "kind": "text",
        "text": text,
        "font_size": LABEL_SIZE,
        "z": z,
        "by": AI_USER,
        **_at_middle(text, boxes),
    }


def _at_middle(text: str, boxes: Sequence[Box]) -> dict[str, float]:
    """Beside the middle of the way between two boxes."""
    (from_x, from_y), (to_x, to_y) = (box.middle for box in boxes)
    is_upright = abs(to_y - from_y) > abs(to_x - from_x)
    x, y = (from_x + to_x) / 2, (from_y + to_y) / 2
    if is_upright:
        return {"x": x + GAP, "y": y - LABEL_SIZE * LINE_HEIGHT / 2}
    return {"x": x - len(text) * LABEL_SIZE * GLYPH_WIDTH / 2, "y": y - LABEL_SIZE * LINE_HEIGHT - GAP}


def _top(scene: Scene) -> float:
    """Above everything."""
    return max((float(place[4]) for place in scene["geo"].values()), default=0.0) + 1.0


def _new_id() -> str:
    return secrets.token_urlsafe(9)
