"""Frames of ours: what a client of another make reads in them, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.protocol import CLIENT, OPEN, Protocol

from connections.framing import BINARY, TEXT, frame, payloads

sizes = st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])


@given(st.lists(st.binary(max_size=300) | sizes.map(bytes), max_size=5))
def test_payloads_are_what_was_framed(parts: list[bytes]) -> None:
    assert payloads(b"".join(frame(part) for part in parts)) == [(TEXT, part) for part in parts]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000])
def test_another_implementation_reads_our_frames(size: int) -> None:
    client = Protocol(CLIENT, state=OPEN, max_size=None)
    text, data = b"x" * size, bytes(range(256)) * (size // 256)

    client.receive_data(frame(text) + frame(data, BINARY))

    read = [(one.opcode, bytes(one.data), one.fin) for one in client.events_received()]  # type: ignore[union-attr]
    assert read == [(Opcode.TEXT, text, True), (Opcode.BINARY, data, True)]


def test_the_head_of_a_frame_is_as_short_as_it_can_be() -> None:
    assert [len(frame(bytes(size))) - size for size in (0, 125, 126, 65_535, 65_536)] == [2, 2, 4, 4, 10]
    assert frame(b"a")[:2] == bytes((0x80 | TEXT, 1))
