"""What is said over a sketch's socket: y-websocket's messages, and two of ours that others ignore.

A message is its kind and what the kind says: sync (its step and a byte string), awareness, the question for awareness.
"""

from typing import NamedTuple

from models.lib0 import Lib0Reader, Malformed, number, sized

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
STEP_1, STEP_2, UPDATE = 0, 1, 2

SAVED, NOTICE = 100, 101
"""Ours: how many of the socket's sync messages are on disk; a JSON text that says what was refused, and why."""

NOTHING = b"\x00\x00"
"""The update that changes nothing."""


class State(NamedTuple):
    """What one client says of itself for now; the state is JSON, `null` when it has gone."""

    client: int
    clock: int
    json: str


def sync_step_1(state_vector: bytes) -> bytes:
    return b"\x00\x00" + sized(state_vector)


def sync_step_2(update: bytes) -> bytes:
    return b"\x00\x01" + sized(update)


def sync_update(update: bytes) -> bytes:
    return b"\x00\x02" + sized(update)


def update_of(message: bytes) -> bytes:
    """The update in a message made by `sync_update`."""
    reader = Lib0Reader(message)
    reader.skip(2)
    return reader.bytes()


def saved(messages: int) -> bytes:
    return number(SAVED) + number(messages)


def notice(json: bytes) -> bytes:
    return number(NOTICE) + sized(json)


def awareness(states: list[State]) -> bytes:
    parts = [number(len(states))]
    for state in states:
        parts += (number(state.client), number(state.clock), sized(state.json.encode()))
    return number(AWARENESS) + sized(b"".join(parts))


def read_awareness(data: bytes, most: int) -> list[State]:
    """The states in the body of a message; raises Malformed, also for more than `most` of them."""
    reader = Lib0Reader(data)
    count = reader.number()
    if count > most:
        raise Malformed("too many clients at once")
    states = [State(reader.number(), reader.number(), reader.text()) for _ in range(count)]
    reader.finish()
    return states


def states_of(message: bytes, most: int) -> list[State]:
    """The states in a message made by `awareness`."""
    reader = Lib0Reader(message)
    reader.number()
    return read_awareness(reader.bytes(), most)


def read_state_vector(data: bytes) -> dict[int, int]:
    """A client -> the clock up to which it is known; raises Malformed."""
    reader = Lib0Reader(data)
    count = reader.number()
    if count > reader.end:
        raise Malformed("it ends too early")
    vector = {reader.number(): reader.number() for _ in range(count)}
    reader.finish()
    return vector
