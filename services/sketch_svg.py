"""A sketch as SVG, and that as PNG. Law: nothing from a sketch gets into the text unescaped, and nothing is fetched.

Runs in a process of its own (`services.painter`): values in, bytes out.
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import resvg_py
from perfect_freehand import get_stroke

from services.sketch_edits import unpacked

MOST_PIXELS = 4096  # of a PNG's longer side

INK, PAPER, NOTE = "#1e1e1e", "#ffffff", "#fff3bf"
LINE_HEIGHT, GLYPH_WIDTH, PADDING, MARGIN = 1.25, 0.55, 10, 16.0
FONT = "Nunito, 'DejaVu Sans', sans-serif"

Style = Mapping[str, Any]


class Shape(NamedTuple):
    """One element: what it draws, in its own coordinates, and its box there."""

    body: str
    box: tuple[float, float, float, float]


def svg(scene: Mapping[str, Mapping[str, Any]], title: str) -> bytes:
    """Every element that has a style and a place, in the order of z."""
    placed = [(key, style, scene["geo"][key]) for key, style in scene["el"].items() if key in scene["geo"]]
    placed.sort(key=lambda one: (one[2][4], one[0]))
    parts, boxes = [], []
    for _, style, place in placed:
        shape = PAINT[style["kind"]](style)
        parts.append(_put(shape, style, place))
        boxes.append(_around(shape, place))
    left, top, right, bottom = _union(boxes)
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    view = f"{_n(left - MARGIN)} {_n(top - MARGIN)} {_n(width)} {_n(height)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{_n(width)}" height="{_n(height)}">'
        f"<title>{_text(title)}</title>"
        f'<rect x="{_n(left - MARGIN)}" y="{_n(top - MARGIN)}" width="100%" height="100%" fill="{PAPER}"/>'
    )
    return "".join((head, *parts, "</svg>")).encode()


def png(scene: Mapping[str, Mapping[str, Any]], title: str, longest: int) -> bytes:
    """At twice its size, but no side longer than `longest`."""
    drawn = svg(scene, title).decode()
    width, height = (float(drawn.split(f' {side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
    zoom = min(2.0, min(longest, MOST_PIXELS) / max(width, height, 1.0))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn, width=max(1, round(width * zoom)), sans_serif_family="DejaVu Sans"
        )
    )


def _put(shape: Shape, style: Style, place: list[float]) -> str:
    x, y, angle, scale, _ = place
    left, top, right, bottom = shape.box
    turn = (
        f" rotate({_n(math.degrees(angle))} {_n((left + right) / 2)} {_n((top + bottom) / 2)})"
        if angle
        else ""
    )
    grow = f" scale({_n(scale)})" if scale != 1 else ""
    opacity = style.get("opacity", 0.4 if style["kind"] == "highlight" else 1)
    seen = f' opacity="{_n(opacity)}"' if opacity != 1 else ""
    return f'<g transform="translate({_n(x)} {_n(y)}){grow}{turn}"{seen}>{shape.body}</g>'


def _around(shape: Shape, place: list[float]) -> tuple[float, float, float, float]:
    x, y, angle, scale, _ = place
    left, top, right, bottom = shape.box
    middle_x, middle_y, sin, cos = (left + right) / 2, (top + bottom) / 2, math.sin(angle), math.cos(angle)
    xs, ys = [], []
    for corner_x, corner_y in ((left, top), (right, top), (left, bottom), (right, bottom)):
        away_x, away_y = corner_x - middle_x, corner_y - middle_y
        xs.append(x + scale * (middle_x + away_x * cos - away_y * sin))
        ys.append(y + scale * (middle_y + away_x * sin + away_y * cos))
    return min(xs), min(ys), max(xs), max(ys)


def _union(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    if not boxes:
        return 0.0, 0.0, 320.0, 200.0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


# Kinds.


def _stroke(style: Style) -> Shape:
    points = unpacked(style.get("points", b""))
    if not points:
        return Shape("", (0.0, 0.0, 0.0, 0.0))
    is_pen = style["kind"] == "stroke"
    size = style.get("stroke_width", 4) * (2 if is_pen else 4)
    outline = get_stroke(
        points, size=size, thinning=0.5 if is_pen else 0.0, simulate_pressure=False, last=True
    )
    box = _box(((x, y) for x, y, _ in points), size / 2)
    return Shape(f'<path d="{_closed(outline)}" fill="{_color(style, "color", INK)}"/>', box)


def _closed(outline: list[Any]) -> str:
    """Through the middles of the outline's edges, as curves."""
    if len(outline) < 3:
        return ""
    first = outline[0]
    steps = [f"M{_n(first[0])} {_n(first[1])}Q"]
    for here, after in zip(outline, [*outline[1:], first], strict=True):
        middle = (here[0] + after[0]) / 2, (here[1] + after[1]) / 2
        steps.append(f"{_n(here[0])} {_n(here[1])} {_n(middle[0])} {_n(middle[1])} ")
    return "".join((*steps, "Z"))


