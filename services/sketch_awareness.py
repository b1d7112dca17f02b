"""Who is at a sketch and what they are doing there: passing states, the newest of each client, bounded and unforgeable.

A client's id belongs to the seat that named it first. What others say of it is dropped: y-websocket's clients repeat
whatever they hear. The server writes `user` into each state itself.
"""

import json
from typing import Any, NamedTuple

from models.errors import Invalid
from models.wire import decode
from models.yjs import State

STATE_BYTES = 4096
CLIENTS_OF_A_SEAT = 4
GONE_SECONDS = 30.0
"""After so long without a word a client of another instance is gone; its own say a word every 15."""

MOST_STATES = 2000
GONE = "null"


class _Known(NamedTuple):
    state: State
    seat: object | None
    """None: it sits on another instance."""
    heard_at: float


class Awareness:
    """The states of one room. `changed` collects what the others are still to be told."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self.changed: dict[int, State] = {}

    def say(self, seat: object, user: dict[str, Any] | None, states: list[State], now: float) -> None:
        """From a socket here: only of its own clients, and only what is newer. Raises Invalid for one too large."""
        for state in states:
            known = self._known.get(state.client)
            if known is None and not self._may_begin(seat, state):
                continue
            if known is not None and (known.seat is not seat or state.clock <= known.state.clock):
                continue
            told = State(state.client, state.clock, _with_user(state.json, user))
            self._keep(told, seat, now)
            self.changed[state.client] = told

    def _may_begin(self, seat: object, state: State) -> bool:
        if state.json == GONE or len(self._known) >= MOST_STATES:
            return False
        return sum(known.seat is seat for known in self._known.values()) < CLIENTS_OF_A_SEAT

    def hear(self, states: list[State], now: float) -> None:
        """From another instance, which has checked it; nobody here is told again."""
        for state in states:
            known = self._known.get(state.client)
            if known is not None and (known.seat is not None or state.clock < known.state.clock):
                continue
            if known is not None or len(self._known) < MOST_STATES:
                self._keep(state, None, now)

    def _keep(self, state: State, seat: object | None, now: float) -> None:
        if state.json == GONE:
            self._known.pop(state.client, None)
        else:
            self._known[state.client] = _Known(state, seat, now)

    def leave(self, seat: object) -> None:
        """The socket is gone, and its clients with it."""
        for client, known in list(self._known.items()):
            if known.seat is seat:
                self._end(client, known)

    def expire(self, now: float) -> None:
        """Forgets the clients of instances that have fallen silent."""
        for client, known in list(self._known.items()):
            if known.seat is None and now - known.heard_at > GONE_SECONDS:
                self._end(client, known)

    def _end(self, client: int, known: _Known) -> None:
        del self._known[client]
        self.changed[client] = State(client, known.state.clock + 1, GONE)

    def all(self) -> list[State]:
        return [known.state for known in self._known.values()]

    def take_changed(self) -> list[State]:
        changed = list(self.changed.values())
        self.changed.clear()
        return changed


def _with_user(text: str, user: dict[str, Any] | None) -> str:
    if text == GONE:
        return GONE
    if len(text.encode()) > STATE_BYTES:
        raise Invalid(f"What a client says of itself is at most {STATE_BYTES} bytes.")
    state = decode(text, dict[str, Any])
    state.pop("user", None)
    if user:
        state["user"] = user
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))
