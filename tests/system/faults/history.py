"""What a run writes down, one line an operation, in the order it happened: enough to judge the server by it alone.

A client that gets no answer doesn't know what became of its post: that is `info`. `fail` stands only where the server
has refused a post for good that it can't have seen before.
"""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, NamedTuple, TypeAlias

import msgspec


class Row(NamedTuple):
    """A fact in a log; `hashed` is of all that it says."""

    seq: int
    key: str
    hashed: int


class Noted(msgspec.Struct, omit_defaults=True, tag_field="f", tag=str.lower):
    """`t` is in seconds of this machine's monotonic clock."""

    t: float


class Send(Noted):
    """A post on its way, to the instance at `port`.

    `key` is its client_id, which no other post of the run has; `hashed` is what it says.
    """

    type: Literal["invoke", "ok", "fail", "info"]
    client: str
    chan: int
    key: str
    seq: int = 0
    why: str = ""
    hashed: int = 0
    port: int = 0


class Sub(Noted):
    """A subscription that was granted; `sub` numbers those of one client. Facts follow from `after` (None: `head`)."""

    client: str
    user: int
    chan: int
    sub: int
    head: int
    after: int | None = None
    port: int = 0


class Recv(Noted):
    """Facts that a subscription brought, as seq and hash."""

    client: str
    chan: int
    sub: int
    rows: list[tuple[int, int]]


class Read(Noted):
    """The whole log of a channel, as one instance gives it when all is quiet."""

    instance: int
    chan: int
    rows: list[Row]


class Removal(Noted):
    """Somebody was put out of a channel. Its seq stands in the channel's log."""

    chan: int
    user: int


class Strike(Noted):
    """What the nemesis did, and until when."""

    what: str
    until: float
    note: str = ""


Op: TypeAlias = Send | Sub | Recv | Read | Removal | Strike

NAP = "napping"
"""What clients are called who stop reading now and then, and hear late by their own doing."""

JOINED, LEFT = "joined:", "left:"
"""A key of a fact that isn't a post is its kind, and about whom it is."""


class Message(msgspec.Struct):
    author_id: int
    text: str
    client_id: str | None = None


class Frame(msgspec.Struct):
    """All that a server says to a socket, as far as anyone looks at it here."""

    type: str
    seq: int = 0
    channel_id: int | None = None
    message: Message | None = None
    user_id: int | None = None
    ref: str | None = None
    head_seq: int = 0
    events: "list[Frame] | None" = None
    code: str = ""
    after_ms: int = 0


class Events(msgspec.Struct):
    """A page of a log."""

    epoch: str
    head_seq: int
    events: list[Frame]


frame_of = msgspec.json.Decoder(Frame).decode
events_of = msgspec.json.Decoder(Events).decode


def hash_of(fact: Frame) -> int:
    """Of who said what under which name."""
    if fact.message is not None:
        return hash_said(fact.message.author_id, fact.message.client_id, fact.message.text)
    return zlib.crc32(key_of(fact).encode())


def hash_said(author: int, key: str | None, text: str) -> int:
    return zlib.crc32(f"{author} {key} {text}".encode())


def key_of(fact: Frame) -> str:
    if fact.message is not None:
        return fact.message.client_id or ""
    return f"{fact.type.removeprefix('member.')}:{fact.user_id}"


def row_of(fact: Frame) -> Row:
    return Row(fact.seq, key_of(fact), hash_of(fact))


class Recorder:
    """Writes the history. One a run, used from one thread: so the order of its lines is the order of what happened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] = path.open("wb", buffering=1 << 20)
        self._encode = msgspec.json.Encoder().encode

    def add(self, op: Op) -> None:
        self._file.write(self._encode(op) + b"\n")

    def send(
        self, kind: Literal["invoke", "ok", "fail", "info"], client: str, chan: int, key: str, *, seq: int = 0,
        why: str = "", hashed: int = 0, port: int = 0,
    ) -> None:  # fmt: skip
        self.add(Send(time.monotonic(), kind, client, chan, key, seq, why, hashed, port))

    def close(self) -> None:
        self._file.close()


class History:
    """A history file, to be read as often as one likes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Op]:
        decode = msgspec.json.Decoder(Op).decode
        with self.path.open("rb") as file:
            for line in file:
                yield decode(line)
