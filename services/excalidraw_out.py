"""A sketch as an `.excalidraw` file. What Excalidraw has no field for goes along as custom data, and comes back."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from services.excalidraw import PLAIN
from services.sketch_points import unpacked

_TYPES = {"stroke": "freedraw", "highlight": "freedraw", "note": "rectangle"}
_LABELLED = ("rectangle", "ellipse", "diamond")

_DEFAULTS: Mapping[str, Any] = {
    "angle": 0, "strokeColor": "#1e1e1e", "backgroundColor": "transparent", "fillStyle": "solid", "strokeWidth": 2,
    "strokeStyle": "solid", "roughness": 0, "opacity": 100, "groupIds": [], "frameId": None, "roundness": None,
    "seed": 1, "version": 1, "versionNonce": 1, "isDeleted": False, "boundElements": None, "updated": 1, "link": None,
    "locked": False,
}  # fmt: skip


def file_of(scene: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The whole file."""
    elements: list[dict[str, Any]] = []
    files: dict[str, Any] = {}
    keys = [key for key in scene["el"] if key in scene["geo"]]
    for key in sorted(keys, key=lambda key: (scene["geo"][key][4], key)):
        elements += _element(key, scene["el"][key], scene["geo"][key], files)
    background = scene["meta"].get("background", "#ffffff")
    return json.dumps(
        {
            "type": "excalidraw",
            "version": 2,
            "source": "chalkline",
            "elements": elements,
            "appState": {"viewBackgroundColor": background, "gridSize": None},
            "files": files,
        },
        separators=(",", ":"),
    ).encode()


def _element(
    key: str, style: Mapping[str, Any], place: Sequence[float], files: dict[str, Any]
) -> list[dict[str, Any]]:
    extra = json.loads(style["extra"]) if "extra" in style else {}
    type_ = _TYPES.get(style["kind"], style["kind"])
    element = {
        **_DEFAULTS,
        "type": type_,
        **extra,
        "id": key,
        "x": place[0],
        "y": place[1],
        "angle": place[2],
    }
    element |= {theirs: style[name] for theirs, name in PLAIN.items() if name in style}
    element["opacity"] = round(style.get("opacity", 1) * 100)
    ours = _what_they_lack(style, place, is_native="extra" not in style)
    if "points" in style:
        points = unpacked(style["points"])
        element["points"] = [[x, y] for x, y, _ in points]
        if type_ == "freedraw":
            element["pressures"] = [pressure for _, _, pressure in points]
            element.setdefault("simulatePressure", False)
    if "image" in style:
        element.setdefault("fileId", f"file-{key}")
        data = base64.b64encode(style["image"]).decode()
        url = f"data:{style['mime']};base64,{data}"
        files[element["fileId"]] = {
            "id": element["fileId"],
            "mimeType": style["mime"],
            "dataURL": url,
            "created": 1,
        }
    if "extra" not in style:
        element |= _native(style)
    if ours:
        element["customData"] = {**(element.get("customData") or {}), "chalkline": ours}
    return [element, *_label(key, style, element)]


def _what_they_lack(style: Mapping[str, Any], place: Sequence[float], *, is_native: bool) -> dict[str, Any]:
    """Goes along as custom data, so that it comes back."""
    ours: dict[str, Any] = {"native": True} if is_native else {}
    if style["kind"] in ("highlight", "note"):
        ours["kind"] = style["kind"]
    if style["kind"] in (*_LABELLED, "note") and style.get("text"):
        ours["text"] = style["text"]
    if place[3] != 1:
        ours["scale"] = place[3]
    return ours


def _native(style: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that an element drawn here needs to be one of Excalidraw's."""
    made: dict[str, Any] = {"width": style.get("width", 100.0), "height": style.get("height", 100.0)}
    if style["kind"] in ("line", "arrow"):
        made |= {"startArrowhead": None, "endArrowhead": None, "startBinding": None, "endBinding": None}
        for end in ("start", "end"):
            head = style.get(f"{end}_head", "arrow" if (style["kind"], end) == ("arrow", "end") else "none")
            made[f"{end}Arrowhead"] = None if head == "none" else head
    if style["kind"] == "text":
        made |= {
            "fontFamily": 5,
            "originalText": style.get("text", ""),
            "containerId": None,
            "lineHeight": 1.25,
        }
    if style.get("round"):
        made["roundness"] = {"type": 3}
    if style.get("group"):
        made["groupIds"] = [style["group"]]
    if style["kind"] == "note":
        made.setdefault("backgroundColor", style.get("fill", "#fff3bf"))
    return made


def _label(key: str, style: Mapping[str, Any], element: dict[str, Any]) -> list[dict[str, Any]]:
    """Excalidraw keeps the text of a shape in an element of its own."""
    if style["kind"] not in (*_LABELLED, "note") or not style.get("text"):
        return []
    element.pop("text", None)
    name = f"{key}-label"[-64:]
    element["boundElements"] = [*(element.get("boundElements") or []), {"type": "text", "id": name}]
    return [
        {
            **_DEFAULTS, "type": "text", "id": name, "x": element["x"], "y": element["y"],
            "width": element["width"], "height": element["height"], "text": style["text"],
            "originalText": style["text"], "fontSize": style.get("font_size", 20), "fontFamily": 5,
            "textAlign": style.get("align", "center"), "verticalAlign": style.get("valign", "middle"),
            "containerId": key, "lineHeight": 1.25, "customData": {"chalkline": {"label_of": key}},
        }
    ]  # fmt: skip
