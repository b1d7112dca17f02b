"""A sketch as plain JSON: each element with its place, points as [x, y, pressure], bytes in base64."""

import base64
from collections.abc import Mapping
from typing import Any

import orjson

from services.sketch_points import unpacked
from services.sketch_schema import PLACE


def json_of(scene: Mapping[str, Mapping[str, Any]], title: str) -> bytes:
    """Every element that has a style and a place."""
    elements = [_element(key, scene) for key in scene["el"] if key in scene["geo"]]
    return orjson.dumps({"title": title, "meta": scene["meta"], "elements": elements}, default=_base64)


def _element(key: str, scene: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    style, place = dict(scene["el"][key]), scene["geo"][key]
    if "points" in style:
        style["points"] = unpacked(style["points"])
    return {"id": key, **style, **dict(zip(PLACE, place, strict=True))}


def _base64(value: object) -> str:
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode()
