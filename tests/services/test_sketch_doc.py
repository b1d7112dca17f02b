"""One sketch in memory: what is wrong is taken back, and what comes again changes nothing."""

import math
from typing import Any

import pytest

from bench.strokes import stroke
from models.lib0 import Malformed
from services import sketch_doc
from services.sketch_doc import Broke, SketchDoc
from tests.yjs import NULL, PLACE, STYLE, Pen, block, nested, struct, update_of

WRONG: dict[str, tuple[Any, Any]] = {
    "a kind that isn't": ({"kind": "virus"}, PLACE),
    "no kind": ({"color": "red"}, PLACE),
    "a field that isn't": ({"kind": "line", "onload": "alert(1)"}, PLACE),
    "a colour with a way out": ({"kind": "line", "color": 'red"/><script>'}, PLACE),
    "half a point": ({"kind": "stroke", "points": bytes(6)}, PLACE),
    "half a point of even pressure": ({"kind": "stroke", "points": b"\x01\x02\x03\x04"}, PLACE),
    "half a number": ({"kind": "stroke", "points": b"\x01\x02\x83"}, PLACE),
    "a step across the world": ({"kind": "stroke", "points": b"\x01\x02\xff\xff\xff\x01"}, PLACE),
    "a pressure beyond all": ({"kind": "stroke", "points": b"\x81\x02\x02\x02"}, PLACE),
    "10,001 points": ({"kind": "stroke", "points": bytes(1 + 3 * 10_001)}, PLACE),
    "10,001 points of even pressure": ({"kind": "stroke", "points": b"\x01" + bytes(2 * 10_001)}, PLACE),
    "a long text": ({"kind": "text", "text": "x" * 8_001}, PLACE),
    "a place of NaN": (STYLE, [math.nan, 0.0, 0.0, 1.0, 0.0]),
    "a place at infinity": (STYLE, [0.0, math.inf, 0.0, 1.0, 0.0]),
    "half a place": (STYLE, [0.0, 0.0]),
    "a place far out": (STYLE, [0.0, 1e9, 0.0, 1.0, 0.0]),
    "no scale": (STYLE, [0.0, 0.0, 0.0, 0.0, 0.0]),
}


def give(doc: SketchDoc, update: bytes) -> tuple[list[bytes], list[sketch_doc.Fault]]:
    return doc.apply(update, doc.look(update))


@pytest.mark.parametrize(("style", "place"), WRONG.values(), ids=WRONG.keys())
def test_a_new_element_that_is_wrong_is_taken_back_for_everyone(style: Any, place: Any) -> None:
    doc, pen, other = SketchDoc("sketch", []), Pen(), Pen()
    good = give(doc, pen.draw("good"))[0]

    told, faults = give(doc, pen.draw("bad", style, place))
    for one in (pen, other):
        one.hear(*good, *told)

    assert [fault.key for fault in faults] == ["bad"]
    assert pen.scene() == other.scene() == doc.scene()
    assert "bad" not in pen.el or "bad" not in pen.geo
    assert pen.el["good"]


def test_a_change_that_is_wrong_leaves_what_was_there() -> None:
    doc, pen = SketchDoc("sketch", []), Pen()
    give(doc, pen.draw("a"))

    told, faults = give(doc, pen.draw("a", STYLE, [math.nan] * 5))
    pen.hear(*told)

    assert len(faults) == 1
    assert pen.geo["a"] == PLACE
    assert doc.scene()["geo"]["a"] == PLACE


def test_what_comes_again_changes_nothing() -> None:
    doc, pen = SketchDoc("sketch", []), Pen()
    update = pen.draw("a")

    assert len(give(doc, update)[0]) == 1
    assert give(doc, update)[0] == []
    assert give(doc, pen.doc.get_update())[0] == []


def test_it_is_the_same_after_a_restart() -> None:
    doc, pen = SketchDoc("sketch", []), Pen()
    saved = [told for n in range(20) for told in give(doc, pen.draw(f"e{n % 7}"))[0]]

    replayed, whole = SketchDoc("sketch", saved), SketchDoc("sketch", [doc.state()])

    assert replayed.scene() == whole.scene() == doc.scene() == pen.scene()
    assert replayed.clocks == whole.clocks == doc.clocks
    assert replayed.elements == 7


def test_one_element_too_many_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_doc, "MAX_ELEMENTS", 3)
    doc, pen = SketchDoc("sketch", []), Pen()
    for number in range(3):
        give(doc, pen.draw(f"e{number}"))
    told, faults = give(doc, pen.draw("e3"))
    pen.hear(*told)

    assert [fault.key for fault in faults] == ["e3"]
    assert sorted(doc.scene()["el"]) == ["e0", "e1", "e2"]
    assert doc.elements == 3


def test_a_full_sketch_takes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_doc, "MAX_BYTES", 1_000)
    doc, pen = SketchDoc("sketch", []), Pen()

    for number in range(4):
        give(doc, pen.draw(f"e{number}"))
    updates = [pen.draw(f"e{number}") for number in range(4, 12)]
    with pytest.raises(Malformed, match="full"):  # how many fit is a matter of random numbers' sizes
        [give(doc, update) for update in updates]


def test_a_broken_log_is_told_and_does_not_become_an_empty_sketch() -> None:
    with pytest.raises(Broke):
        SketchDoc("sketch", [b"\x01\x01garbage"])


def test_what_is_refused_reaches_nothing() -> None:
    doc, pen = SketchDoc("sketch", []), Pen()
    give(doc, pen.draw("a"))
    before = doc.state()

    for update in (nested(30_000), update_of(block(1, 0, struct(NULL, root="other"))), b"\xff" * 50):
        with pytest.raises(Malformed):
            give(doc, update)

    assert SketchDoc("sketch", [doc.state()]).scene() == SketchDoc("sketch", [before]).scene()


def test_a_generic_document_has_so_many_shared_types_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_doc, "GENERIC_TYPES", 5)
    doc = SketchDoc("generic", [])
    for number in range(5):
        give(doc, update_of(block(number + 1, 0, struct(b"\x01", kind=7, root="any"))))

    with pytest.raises(Malformed, match="types"):
        give(doc, update_of(block(9, 0, struct(b"\x01", kind=7, root="any"))))


def test_what_the_measurements_draw_is_a_stroke_that_stays() -> None:
    doc = SketchDoc("sketch", [])

    told, faults = give(doc, stroke(7, 0, 1))

    assert (len(told), faults) == (1, [])
