"""Elements in rows along the arrows between them, as in a flow chart: longest path first, then neighbours together.

After Sugiyama, Tagawa and Toda (1981), without the finer points: an arrow that leads back is ignored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.ai_drawing import LayOut
from models.errors import Invalid
from services.ai_drawing import BOXES, LINES, Box, Values, box_of, element_of, rerouted
from services.sketch_alterations import Scene

SWEEPS = 4
MOST = 500


def laid_out(scene: Scene, ask: LayOut) -> Values:
    """The new places, with the lines between them. Raises Invalid for an element that can't be put anywhere."""
    boxes = _boxes(scene, ask.ids)
    arrows = [
        (style["start"], style["end"])
        for style in scene["el"].values()
        if style["kind"] in LINES and style.get("start") in boxes and style.get("end") in boxes
    ]
    rows = _in_rows(list(boxes), arrows)
    places = _places(rows, boxes, ask)
    values: Values = {}
    for id_, box in boxes.items():
        x, y, *rest = scene["geo"][id_]
        to_x, to_y = places[id_]
        values["geo", id_] = [x + to_x - box.left, y + to_y - box.top, *rest]
    return {**values, **rerouted(scene, values)}


def _boxes(scene: Scene, ids: Sequence[str]) -> dict[str, Box]:
    there = [key for key in scene["el"] if key in scene["geo"]]
    labels = {f"{key}-label" for key in there if scene["el"][key]["kind"] in LINES}
    chosen = list(ids) or [key for key in there if scene["el"][key]["kind"] in BOXES and key not in labels]
    for id_ in chosen:
        if id_ not in there or scene["el"][id_]["kind"] not in BOXES:
            raise Invalid(f"{id_} is no element that can be laid out.")
    if len(chosen) > MOST:
        raise Invalid(f"At most {MOST} elements are laid out at once: name those that you mean.")
    return {id_: box_of(element_of(scene, id_)) for id_ in chosen}


def _in_rows(ids: Sequence[str], arrows: Sequence[tuple[str, str]]) -> list[list[str]]:
    ahead = _without_circles(ids, arrows)
    depth = dict.fromkeys(ids, 0)
    for _ in ids:  # as often as a path can be long
        moved = False
        for start, ends in ahead.items():
            for end in ends:
                if depth[end] <= depth[start]:
                    depth[end], moved = depth[start] + 1, True
        if not moved:
            break
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id_ in ids:
        rows[depth[id_]].append(id_)
    return _untangled(rows, ahead)


def _without_circles(ids: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    ways: dict[str, list[str]] = defaultdict(list)
    for start, end in arrows:
        if end not in ways[start]:
            ways[start].append(end)
    ahead: dict[str, list[str]] = {id_: [] for id_ in ids}
    done: set[str] = set()
    for root in ids:
        path = [(root, iter(ways[root]))] if root not in done else []
        within = {root}
        while path:
            here, rest = path[-1]
            end = next(rest, "")
            if not end:
                path.pop()
                within.discard(here)
                done.add(here)
            elif end not in within:
                ahead[here].append(end)
                if end not in done:
                    within.add(end)
                    path.append((end, iter(ways[end])))
    return ahead


def _untangled(rows: list[list[str]], ahead: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each where its neighbours in the row before are, on the average; then the same upward."""
    behind: dict[str, list[str]] = defaultdict(list)
    for start, ends in ahead.items():
        for end in ends:
            behind[end].append(start)
    for sweep in range(SWEEPS):
        neighbours = behind if sweep % 2 == 0 else ahead
        order = {id_: number for row in rows for number, id_ in enumerate(row)}
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda id_: _average([order[one] for one in neighbours.get(id_, ())], order[id_]))
            order |= {id_: number for number, id_ in enumerate(row)}
    return rows


def _average(values: Sequence[int], otherwise: int) -> float:
    return sum(values) / len(values) if values else float(otherwise)


def _places(
    rows: Sequence[Sequence[str]], boxes: Mapping[str, Box], ask: LayOut
) -> dict[str, tuple[float, float]]:
    """Rows one behind the other, each around the same middle, from where the elements begin now."""
    is_down = ask.direction == "down"

    def across(id_: str) -> float:
        return boxes[id_].width if is_down else boxes[id_].height

    def along(id_: str) -> float:
        return boxes[id_].height if is_down else boxes[id_].width

    left = min((box.left for box in boxes.values()), default=0.0)
    top = min((box.top for box in boxes.values()), default=0.0)
    widths = [sum(map(across, row)) + ask.gap * (len(row) - 1) for row in rows]
    at = top if is_down else left
    places = {}
    for row, width in zip(rows, widths, strict=True):
        depth = max(map(along, row))
        beside = (left if is_down else top) + (max(widths) - width) / 2
        for id_ in row:
            middle = at + (depth - along(id_)) / 2
            places[id_] = (beside, middle) if is_down else (middle, beside)
            beside += across(id_) + ask.gap
        at += depth + ask.gap
    return places
