"""The port to the other instances: at most once, in no order that one may rely on. The log mends what it loses."""

from collections.abc import Callable, Sequence
from typing import Protocol

from models.facts import Entry

Heard = Callable[[str, Sequence[Entry]], None]
"""Called with a topic and entries that another instance told; never waits."""

Fence = Callable[[Sequence[str] | None], None]
"""Called when entries of these topics (None: of all) may have been lost: time to look at the heads of their logs."""


class Bus(Protocol):
    """Used by one manager. `open` before anything else; an async context manager where it owns tasks."""

    def open(self, heard: Heard, fence: Fence) -> None: ...

    async def listen(self, topic: str) -> None:
        """Returns when entries that others publish from now on are heard here."""

    def forget(self, topic: str) -> None: ...

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        """To the other instances. Never waits, never fails: what can't be sent is left to the log."""