def _line(style: Style) -> Shape:
    points = [(x, y) for x, y, _ in unpacked(style.get("points", b""))]
    if len(points) < 2:
        points = [(0.0, 0.0), (float(style.get("width", 0)), float(style.get("height", 0)))]
    listed = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    line = f'<polyline points="{listed}" {_outline(style)} fill="none"/>'
    default = "arrow" if style["kind"] == "arrow" else "none"
    heads = _head(style, points[-1], points[-2], style.get("end_head", default))
    heads += _head(style, points[0], points[1], style.get("start_head", "none"))
    return Shape(line + heads, _box(points, style.get("stroke_width", 2) + 6))


def _head(style: Style, tip: tuple[float, float], before: tuple[float, float], kind: str) -> str:
    if kind == "none":
        return ""
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    size = 8 + 2 * style.get("stroke_width", 2)
    if kind == "dot":
        return f'<circle cx="{_n(tip[0])}" cy="{_n(tip[1])}" r="{_n(size / 3)}" fill="{_color(style, "color", INK)}"/>'
    spread = math.pi / 2 if kind == "bar" else 0.45
    wings = [
        (tip[0] - size * math.cos(angle + turn), tip[1] - size * math.sin(angle + turn))
        for turn in (spread, -spread)
    ]
    ends = (
        f"{_n(wings[0][0])},{_n(wings[0][1])} {_n(tip[0])},{_n(tip[1])} {_n(wings[1][0])},{_n(wings[1][1])}"
    )
    if kind in ("triangle", "diamond"):
        return f'<polygon points="{ends}" fill="{_color(style, "color", INK)}"/>'
    return f'<polyline points="{ends}" {_outline(style)} fill="none"/>'


def _rectangle(style: Style) -> Shape:
    left, top, width, height = _size(style)
    radius = min(abs(width), abs(height)) * 0.1 if style.get("round") else 0
    body = f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}" '
    return Shape(
        f"{body}{_outline(style)}{_fill(style)}/>{_label(style)}", (left, top, left + width, top + height)
    )


def _ellipse(style: Style) -> Shape:
    left, top, width, height = _size(style)
    body = f'<ellipse cx="{_n(left + width / 2)}" cy="{_n(top + height / 2)}" rx="{_n(width / 2)}" '
    body += f'ry="{_n(height / 2)}" {_outline(style)}{_fill(style)}/>'
    return Shape(body + _label(style), (left, top, left + width, top + height))


def _diamond(style: Style) -> Shape:
    left, top, width, height = _size(style)
    middle_x, middle_y = left + width / 2, top + height / 2
    corners = ((middle_x, top), (left + width, middle_y), (middle_x, top + height), (left, middle_y))
    listed = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
    body = f'<polygon points="{listed}" {_outline(style)}{_fill(style)}/>'
    return Shape(body + _label(style), (left, top, left + width, top + height))


def _note(style: Style) -> Shape:
    left, top, width, height = _size(style, 160)
    fill = _color(style, "fill", NOTE)
    body = (
        f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" rx="4" fill="{fill}"/>'
    )
    return Shape(body + _label(style, 160), (left, top, left + width, top + height))


