"""What a model may ask for on a sketch: the arguments of its tools."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from models.ids import IdNumber
from models.sketches import ElementId
from models.text import ChannelName
from models.values import Ask

Number = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]
Size = Annotated[float, Meta(ge=1, le=100_000)]
Words = Annotated[str, Meta(max_length=2000)]
Color = Annotated[str, Meta(max_length=20)]
NewId = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]{1,40}$(?!\n)")]
Point = Annotated[list[Number], Meta(min_length=2, max_length=3)]
Kind = Literal["rectangle", "ellipse", "diamond", "note", "frame", "text", "line", "arrow", "stroke"]

MOST_AT_ONCE = 200


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """An element at x, y (pixels, y downward). `points` of a line, arrow or stroke count from there.

    `id` is a name of your choice for later calls; colours are like #1971c2.
    """

    kind: Kind
    x: Number = 0.0
    y: Number = 0.0
    id: NewId | None = None
    width: Size | None = None
    height: Size | None = None
    text: Words | None = None
    color: Color | None = None
    fill: Color | None = None
    font_size: Annotated[float, Meta(ge=1, le=1000)] | None = None
    points: Annotated[list[Point], Meta(min_length=2, max_length=1000)] | None = None


class ChangeElement(Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    id: ElementId
    x: Number | None = None
    y: Number | None = None
    width: Size | None = None
    height: Size | None = None
    text: Words | None = None
    color: Color | None = None
    fill: Color | None = None
    font_size: Annotated[float, Meta(ge=1, le=1000)] | None = None
    kind: Literal["rectangle", "ellipse", "diamond", "note"] | None = None


class Connection(Struct, frozen=True, forbid_unknown_fields=True):
    """An arrow from one element to another, maybe with words."""

    start: ElementId
    end: ElementId
    text: Annotated[str, Meta(max_length=100)] | None = None
    id: NewId | None = None
    color: Color | None = None


class ListSketches(Ask, frozen=True):
    """Of this channel."""


class CreateSketchHere(Ask, frozen=True):
    title: ChannelName


class ReadSketch(Ask, frozen=True):
    """`picture`: also as a picture, if you can see."""

    sketch_id: IdNumber
    picture: bool = False


class DrawShapes(Ask, frozen=True):
    sketch_id: IdNumber
    elements: Annotated[list[Shape], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class UpdateShapes(Ask, frozen=True):
    sketch_id: IdNumber
    elements: Annotated[list[ChangeElement], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class ConnectShapes(Ask, frozen=True):
    sketch_id: IdNumber
    connections: Annotated[list[Connection], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class DeleteShapes(Ask, frozen=True):
    sketch_id: IdNumber
    ids: Annotated[list[ElementId], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class LayOut(Ask, frozen=True):
    """Puts elements in rows along the arrows between them; all that can be, if `ids` is left out."""

    sketch_id: IdNumber
    ids: Annotated[list[ElementId], Meta(max_length=MOST_AT_ONCE)] = []
    direction: Literal["down", "right"] = "down"
    gap: Annotated[float, Meta(ge=10, le=500)] = 60.0
