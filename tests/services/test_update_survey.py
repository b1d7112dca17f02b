"""What is wrong with an update is seen before anything compiled gets it; what a Yjs client writes passes."""

import random
import time
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from models.lib0 import Malformed, number
from services.update_survey import GENERIC, SKETCH, Block, survey
from tests.yjs import NULL, Pen, block, nested, struct, update_of

HOSTILE = {
    "nothing at all": b"",
    "garbage": random.Random(1).randbytes(5_000),  # noqa: S311
    "30,000 arrays in each other": nested(30_000),
    "5 arrays in each other": nested(5),
    "20,000 clients": update_of(*(block(client, 0, struct(NULL)) for client in range(1, 20_001))),
    "65 clients": update_of(*(block(client, 0, struct(NULL)) for client in range(1, 66))),
    "a client twice": update_of(block(1, 0, struct(NULL)), block(1, 1, struct(NULL))),
    "a client with nothing": update_of(block(1, 0)),
    "64 MB": bytes(64 * 2**20),
    "more structs than fit": number(1) + number(2**52) + number(1) + number(0),
    "a foreign root": update_of(block(1, 0, struct(NULL, root="other"))),
    "a list": update_of(block(1, 0, struct(NULL, key=None))),
    "a shared type": update_of(block(1, 0, struct(b"\x01", kind=7))),
    "a document within": update_of(block(1, 0, struct(b"\x01a\x76\x00", kind=9))),
    "a move": update_of(block(1, 0, struct(b"\x00\x00\x00", kind=11))),
    "a skip": update_of(block(1, 0, b"\x0a\x05")),
    "content of no kind": update_of(block(1, 0, struct(b"", kind=31))),
    "no values": update_of(block(1, 0, struct(b"\x00"))),
    "a value of no kind": update_of(block(1, 0, struct(b"\x01\x05"))),
    "a text that is not UTF-8": update_of(block(1, 0, struct(b"\x01\x77\x02\xc3\x28"))),
    "a key that is not UTF-8": update_of(block(1, 0, b"\x28\x01\x02el\x01\xff" + NULL)),
    "half a surrogate pair": update_of(block(1, 0, struct(b"\x01\x77\x03\xed\xa0\x80"))),
    "a long key": update_of(block(1, 0, struct(NULL, key="k" * 65))),
    "a clock beyond 31 bits": update_of(block(1, 2**31 - 1, struct(NULL))),
    "a length beyond 31 bits": update_of(block(1, 0, b"\x00" + number(2**32))),
    "a length of nothing": update_of(block(1, 0, b"\x00\x00")),
    "a client beyond 53 bits": update_of(number(1) + b"\xff" * 9 + b"\x01" + number(0) + struct(NULL)),
    "a number without end": b"\xff" * 100,
    "built on what comes after it": update_of(block(1, 0, b"\x88\x01\x00" + NULL)),
    "a deletion of no length": update_of(deletions=b"\x01\x01\x01\x00\x00"),
    "deletions of a client twice": update_of(deletions=b"\x02" + b"\x01\x01\x00\x01" * 2),
    "deletions without end": update_of(deletions=b"\x01\x01" + number(2**40)),
    "something after its end": update_of(block(1, 0, struct(NULL))) + b"\x00",
}


@pytest.mark.parametrize("update", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_client_writes_is_refused_at_once(update: bytes) -> None:
    began = time.perf_counter()

    with pytest.raises(Malformed):
        survey(update, SKETCH)

    assert time.perf_counter() - began < 0.5


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