def _words(style: Style) -> Shape:
    size = style.get("font_size", 20)
    lines = style.get("text", "").split("\n")
    width = style.get("width") or max(map(len, lines)) * size * 0.6
    height = style.get("height") or len(lines) * size * LINE_HEIGHT
    boxed = {**style, "width": width, "height": height, "align": style.get("align", "left")}
    return Shape(_label({"valign": "top", **boxed}), (0.0, 0.0, abs(width), abs(height)))


def _image(style: Style) -> Shape:
    left, top, width, height = _size(style)
    if "image" not in style or "mime" not in style:
        return Shape("", (left, top, left + width, top + height))
    data = base64.b64encode(style["image"]).decode()
    body = f'<image x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" '
    body += f'preserveAspectRatio="none" href="data:{_text(style["mime"])};base64,{data}"/>'
    return Shape(body, (left, top, left + width, top + height))


PAINT: Mapping[str, Callable[[Style], Shape]] = {
    "stroke": _stroke,
    "highlight": _stroke,
    "line": _line,
    "arrow": _line,
    "rectangle": _rectangle,
    "frame": _rectangle,
    "ellipse": _ellipse,
    "diamond": _diamond,
    "note": _note,
    "text": _words,
    "image": _image,
}


# Pieces.


def _lines(style: Style, width: float) -> list[str]:
    """Within an area lines are broken, by an estimate of the glyphs."""
    lines = str(style["text"]).split("\n")
    if style["kind"] == "text":
        return lines
    room = max(1, int((abs(width) - 2 * PADDING) / (style.get("font_size", 20) * GLYPH_WIDTH)))
    return [piece for line in lines for piece in wrap(line, room) or [""]]


def _label(style: Style, side: float = 100) -> str:
    """Lines of text within the element's box."""
    if not style.get("text"):
        return ""
    left, top, width, height = _size(style, side)
    lines = _lines(style, width)
    size, align = style.get("font_size", 20), style.get("align", "center")
    anchor, x = {
        "left": ("start", left),
        "center": ("middle", left + width / 2),
        "right": ("end", left + width),
    }[align]
    free = height - len(lines) * size * LINE_HEIGHT
    y = top + size + {"top": 0.0, "middle": free / 2, "bottom": free}[style.get("valign", "middle")]
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(y + number * size * LINE_HEIGHT)}">{_text(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    color = INK if style["kind"] == "note" and "color" not in style else _color(style, "color", INK)
    font = f'font-family="{_text(FONT)}" font-size="{_n(size)}"'
    return f'<text {font} text-anchor="{anchor}" fill="{color}">{spans}</text>'


def _outline(style: Style) -> str:
    width = style.get("stroke_width", 2)
    dashes = {"dashed": f"{_n(4 * width)} {_n(3 * width)}", "dotted": f"0.1 {_n(2 * width)}"}
    dash = dashes.get(style.get("stroke_style", "solid"))
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    color = _color(style, "color", INK)
    return (
        f'stroke="{color}" stroke-width="{_n(width)}" stroke-linecap="round" stroke-linejoin="round"{pattern}'
    )


def _fill(style: Style) -> str:
    return f' fill="{_color(style, "fill", "none")}"'


def _color(style: Style, name: str, default: str) -> str:
    color = style.get(name, default)
    return "none" if color == "transparent" else _text(color)


def _size(style: Style, side: float = 100) -> tuple[float, float, float, float]:
    """Left, top, width and height, whichever way it was drawn."""
    width, height = float(style.get("width", side)), float(style.get("height", side))
    return min(width, 0.0), min(height, 0.0), abs(width), abs(height)


def _box(points: Iterable[tuple[float, float]], border: float) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    return min(xs) - border, min(ys) - border, max(xs) + border, max(ys) + border


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _text(value: Any) -> str:
    """Escaped, and without what XML can't hold."""
    held = "".join(c for c in str(value) if c in "\t\n" or (c >= " " and c not in "\x7f\ufffe\uffff"))
    return escape(held, quote=True)
