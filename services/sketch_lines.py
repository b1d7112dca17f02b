"""The outlines of ink and the ways of lines as SVG paths, as web/src/sketch/shapes.ts draws them on the page."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from perfect_freehand import get_stroke

from services.sketch_points import unpacked

Style = Mapping[str, Any]
At = tuple[float, float]

PEN, THINNING = 2.6, 0.6
NO_PRESSURE = 128 / 255
"""What devices tell that know none: a pen is thinner then where it was moved faster."""


def ink(style: Style) -> tuple[str, list[At], float]:
    """The path around a stroke or highlight, its points, and how broad it is."""
    points = unpacked(style.get("points", b""))
    is_pen = style["kind"] == "stroke"
    size = style.get("stroke_width", 2) * (PEN if is_pen else 1)
    outline = get_stroke(
        points,
        size=size,
        thinning=THINNING if is_pen else 0.0,
        smoothing=0.5,
        streamline=0.35,
        simulate_pressure=is_pen and all(point[2] == NO_PRESSURE for point in points),
        last=True,
    )
    return _closed(outline), [(x, y) for x, y, _ in points], size


def _closed(outline: Sequence[Any]) -> str:
    """Through the middles of the outline's edges, as curves."""
    if len(outline) < 3:
        return ""
    first = outline[0]
    steps = [f"M{short(first[0])} {short(first[1])}Q"]
    for here, after in zip(outline, [*outline[1:], first], strict=True):
        steps.append(_curve(here, ((here[0] + after[0]) / 2, (here[1] + after[1]) / 2)))
    return "".join((*steps, "Z"))


def _curve(by: Any, to: Any) -> str:
    return f"{short(by[0])} {short(by[1])} {short(to[0])} {short(to[1])} "


def way(points: Sequence[At], *, is_round: bool) -> str:
    """From point to point, around the corners if it is round."""
    first, *rest = points
    begin = f"M{short(first[0])} {short(first[1])}"
    if not is_round or len(rest) < 2:
        return begin + "".join(f"L{short(x)} {short(y)}" for x, y in rest)
    steps = [f"{begin}Q"]
    for index, (here, after) in enumerate(pairwise(rest)):
        is_last = index == len(rest) - 2
        steps.append(_curve(here, after if is_last else ((here[0] + after[0]) / 2, (here[1] + after[1]) / 2)))
    return "".join(steps)


def head(kind: str, tip: At, before: At, width: float) -> tuple[str, bool]:
    """The path of an arrow's head, and whether it is filled."""
    angle, size = math.atan2(tip[1] - before[1], tip[0] - before[0]), 8 + 2.5 * width
    sin, cos = math.sin(angle), math.cos(angle)

    def through(*corners: At) -> str:
        return way(
            [
                (tip[0] + size * (along * cos - aside * sin), tip[1] + size * (along * sin + aside * cos))
                for along, aside in corners
            ],
            is_round=False,
        )

    wings = ((-1, -0.5), (0, 0), (-1, 0.5))
    match kind:
        case "arrow":
            return through(*wings), False
        case "bar":
            return through((0, -0.5), (0, 0.5)), False
        case "triangle":
            return through(*wings) + "Z", True
        case "diamond":
            return through((-1, 0), (-0.5, -1 / 3), (0, 0), (-0.5, 1 / 3)) + "Z", True
        case _:
            radius = short(size / 4)
            x, y = tip[0] - size / 4 * cos, tip[1] - size / 4 * sin
            arc = f"a{radius} {radius} 0 1 0"
            return (
                f"M{short(x - size / 4)} {short(y)}{arc} {short(size / 2)} 0{arc} {short(-size / 2)} 0Z",
                True,
            )


def short(value: float) -> str:
    """A number with as many digits as can be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
