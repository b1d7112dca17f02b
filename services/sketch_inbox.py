"""What a crowd says between two frames, to be heard together when the next one is due: code that ran a moment ago runs
several times as fast as after a rest (docs/decisions.md, "A stroke's way has few steps").
"""

from collections.abc import Callable

from services.sketch_seat import Ended, Seat

MOST_BYTES = 256 * 1024
"""More isn't kept: then all of it is heard at once."""


class Inbox:
    """Belongs to one room, whose `hear` takes one message of a seat and may raise Ended."""

    def __init__(self, hear: Callable[[Seat, bytes], None]) -> None:
        self._hear = hear
        self._waiting: list[tuple[Seat, bytes]] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return self._bytes > MOST_BYTES

    def put(self, seat: Seat, message: bytes) -> None:
        self._waiting.append((seat, message))
        self._bytes += len(message)

    def empty(self) -> None:
        """All that waits is heard, in the order in which it came."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        for seat, message in waiting:
            try:
                self._hear(seat, message)
            except Ended as end:
                seat.peer.close(end.code, end.reason)
