"""One socket's place in a room: what it may do, and how much of it."""

from collections.abc import Sequence
from typing import Any, Protocol

from models import wire, yjs
from models.errors import Invalid
from services.sketch_doc import Fault

FRAMES, FRAMES_SECONDS = 1500, 5
"""What one socket may say in so many seconds: strokes, cursors, and what y-websocket repeats of others' cursors."""

NEW_CLIENTS, NEW_CLIENTS_SECONDS = 64, 60
"""Ids of clients that one socket may bring into the document in so many seconds: each costs every later edit."""

ANSWERS, ANSWERS_SECONDS = 12, 10
"""Times in so many seconds that a socket may ask for what it lacks, which may be the whole sketch."""

EARLY = 4
"""Updates in a row that build on what the server doesn't have, each answered by asking for it."""

NOTICES = 8
"""Of what one update did wrong."""

TOO_MANY = 4029


class Ended(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Peer(Protocol):
    """The socket itself. Nothing here waits."""

    def send(self, message: bytes) -> None: ...
    def close(self, code: int, reason: str) -> None: ...
    def hold(self) -> None:
        """Reads no more from it until `release`."""

    def release(self) -> None: ...


class Allowance:
    """So many within so many seconds."""

    __slots__ = ("_left", "_most", "_seconds", "_since")

    def __init__(self, most: int, seconds: float) -> None:
        self._most = self._left = most
        self._seconds = seconds
        self._since = 0.0

    def take(self, now: float, what: str, number: int = 1) -> None:
        """Raises Ended when there was too much."""
        if now - self._since >= self._seconds:
            self._since, self._left = now, self._most
        self._left -= number
        if self._left < 0:
            raise Ended(TOO_MANY, f"too many {what}")


class Seat:
    """`user` is who sits there, None for whoever follows a link; `wants_notices` if it knows our own messages."""

    def __init__(
        self,
        peer: Peer,
        user: dict[str, Any] | None,
        *,
        may_draw: bool,
        wants_notices: bool,
        is_limited: bool,
    ) -> None:
        self.peer = peer
        self.user = user
        self.may_draw = may_draw
        self.wants_notices = wants_notices
        self._is_limited = is_limited
        self.received = 0
        """Sync messages with an update that it has sent."""
        self.saved = 0
        self.waiting_bytes = 0
        self.early = 0
        self.frames = Allowance(FRAMES, FRAMES_SECONDS)
        self.answers = Allowance(ANSWERS, ANSWERS_SECONDS)
        self.clients = Allowance(NEW_CLIENTS, NEW_CLIENTS_SECONDS)

    def count_frame(self, now: float) -> None:
        if self._is_limited:
            self.frames.take(now, "frames")

    def notice(self, code: str, detail: str, **more: str) -> None:
        """To those who know such messages."""
        if self.wants_notices:
            self.peer.send(yjs.notice(wire.encode({"code": code, "detail": detail, **more})))

    def notice_faults(self, faults: Sequence[Fault]) -> None:
        for fault in faults[:NOTICES]:
            self.notice("taken_back", fault.why, root=fault.root, key=fault.key)

    @property
    def user_id(self) -> int | None:
        return self.user["id"] if self.user else None


def text_of(fault: Invalid | Exception) -> str:
    """For a close frame, which has room for 123 bytes."""
    return str(fault).encode()[:120].decode(errors="ignore")
