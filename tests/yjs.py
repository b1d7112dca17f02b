"""Yjs for tests: documents of pycrdt that note their updates, and updates that no Yjs client would write."""

from collections.abc import Mapping
from typing import Any

from pycrdt import Doc, Map

from models.lib0 import number, sized

STYLE: Mapping[str, Any] = {"kind": "stroke", "color": "#1971c2", "stroke_width": 2.0, "points": bytes(49)}
PLACE = [10.0, 20.0, 0.0, 1.0, 1.0]


class Pen:
    """A client's document. `updates` are what it would send, one an edit."""

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.el, self.geo, self.meta = (self.doc.get(root, type=Map) for root in ("el", "geo", "meta"))
        self.updates: list[bytes] = []
        self._watching = self.doc.observe(lambda event: self.updates.append(event.update))

    def draw(self, element: str, style: Any = STYLE, place: Any = PLACE) -> bytes:
        """The update that this edit made."""
        with self.doc.transaction():
            self.el[element] = dict(style)
            self.geo[element] = list(place)
        return self.updates[-1]

    def hear(self, *updates: bytes) -> None:
        for update in updates:
            self.doc.apply_update(update)

    def scene(self) -> dict[str, Any]:
        return {"el": self.el.to_py(), "geo": self.geo.to_py(), "meta": self.meta.to_py()}


def struct(content: bytes, *, kind: int = 8, root: str = "el", key: str | None = "a") -> bytes:
    """One struct whose parent is a root."""
    info = kind | (0x20 if key is not None else 0)
    return (
        bytes((info,))
        + number(1)
        + sized(root.encode())
        + (sized(key.encode()) if key is not None else b"")
        + content
    )


def block(client: int, clock: int, *structs: bytes) -> bytes:
    return number(len(structs)) + number(client) + number(clock) + b"".join(structs)


def update_of(*blocks: bytes, deletions: bytes = b"\x00") -> bytes:
    return number(len(blocks)) + b"".join(blocks) + deletions


NULL = b"\x01\x7e"
"""The content of one null."""


def nested(depth: int) -> bytes:
    """An array in an array in an array."""
    return update_of(block(1, 0, struct(b"\x01" + b"\x75\x01" * depth + b"\x7e")))
