"""What is wrong with an update is seen before anything compiled gets it; what a Yjs client writes passes."""

import random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from models.lib0 import Malformed
from services.update_survey import GENERIC, SKETCH, Block, survey
from tests.corpus import UPDATES
from tests.cpu import seconds_of
from tests.yjs import NULL, Pen, block, struct, update_of


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES.keys())
def test_what_no_client_writes_is_refused_at_once(update: bytes) -> None:
    def refused() -> None:
        with pytest.raises(Malformed):
            survey(update, SKETCH)

    assert seconds_of(refused, tries=1) < 0.5


def test_every_truncation_is_refused() -> None:
    pen = Pen()
    update = pen.draw("a")

    for size in range(len(update)):
        with pytest.raises(Malformed):
            survey(update[:size], SKETCH)


def test_whatever_the_bytes_are_nothing_else_is_raised() -> None:
    chance = random.Random(7)  # noqa: S311 - the same every time
    pen = Pen()
    good = pen.draw("a")
    for _ in range(20_000):
        bad = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            survey(bytes(bad), SKETCH)
            survey(bytes(bad), GENERIC)
        except Malformed:
            pass


def test_what_a_client_writes_passes_and_tells_its_clocks() -> None:
    pen = Pen()
    client = pen.doc.client_id

    first = survey(pen.draw("a"), SKETCH)
    second = survey(pen.draw("a"), SKETCH)

    assert first.blocks == [Block(client, 0, 2)]
    assert second.blocks == [Block(client, 2, 4)]
    assert not first.is_early({})
    assert second.is_early({})
    assert not second.is_early({client: 2})


def test_a_whole_document_passes() -> None:
    pen = Pen()
    for number_ in range(300):
        pen.draw(f"e{number_ % 100}")
    del pen.el["e1"]

    seen = survey(pen.doc.get_update(), SKETCH)

    assert not seen.is_early({})


def test_an_update_with_a_gap_is_early() -> None:
    update = update_of(block(5, 3, struct(NULL)))

    assert survey(update, SKETCH).is_early({})
    assert survey(update, SKETCH).is_early({5: 2})
    assert not survey(update, SKETCH).is_early({5: 3})


def test_an_update_that_deletes_what_is_not_there_is_early() -> None:
    update = update_of(deletions=b"\x01\x09\x01\x00\x02")

    assert survey(update, SKETCH).is_early({9: 1})
    assert not survey(update, SKETCH).is_early({9: 2})


def test_an_update_that_follows_what_is_not_there_is_early() -> None:
    update = update_of(block(1, 0, b"\x88\x09\x04" + NULL))

    assert survey(update, SKETCH).is_early({9: 4})
    assert not survey(update, SKETCH).is_early({9: 5})


def test_a_generic_document_may_hold_texts_lists_and_types_within_types() -> None:
    doc: Doc[Any] = Doc()
    doc["text"] = text = Text()
    doc["list"] = Array([Map({"deep": Array([1, {"a": None}, b"b", "ü"])})])
    text += "Hallo 👋🏽"
    text.format(0, 3, {"bold": True})

    seen = survey(doc.get_update(), GENERIC)

    assert seen.types == 2
    with pytest.raises(Malformed):
        survey(doc.get_update(), SKETCH)


def test_a_text_counts_its_clocks_as_javascript_does() -> None:
    doc: Doc[Any] = Doc()
    doc["text"] = text = Text()
    text += "a👋"

    assert survey(doc.get_update(), GENERIC).blocks == [Block(doc.client_id, 0, 3)]
