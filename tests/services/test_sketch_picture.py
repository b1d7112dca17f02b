"""The picture of a sketch with every kind of element, beside one that was looked at: tests/services/sketch.png.

Without words, because their look is the fonts' of the machine. Tolerance: no square of 12 pixels may differ by more
than 4 of 255 a channel on average, which another version of the renderer may do along an edge.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from services.sketch_svg import png
from tests.pictures import Picture, read, worst_tile
from tests.scenes import everything

REFERENCE = Path(__file__).with_name("sketch.png")
LONGEST, TOLERANCE = 320, 4.0

Scene = dict[str, dict[str, Any]]


def scene() -> Scene:
    """Every kind, and a filling of lines."""
    found = everything()
    for style in found["el"].values():
        style.pop("text", None)
    found["el"]["rhomb"]["fill_style"] = "cross-hatch"
    return found


def picture(of: Scene) -> Picture:
    return read(png(of, "", LONGEST))


@pytest.fixture(scope="module")
def reference() -> Picture:
    return read(REFERENCE.read_bytes())


def test_a_sketch_looks_as_it_did_when_somebody_looked_at_it(reference: Picture) -> None:
    assert worst_tile(picture(scene()), reference) <= TOLERANCE


@pytest.mark.parametrize(
    ("element", "change"),
    [
        ("pen", {"color": "#1e1e1e"}),
        ("pen", {"stroke_width": 4.0}),
        ("marker", {"opacity": 0.4}),
        ("line", {"end_head": "none"}),
        ("arrow", {"end_head": "arrow"}),
        ("box", {"round": False}),
        ("box", {"fill": "#d0ebdf"}),
        ("ring", {"stroke_style": "solid"}),
        ("rhomb", {"fill_style": "hachure"}),
        ("note", {"fill": "#fff3df"}),
        ("picture", {"width": 44.0}),
        ("frame", {"color": "#fa5252"}),
    ],
)
def test_one_thing_drawn_otherwise_is_seen(reference: Picture, element: str, change: dict[str, Any]) -> None:
    other = deepcopy(scene())
    other["el"][element].update(change)

    assert worst_tile(picture(other), reference) > TOLERANCE
