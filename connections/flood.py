"""Frames that say nothing: control frames, and what comes after our close. Nobody else counts them."""

from collections.abc import Callable

from connections.reader import Broken

IDLE_FRAMES, IDLE_SECONDS = 256, 4.0
"""Within so many seconds: past that the peer is flooding."""

TOO_MANY = 4029


class IdleFrames:
    """Of one socket."""

    __slots__ = ("_number", "_since")

    def __init__(self) -> None:
        self._number = 0
        self._since = 0.0

    def count(self, time: Callable[[], float]) -> None:
        """One more; raises Broken for a flood. The time is asked for seldom."""
        self._number += 1
        if self._number > IDLE_FRAMES:
            now, since = time(), self._since
            self._number, self._since = 0, now
            if now - since < IDLE_SECONDS:
                raise Broken(TOO_MANY, "too many frames")
