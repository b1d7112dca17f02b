"""One socket: its labels, what it listens to, and whether it keeps up."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from connections.framing import frame
from models.facts import EVERYBODY

if TYPE_CHECKING:
    from connections.topic import Subscription


class Writer(Protocol):
    """The socket below: writes finished frames, and says when its buffer is full and when it is gone."""

    @property
    def write(self) -> Callable[[bytes], None]: ...

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame once; nothing is written after it."""

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None: ...


class Connection:
    """Belongs to one manager, which alone changes its subscriptions.

    `labels` are the names by which a fact can end a topic for it; `dropped` is told the topic when one does.
    """

    __slots__ = ("_writer", "dropped", "id", "is_open", "is_paused", "labels", "subscriptions", "write")

    def __init__(
        self, id_: str, writer: Writer, labels: frozenset[str], dropped: Callable[[str], None]
    ) -> None:
        self.id = id_
        self.labels = labels
        self.dropped = dropped
        self.subscriptions: dict[str, Subscription] = {}
        self.is_open = True
        self.is_paused = False
        self._writer = writer
        self.write = writer.write

    def send(self, payload: bytes) -> None:
        """One message to this socket alone."""
        if self.is_open:
            self.write(frame(payload))

    def close(self, code: int, reason: str) -> None:
        """Whoever closes a connection has its manager forget it first."""
        if self.is_open:
            self.is_open = False
            self._writer.close(code, reason)

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._writer.watch(paused, resumed, gone)

    def is_meant(self, drops: str) -> bool:
        return drops == EVERYBODY or drops in self.labels
