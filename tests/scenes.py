"""Scenes with one of everything: as a sketch holds it, and as an `.excalidraw` file does."""

import base64
from typing import Any

from services.sketch_points import packed

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WAVE = packed([[n * 4, (n % 7) * 6, 0.3 + n / 60] for n in range(40)], "points")
LINE = packed([[0, 0], [60, 20], [120, -10]], "points")

STYLES: dict[str, dict[str, Any]] = {
    "pen": {"kind": "stroke", "color": "#1971c2", "stroke_width": 3.0, "points": WAVE},
    "marker": {"kind": "highlight", "color": "#ffe066", "stroke_width": 6.0, "points": WAVE},
    "line": {"kind": "line", "color": "#e03131", "points": LINE, "stroke_style": "dashed", "end_head": "dot"},
    "arrow": {"kind": "arrow", "points": LINE, "start_head": "bar", "end_head": "triangle"},
    "box": {
        "kind": "rectangle",
        "width": 120.0,
        "height": 60.0,
        "fill": "#d0ebff",
        "round": True,
        "text": "box",
    },
    "ring": {"kind": "ellipse", "width": 90.0, "height": 60.0, "stroke_style": "dotted", "opacity": 0.5},
    "rhomb": {"kind": "diamond", "width": 90.0, "height": 60.0, "fill": "#b2f2bb"},
    "words": {
        "kind": "text",
        "text": "two\nlines",
        "font_size": 20.0,
        "align": "left",
        "width": 90.0,
        "height": 50.0,
    },
    "note": {"kind": "note", "text": "remember", "fill": "#fff3bf", "width": 120.0, "height": 120.0},
    "picture": {"kind": "image", "image": PIXEL, "mime": "image/png", "width": 40.0, "height": 40.0},
    "frame": {"kind": "frame", "width": 500.0, "height": 420.0, "color": "#868e96"},
}


def everything() -> dict[str, dict[str, Any]]:
    """Each kind at a place of its own, one turned and one grown."""
    geo = {
        key: [float(20 + n % 3 * 160), float(30 + n // 3 * 110), 0.3 if key == "box" else 0.0, 1.0, float(n)]
        for n, key in enumerate(STYLES)
    }
    geo["ring"][3] = 1.25
    geo["frame"] = [0.0, 0.0, 0.0, 1.0, -1.0]
    return {
        "el": {key: dict(style) for key, style in STYLES.items()},
        "geo": geo,
        "meta": {"background": "#ffffff"},
    }


def excalidraw_file() -> dict[str, Any]:
    """Every element that Excalidraw knows, each with fields that a sketch has no place for."""
    shared = {
        "angle": 0, "strokeColor": "#1e1e1e", "backgroundColor": "#ffc9c9", "fillStyle": "hachure", "strokeWidth": 2,
        "strokeStyle": "solid", "roughness": 1, "opacity": 80, "groupIds": ["g1"], "frameId": None,
        "roundness": {"type": 3}, "seed": 99, "version": 7, "versionNonce": 5, "isDeleted": False,
        "boundElements": None, "updated": 1700000000000, "link": None, "locked": False, "width": 100, "height": 50,
    }  # fmt: skip
    line = {
        "points": [[0, 0], [50.125, 20], [9000, 100]], "lastCommittedPoint": None, "startBinding": None,
        "endBinding": {"elementId": "rectangle", "focus": 0.1, "gap": 4}, "startArrowhead": None,
        "endArrowhead": "circle_outline", "elbowed": False,
    }  # fmt: skip
    text = {
        "text": "hi <b>", "fontSize": 28, "fontFamily": 5, "textAlign": "center", "verticalAlign": "middle",
        "containerId": "rectangle", "originalText": "hi <b>", "autoResize": True, "lineHeight": 1.25,
    }  # fmt: skip
    special: dict[str, dict[str, Any]] = {
        "rectangle": {}, "ellipse": {}, "diamond": {}, "line": line, "arrow": line, "text": text,
        "freedraw": {"points": [[0, 0], [3.5, 4.25], [8, 2]], "pressures": [0.2, 0.5, 1], "simulatePressure": False},
        "image": {"fileId": "f1", "status": "saved", "scale": [1, 1], "crop": None},
        "frame": {"name": "Frame"}, "magicframe": {"name": None}, "embeddable": {}, "iframe": {},
    }  # fmt: skip
    elements = [
        {**shared, "id": kind, "type": kind, "x": n * 10.5, "y": -n, "index": f"a{n}", **fields}
        for n, (kind, fields) in enumerate(special.items())
    ]
    data = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    return {
        "type": "excalidraw",
        "version": 2,
        "source": "https://excalidraw.com",
        "elements": [
            *elements,
            {**shared, "id": "gone", "type": "rectangle", "x": 0, "y": 0, "isDeleted": True},
        ],
        "appState": {"viewBackgroundColor": "#fdf8f6", "gridSize": None},
        "files": {"f1": {"id": "f1", "mimeType": "image/png", "dataURL": data, "created": 1}},
    }
