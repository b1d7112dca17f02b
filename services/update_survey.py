"""Looks through a Yjs update (v1) before anything compiled gets to see it.

Below is Rust that trusts its input: nesting overflows its stack, texts are taken for UTF-8 unseen, and a clock that
leaves a gap makes it show what no other client shows. No `except` catches the first. So whatever isn't exactly what a
Yjs client writes, within the bounds, is refused here: Malformed. What only comes too early, `Survey.is_early` tells.

The format is that of yjs/src/utils/encoding.js: blocks of structs per client, then the deleted ranges per client.
"""

from collections.abc import Mapping
from typing import NamedTuple

from models.lib0 import Lib0Reader, Malformed

GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP, MOVE = range(12)

MAX_CLOCK = 2**31 - 1
"""Rust counts them in 32 bits."""

_ORIGIN, _RIGHT_ORIGIN, _HAS_KEY, _CONTENT = 0x80, 0x40, 0x20, 0x1F
_PARENT_IS_ROOT = 1
_WHOLE_NUMBER, _TEXT, _MAP, _LIST, _BYTES = 125, 119, 118, 117, 116
_FIXED = {127: 0, 126: 0, 121: 0, 120: 0, 124: 4, 123: 8, 122: 8}
"""Values of a fixed size: undefined, null, false, true, float32, float64, bigint."""

_TYPES = 7
"""Array, Map, Text and their XML kin."""


class Bounds(NamedTuple):
    """What an update may hold. Without `roots` any root, and shared types within each other."""

    bytes: int
    contents: frozenset[int]
    roots: frozenset[str] | None = None
    clients: int = 64
    structs: int = 40_000
    values: int = 400_000
    depth: int = 4
    key_characters: int = 64
    deletions: int = 200_000


class Block(NamedTuple):
    """What one client wrote: its clocks from `begin` to `end`, exclusive."""

    client: int
    begin: int
    end: int


class Survey(NamedTuple):
    """What an update is made of."""

    blocks: list[Block]
    needs: dict[int, int]
    """A client -> the clock up to which it must be known for this update to make sense."""
    types: int
    """Shared types that it makes."""

    def is_early(self, known: Mapping[int, int]) -> bool:
        """Whether it builds on something that is not in `known`, a state vector, nor in itself."""
        ends: dict[int, int] = {}
        for client, begin, end in self.blocks:
            if begin > known.get(client, 0):
                return True
            ends[client] = end
        return any(
            clock > known.get(client, 0) and clock > ends.get(client, 0)
            for client, clock in self.needs.items()
        )

    def is_news(self, known: Mapping[int, int]) -> bool:
        """Whether it says anything that is not in `known`."""
        return self.is_early(known) or any(end > known.get(client, 0) for client, _, end in self.blocks)

    def new_clients(self, known: Mapping[int, int]) -> list[int]:
        return [client for client, _, _ in self.blocks if client not in known]


def survey(update: bytes, bounds: Bounds) -> Survey:
    """Raises Malformed."""
    if len(update) > bounds.bytes:
        raise Malformed("the update is too large")
    return _Surveyor(update, bounds).look()


