"""A sketch as SVG, and that as PNG. Law: nothing from a sketch gets into the text unescaped, and nothing is fetched.

Runs in a process of its own (`services.painter`): values in, bytes out.
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple
from zlib import crc32

import resvg_py

from services.sketch_lines import Style, head, ink, way
from services.sketch_lines import short as _n
from services.sketch_points import unpacked

MOST_PIXELS = 4096  # of a PNG's longer side

INK, PAPER, NOTE = "#1e1e1e", "#ffffff", "#fff3bf"
LINE_HEIGHT, GLYPH_WIDTH, PADDING, MARGIN = 1.25, 0.55, 10, 16.0
FONT = "Nunito, 'DejaVu Sans', sans-serif"


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
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{_n(width)}" height="{_n(height)}">'
        f"<title>{_text(title)}</title>"
        f'<rect x="{_n(left - MARGIN)}" y="{_n(top - MARGIN)}" width="100%" height="100%" fill="{PAPER}"/>'
    )
    patterns = _patterns(style for _, style, _ in placed)
    return "".join((begin, patterns, *parts, "</svg>")).encode()


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
    opacity = style.get("opacity", 1) * (0.4 if style["kind"] == "highlight" else 1)
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
    path, points, size = ink(style)
    if not points:
        return Shape("", (0.0, 0.0, 0.0, 0.0))
    return Shape(f'<path d="{path}" fill="{_color(style, "color", INK)}"/>', _box(points, size / 2))


def _line(style: Style) -> Shape:
    points = [(x, y) for x, y, _ in unpacked(style.get("points", b""))]
    if len(points) < 2:
        points = [(0.0, 0.0), (float(style.get("width", 0)), float(style.get("height", 0)))]
    line = f'<path d="{way(points, is_round=bool(style.get("round")))}" {_outline(style)} fill="none"/>'
    default = "arrow" if style["kind"] == "arrow" else "none"
    heads = _head(style, points[-1], points[-2], style.get("end_head", default))
    heads += _head(style, points[0], points[1], style.get("start_head", "none"))
    return Shape(line + heads, _box(points, style.get("stroke_width", 2) + 6))


def _head(style: Style, tip: tuple[float, float], before: tuple[float, float], kind: str) -> str:
    if kind == "none":
        return ""
    path, is_filled = head(kind, tip, before, style.get("stroke_width", 2))
    fill = _color(style, "color", INK) if is_filled else "none"
    return f'<path d="{path}" {_outline({**style, "stroke_style": "solid"})} fill="{fill}"/>'


def _rectangle(style: Style) -> Shape:
    left, top, width, height = _size(style)
    radius = _radius(width, height) if style.get("round") else 0
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
    body = f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" '
    body += f'rx="{_n(_radius(width, height))}" fill="{fill}"/>'
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
    color = INK if style["kind"] == "note" else _color(style, "color", INK)
    font = f'font-family="{_text(FONT)}" font-size="{_n(size)}"'
    return f'<text {font} text-anchor="{anchor}" fill="{color}">{spans}</text>'


def _outline(style: Style) -> str:
    width = style.get("stroke_width", 2)
    dashes = {"dashed": f"{_n(8 + width)} {_n(6 + width)}", "dotted": f"0.1 {_n(2.2 * width)}"}
    dash = dashes.get(style.get("stroke_style", "solid"))
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    color = _color(style, "color", INK)
    return (
        f'stroke="{color}" stroke-width="{_n(width)}" stroke-linecap="round" stroke-linejoin="round"{pattern}'
    )


def _fill(style: Style) -> str:
    if style.get("fill_style", "solid") == "solid" or style.get("fill", "transparent") == "transparent":
        return f' fill="{_color(style, "fill", "none")}"'
    return f' fill="url(#{_hatching(style)[0]})"'


def _hatching(style: Style) -> tuple[str, str]:
    """The name of a pattern of lines, and the pattern. Equal ones have one name."""
    color, is_crossed = _color(style, "fill", "none"), style["fill_style"] != "hachure"
    lines = "M-2 2 2-2M0 8 8 0M6 10 10 6" + ("M-2 6 2 10M0 0 8 8M6-2 10 2" if is_crossed else "")
    name = f"h{crc32(f'{color}{is_crossed}'.encode()):x}"
    pattern = f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="8" height="8">'
    return name, f'{pattern}<path d="{lines}" stroke="{color}" stroke-width="1.5"/></pattern>'


def _patterns(styles: Iterable[Style]) -> str:
    """Every pattern that is used, once."""
    used = (style for style in styles if style.get("fill_style", "solid") != "solid")
    return "".join(f"<defs>{pattern}</defs>" for pattern in sorted({_hatching(style)[1] for style in used}))


def _radius(width: float, height: float) -> float:
    return min(8, width / 4, height / 4)


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


def _text(value: Any) -> str:
    """Escaped, and without what XML can't hold."""
    held = "".join(c for c in str(value) if c in "\t\n" or (c >= " " and c not in "\x7f\ufffe\uffff"))
    return escape(held, quote=True)
