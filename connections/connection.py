"""One socket: its labels, what it listens to, and whether it keeps up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from connections.framing import TEXT, frame
from connections.outlet import Way
from models.facts import EVERYBODY

if TYPE_CHECKING:
    from connections.subscription import Subscription

LAGGING, BUSY = 1, 2
"""Why a connection is not read from: its own buffer is full, or it has asked for more than is done."""

Call = Callable[[], None]


class Writer(Protocol):
    """The socket below: writes finished frames, and says when its buffer is full and when it is gone."""

    @property
    def write(self) -> Callable[[bytes], None]: ...

    @property
    def window_bits(self) -> int:
        """Of the deflate that the peer understands; 0: none."""

    @property
    def way(self) -> Way:
        """The shortest at this moment; what it doesn't take is to be written at once."""

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame once; nothing is written after it."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def beat(self) -> None:
        """Called every few seconds: makes sure that the peer is still there."""

    def watch(self, paused: Call, resumed: Call, gone: Call) -> None: ...


class Connection:
    """Belongs to one manager, which alone changes its subscriptions.

    `owner` is who is counted for it. `labels` are the names by which a fact can end a topic for it; `dropped` is told
    the topic when one does, and `ended` is called when the socket is over.
    """

    __slots__ = (
        "_answers",
        "_holds",
        "_opcode",
        "_writer",
        "beat",
        "dropped",
        "ended",
        "id",
        "is_open",
        "is_paused",
        "labels",
        "owner",
        "subscriptions",
        "window_bits",
        "write",
    )

    def __init__(
        self,
        id_: str,
        writer: Writer,
        owner: str,
        labels: frozenset[str],
        dropped: Callable[[str], None],
        ended: Call,
        opcode: int = TEXT,
    ) -> None:
        self.id = id_
        self.owner = owner
        self.labels = labels
        self.dropped = dropped
        self.ended = ended
        self.subscriptions: dict[str, Subscription] = {}
        self.is_open = True
        self.is_paused = False
        self._answers: list[bytes] = []
        self._holds = 0
        self._opcode = opcode
        self._writer = writer
        self.write = writer.write
        self.window_bits = writer.window_bits
        self.beat = writer.beat

    @property
    def way(self) -> Way:
        return self._writer.way

    def send(self, payload: bytes) -> None:
        """One message to this socket alone."""
        if self.is_open:
            self._answers.append(frame(payload, self._opcode))
            self._flush()

    def send_soon(self, payload: bytes) -> None:
        """The same, in one write with what else is said in this tick of the loop: a commit answers many posts."""
        if self.is_open:
            if not self._answers:
                asyncio.get_running_loop().call_soon(self._flush)
            self._answers.append(frame(payload, self._opcode))

    def _flush(self) -> None:
        if self._answers:
            data = b"".join(self._answers)
            self._answers.clear()
            with suppress(RuntimeError):  # the transport was lost a moment ago, and tells so in a moment
                self.write(data)

    def close(self, code: int, reason: str) -> None:
        """Called by the manager, which has forgotten it before. What was answered still goes out."""
        self._flush()
        self._writer.close(code, reason)

    def hold(self, reason: int) -> None:
        """Reads nothing more from the peer until every reason is released."""
        if not self._holds:
            self._writer.pause_reading()
        self._holds |= reason

    def release(self, reason: int) -> None:
        if self._holds:
            self._holds &= ~reason
            if not self._holds:
                self._writer.resume_reading()

    def watch(self, paused: Call, resumed: Call, gone: Call) -> None:
        self._writer.watch(paused, resumed, gone)

    def is_meant(self, drops: str) -> bool:
        return drops == EVERYBODY or drops in self.labels
