"""Sketches as SVG, PNG and Excalidraw's files: everything is there, nothing gets out of its place."""

import json
import struct
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from models.errors import Invalid
from services.excalidraw import scene_of
from services.excalidraw_out import file_of
from services.sketch_points import packed, unpacked
from services.sketch_schema import KINDS, place_faults, style_faults
from services.sketch_svg import png, svg
from tests.scenes import everything, excalidraw_file

EVIL = "\"'><script>alert(1)</script><image href='http://evil.example/x'/>&\x00\x1b]]>"


def brought_in(file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return scene_of(file["elements"], file["files"], file["appState"].get("viewBackgroundColor"))


def test_every_kind_is_drawn_and_none_is_forgotten() -> None:
    scene = everything()
    drawn = svg(scene, "everything").decode()

    assert {style["kind"] for style in scene["el"].values()} == set(KINDS)
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert len([one for one in root if one.tag.endswith("}g")]) == len(scene["el"])
    assert all(len(one) > 0 for one in root if one.tag.endswith("}g"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_element_gets_out_of_its_place(kind: str) -> None:
    fields = ("color", "fill", "text", "align", "mime", "group", "link", "extra")
    style = {
        **everything()["el"]["pen"],
        "image": b"x",
        **dict.fromkeys(fields, EVIL),
        "kind": kind,
        "align": "left",
    }

    drawn = svg({"el": {EVIL: style}, "geo": {EVIL: [0.0, 0.0, 0.0, 1.0, 0.0]}, "meta": {}}, EVIL).decode()

    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert "evil.example" not in drawn or "href='http" not in drawn
    links = [value for one in root.iter() for name, value in one.attrib.items() if name.endswith("href")]
    assert all(link.startswith("data:") for link in links)
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]


def test_an_empty_sketch_is_an_empty_picture() -> None:
    drawn = png({"el": {}, "geo": {}, "meta": {}}, "", 512)

    assert drawn.startswith(b"\x89PNG")


def test_a_picture_is_no_larger_than_asked_for() -> None:
    drawn = png(everything(), "everything", 300)

    assert max(struct.unpack("!II", drawn[16:24])) == 300


def test_a_very_long_picture_is_one_still() -> None:
    scene: dict[str, dict[str, Any]] = {
        "el": {"a": {"kind": "line", "width": 1e7, "height": 0.0}},
        "geo": {"a": [0.0, 0.0, 0.0, 1.0, 0.0]},
        "meta": {},
    }

    assert png(scene, "", 2048).startswith(b"\x89PNG")


def test_points_come_back_to_an_eighth_of_a_pixel() -> None:
    points = [(0.0, 0.0, 0.5), (3.13, -4000.0, 1.0), (-90.01, 90.06, 0.0)]

    again = unpacked(packed(points, "points"))

    for (x, y, pressure), (to_x, to_y, to_pressure) in zip(points, again, strict=True):
        assert abs(x - to_x) <= 1 / 16
        assert abs(y - to_y) <= 1 / 16
        assert abs(pressure - to_pressure) <= 1 / 255


def test_a_file_with_every_element_comes_in_goes_out_and_comes_in_equal() -> None:
    file = excalidraw_file()
    first = brought_in(file)
    out = json.loads(file_of(first))
    again = brought_in(out)

    assert again == first
    assert [one["type"] for one in out["elements"]] == [one["type"] for one in file["elements"][:-1]]
    for before, after in zip(file["elements"], out["elements"], strict=False):
        same = {name: value for name, value in before.items() if name not in ("points", "pressures")}
        assert {name: after.get(name) for name in same} == same
    assert out["files"]["f1"]["dataURL"] == file["files"]["f1"]["dataURL"]
    assert out["appState"]["viewBackgroundColor"] == "#fdf8f6"


def test_what_was_drawn_here_comes_back_from_excalidraw() -> None:
    first = brought_in(json.loads(file_of(everything())))
    again = brought_in(json.loads(file_of(first)))

    assert again == first
    assert {key: style["kind"] for key, style in first["el"].items()} == {
        key: style["kind"] for key, style in everything()["el"].items()
    }
    assert first["el"]["note"]["text"] == "remember"
    assert first["el"]["box"]["text"] == "box"
    assert first["geo"]["ring"][3] == 1.25


def test_all_that_comes_in_keeps_the_rules() -> None:
    scene = brought_in(excalidraw_file())

    assert not any(style_faults(style) for style in scene["el"].values())
    assert not any(place_faults(place) for place in scene["geo"].values())


@pytest.mark.parametrize(
    "element",
    [
        {"type": "virus", "id": "a", "x": 0, "y": 0},
        {"id": "a"},
        {"type": "freedraw", "points": "none", "x": 0, "y": 0},
        {"type": "line", "points": [[0, 0], [1e12, 0]], "x": 0, "y": 0},
        {"type": "rectangle", "x": "left", "y": 0},
        {"type": "rectangle", "x": 1e300, "y": 0},
        {"type": "text", "text": "x" * 9000, "x": 0, "y": 0},
        {"type": "freedraw", "points": [[0, 0]] * 10_001, "x": 0, "y": 0},
    ],
)
def test_an_element_that_makes_no_sense_is_named(element: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        scene_of([element], {})
