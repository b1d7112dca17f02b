"""One sketch as a Yjs document in memory. Nothing reaches pycrdt that `services.update_survey` hasn't let through.

A change of it comes out as what pycrdt says has changed: a repetition changes nothing, and is told nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from pycrdt import Doc, Map

from models.lib0 import Malformed
from models.sketches import Profile
from models.yjs import NOTHING, read_state_vector
from services.sketch_schema import FAULTS, MAX_ELEMENTS
from services.update_survey import GENERIC, GENERIC_TYPES, OURS, SKETCH, Survey, survey

MAX_BYTES = 16 * 2**20
"""Of one document, encoded: more would hold up everyone while it is loaded."""

OVERHEAD = 6
"""Bytes in memory for each encoded one: 22 MB for 3.55 MB, measured."""

ROOTS = tuple(FAULTS)


class Broke(Exception):
    """pycrdt failed at something that had passed every check: the document can't be trusted any more."""


class Fault(NamedTuple):
    """A change that was taken back: the root and key it was at, and why."""

    root: str
    key: str
    why: str


class SketchDoc:
    """Not for use by several threads: pycrdt's documents belong to the one that made them."""

    def __init__(self, profile: Profile, saved: Iterable[bytes]) -> None:
        """From what is on disk, in its order. Raises Broke."""
        self._profile = profile
        self._bounds = SKETCH if profile == "sketch" else GENERIC
        self._doc: Doc[Any] = Doc()
        self._updates: list[bytes] = []
        self._events: list[tuple[str, Mapping[str, Any]]] = []
        self._full: bytes | None = None
        self.clocks: dict[int, int] = {}
        self.types = self.bytes = 0
        self._replay(saved)
        self._roots = {root: self._doc.get(root, type=Map) for root in ROOTS} if profile == "sketch" else {}
        self.elements = len(self._roots["el"]) if self._roots else 0
        # Below pycrdt's wrappers, which make objects of all that an event might be asked for: half the time of an edit.
        inner = self._doc._doc  # noqa: SLF001
        self._watching = [inner.observe(self._changed), *(self._watch(root) for root in self._roots)]

    def _replay(self, saved: Iterable[bytes]) -> None:
        with _one_error():
            for update in saved:
                self._doc.apply_update(update)
                self.types += survey(update, OURS).types if self._profile == "generic" else 0
                self.bytes += len(update)
            self.clocks = read_state_vector(self._doc.get_state())

    def _watch(self, root: str) -> Any:
        return self._roots[root].integrated.observe(lambda event: self._events.append((root, event.keys)))

    def _changed(self, event: Any) -> None:
        self._updates.append(event.update)

    @property
    def memory(self) -> int:
        """Bytes that it is taken to need."""
        return OVERHEAD * self.bytes + 32_768

    def look(self, update: bytes) -> Survey:
        """What it is made of. Raises Malformed, also for what would not fit into the document any more."""
        if self.bytes + len(update) > MAX_BYTES:
            raise Malformed("the sketch is full")
        seen = survey(update, self._bounds)
        if self.types + seen.types > GENERIC_TYPES:
            raise Malformed("the document has too many shared types")
        return seen

    def apply(self, update: bytes, seen: Survey) -> tuple[list[bytes], list[Fault]]:
        """Somebody's edit: what it changed, and what of it was taken back at once. Raises Broke.

        The update must not be early (`Survey.is_early`).
        """
        self._begin()
        with _one_error():
            self._take_in(update)
        self._know(seen)
        faults = self._faults()
        if faults:
            self._take_back(faults)
        return self._end(), [fault for fault, _ in faults]

    def _take_in(self, update: bytes) -> None:
        """As pycrdt's `apply_update`, without the wrappers, which cost as much as the edit."""
        inner = self._doc._doc  # noqa: SLF001
        transaction = inner.create_transaction()
        try:
            inner.apply_update(transaction, update)
            transaction.commit()
        finally:
            transaction.drop()

    def hear(self, update: bytes, *, is_whole: bool) -> None:
        """What another instance has saved. Raises Broke."""
        self._begin()
        with _one_error():
            self._take_in(update)
            if is_whole:
                self.clocks = read_state_vector(self._doc.get_state())
            else:
                self._know(survey(update, OURS))
        self._count()
        self._end()

    def edit(self, change: Callable[[Mapping[str, Any]], None]) -> list[bytes]:
        """The server's own edit of a sketch's roots, as one change. Raises what `change` raises, and Broke."""
        self._begin()
        with self._doc.transaction():
            change(self._roots)
        self._count()
        updates = self._end()
        for update in updates:
            self._know(survey(update, OURS))
        return updates

    def _begin(self) -> None:
        self._updates.clear()
        self._events.clear()

    def _end(self) -> list[bytes]:
        updates = [update for update in self._updates if update != NOTHING]
        self._begin()
        if updates:
            self._full = None
            self.bytes += sum(map(len, updates))
        return updates

    def _know(self, seen: Survey) -> None:
        self.types += seen.types
        for client, _, end in seen.blocks:
            if end > self.clocks.get(client, 0):
                self.clocks[client] = end

    def _count(self) -> None:
        for root, keys in self._events:
            if root == "el":
                actions = [key["action"] for key in keys.values()]
                self.elements += actions.count("add") - actions.count("delete")

    def _faults(self) -> list[tuple[Fault, Mapping[str, Any]]]:
        """Only of a sketch: a generic document has no roots that are watched."""
        self._count()
        found: list[tuple[Fault, Mapping[str, Any]]] = []
        excess = self.elements - MAX_ELEMENTS
        for root, keys in self._events:
            for key, change in keys.items():
                if change["action"] == "delete":
                    continue
                why = _first(FAULTS[root](change["newValue"]))
                if root == "el" and change["action"] == "add" and excess > 0 and not why:
                    excess, why = excess - 1, f"A sketch has at most {MAX_ELEMENTS} elements"
                if why:
                    found.append((Fault(root, key, why), change))
        return found

    def _take_back(self, faults: list[tuple[Fault, Mapping[str, Any]]]) -> None:
        """By an edit of our own, so that everybody comes to the same picture again."""
        self._events.clear()
        with _one_error(), self._doc.transaction():
            for fault, change in faults:
                if "oldValue" in change:
                    self._roots[fault.root][fault.key] = plain(change["oldValue"])
                else:
                    del self._roots[fault.root][fault.key]
        self._count()
        self.clocks = read_state_vector(self._doc.get_state())

    def close(self) -> None:
        """Let go of: what watches the document is held by Rust, where Python finds no cycles."""
        for watching in self._watching:
            watching.drop()
        self._watching.clear()

    # What it holds.

    def state_vector(self) -> bytes:
        return self._doc.get_state()

    def state(self) -> bytes:
        """The whole of it, as one update."""
        if self._full is None:
            self._full = self._doc.get_update()
            self.bytes = len(self._full)
        return self._full

    def since(self, state_vector: bytes) -> bytes:
        """What somebody lacks who is at this state vector. Raises Malformed."""
        if not read_state_vector(state_vector):
            return self.state()
        with _one_error():
            return self._doc.get_update(state_vector)

    def scene(self) -> dict[str, dict[str, Any]]:
        """A sketch's roots as plain values."""
        return {root: plain(shared.to_py() or {}) for root, shared in self._roots.items()}


def plain(value: Any) -> Any:
    """Without bytearrays, which pycrdt gives and doesn't take."""
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _first(faults: Mapping[str, str]) -> str | None:
    return next((f"{name}: {why}" if name else why for name, why in faults.items()), None)


class _one_error(AbstractContextManager[None]):  # noqa: N801 - reads like a function
    """Whatever pycrdt raises, a panic of Rust's too, is Broke."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
            return
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Broke(f"{type(error).__name__}: {error}") from error