class _Surveyor:
    def __init__(self, update: bytes, bounds: Bounds) -> None:
        self._reader = Lib0Reader(update)
        self._bounds = bounds
        self._needs: dict[int, int] = {}
        self._structs = self._values = self._types = 0

    def look(self) -> Survey:
        blocks = self._blocks()
        self._deletions(len(blocks))
        self._reader.finish()
        return Survey(blocks, self._needs, self._types)

    def _blocks(self) -> list[Block]:
        count = self._reader.number()
        if count > self._bounds.clients:
            raise Malformed("too many clients in one update")
        blocks: list[Block] = []
        for _ in range(count):
            structs, client, begin = self._reader.number(), self._reader.number(), self._reader.number()
            self._structs += structs
            if self._structs > self._bounds.structs:
                raise Malformed("too many changes in one update")
            if structs == 0 or any(client == block.client for block in blocks):
                raise Malformed("a client stands in it twice, or for nothing")
            clock = begin
            for _ in range(structs):
                clock += self._struct(client, clock)
            if clock > MAX_CLOCK:
                raise Malformed("a clock is too large")
            blocks.append(Block(client, begin, clock))
        return blocks

    def _struct(self, client: int, clock: int) -> int:
        """How many clocks it takes."""
        info = self._reader.byte()
        kind = info & _CONTENT
        if kind == GC:
            return self._length(self._reader.number())
        if kind not in self._bounds.contents:
            raise Malformed(f"content of kind {kind} is not taken here")
        if info & _ORIGIN:
            self._need(client, clock)
        if info & _RIGHT_ORIGIN:
            self._need(client, clock)
        if not info & (_ORIGIN | _RIGHT_ORIGIN):
            self._parent(client, clock, has_key=bool(info & _HAS_KEY))
        return self._content(kind)

    def _need(self, client: int, clock: int) -> None:
        """The name of another struct, which must be there before this one."""
        other, at = self._reader.number(), self._reader.number()
        if at >= MAX_CLOCK or (other == client and at >= clock):
            raise Malformed("it builds on what comes after it")
        if at >= self._needs.get(other, 0):
            self._needs[other] = at + 1

    def _parent(self, client: int, clock: int, *, has_key: bool) -> None:
        roots = self._bounds.roots
        if self._reader.number() == _PARENT_IS_ROOT:
            name = self._reader.text()
            if roots is not None and name not in roots:
                raise Malformed("this root is not part of a sketch")
        elif roots is not None:
            raise Malformed("a sketch has no shared types within each other")
        else:
            self._need(client, clock)
        if has_key:
            if len(self._reader.text()) > self._bounds.key_characters:
                raise Malformed("a key is too long")
        elif roots is not None:
            raise Malformed("the roots of a sketch are maps")

    def _content(self, kind: int) -> int:
        reader = self._reader
        if kind == ANY:
            count = reader.number()
            for _ in range(self._length(count)):
                self._any(self._bounds.depth)
            return count
        if kind == DELETED:
            return self._length(reader.number())
        if kind == STRING:
            text = reader.text()
            return self._length(len(text.encode("utf-16-le")) // 2)
        self._single(kind)
        return 1

    def _single(self, kind: int) -> None:
        """Content that always takes one clock."""
        if kind == BINARY:
            self._reader.bytes()
        elif kind == EMBED:
            self._json(self._reader.text())
        elif kind == FORMAT:
            self._reader.text()
            self._json(self._reader.text())
        elif kind == TYPE:
            self._type()

    def _type(self) -> None:
        kind = self._reader.byte()
        if kind >= _TYPES:
            raise Malformed("there is no such shared type")
        self._types += 1
        if kind in (3, 5):  # XML elements and hooks have a name
            self._reader.text()

    def _json(self, text: str) -> None:
        if len(text) > 4096 or text.count("[") + text.count("{") > self._bounds.depth * 16:
            raise Malformed("a JSON value is too large")

    def _length(self, length: int) -> int:
        if not 0 < length <= MAX_CLOCK:
            raise Malformed("a length is out of bounds")
        return length

    def _any(self, depth: int) -> None:
        """A value: tags count down from 127."""
        self._values += 1
        if self._values > self._bounds.values:
            raise Malformed("too many values in one update")
        reader = self._reader
        tag = reader.byte()
        if tag in _FIXED:
            reader.skip(_FIXED[tag])
        elif tag == _TEXT:
            reader.text()
        elif tag == _WHOLE_NUMBER:
            reader.skip_signed()
        elif tag in (_MAP, _LIST):
            self._collection(depth, has_keys=tag == _MAP)
        elif tag == _BYTES:
            reader.bytes()
        else:
            raise Malformed("there is no such kind of value")

    def _collection(self, depth: int, *, has_keys: bool) -> None:
        if depth <= 0:
            raise Malformed("values are nested too deep")
        for _ in range(self._reader.number()):
            if has_keys:
                self._reader.text()
            self._any(depth - 1)

    def _deletions(self, written: int) -> None:
        """Of any client that is known: a client that comes back sends all deletions it ever saw."""
        reader, ranges = self._reader, 0
        seen: set[int] = set()
        for _ in range(reader.number()):
            client, count = reader.number(), reader.number()
            ranges += count
            if client in seen or ranges + len(seen) > self._bounds.deletions + written:
                raise Malformed("too many deletions in one update")
            seen.add(client)
            for _ in range(count):
                end = reader.number() + self._length(reader.number())
                if end > MAX_CLOCK:
                    raise Malformed("a clock is too large")
                if end > self._needs.get(client, 0):
                    self._needs[client] = end


SKETCH = Bounds(4 * 2**20, frozenset((DELETED, ANY)), frozenset(("el", "geo", "meta")))
"""A sketch's own profile: three maps of plain values."""

GENERIC = Bounds(4 * 2**20, frozenset((DELETED, BINARY, STRING, EMBED, FORMAT, TYPE, ANY)))
"""Any Yjs document, but for documents within documents and the legacy content that no client writes any more."""

OURS = GENERIC._replace(
    bytes=64 * 2**20, clients=2**20, structs=2**24, values=2**26, deletions=2**24, key_characters=2**16
)
"""What an instance has let in already: only the clocks are of interest."""

GENERIC_TYPES = 4096
"""Shared types that one document may ever have made: as many as may be nested in each other without harm."""
