"""What no Yjs client writes: updates and messages that end whoever sends them, and harm nobody else."""

import random

from models import yjs
from models.lib0 import number
from tests.yjs import NULL, Pen, block, nested, struct, update_of

UPDATES = {
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
"""To be refused before anything compiled gets to see them."""

MESSAGES = {
    "garbage": b"\x07garbage",
    "an empty message": b"",
    "a truncated update": yjs.sync_update(Pen().draw("a"))[:-5],
    "30,000 arrays in each other": yjs.sync_update(nested(30_000)),
    "20,000 clients": yjs.sync_update(update_of(*(block(c, 0, struct(NULL)) for c in range(1, 20_001)))),
    "a foreign root": yjs.sync_update(update_of(block(1, 0, struct(NULL, root="secrets")))),
    "a state vector without end": yjs.sync_step_1(number(2**40)),
    "awareness without end": b"\x01\x05" + number(2**30),
    "a step that isn't": b"\x00\x09\x00",
}
"""To be refused as a whole."""
