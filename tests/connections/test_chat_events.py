"""The events of a provider's stream: the same however the network cuts them, and garbage never gets further."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.chat_events import EventReader
from models.ai import Piece, Tokens
from models.errors import AiFailed

STREAM = (
    ": comment\r\n\r\nevent: message\r\n"
    'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\r\n\r\n'
    'data: {"choices":[{"delta":{"content":"Krei"}}]}\n\n'
    'data: {"choices":[{"delta":{"content":"de 🖍"},"finish_reason":null}]}\n\n'
    'data:{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}\n\n'
    'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n'
    "data: [DONE]\n\n"
).encode()


def read(reader: EventReader, cuts: list[bytes]) -> list[Piece]:
    return [piece for data in cuts if (piece := reader.feed(data)) is not None]


@given(st.randoms(use_true_random=False), st.integers(0, 30))
def test_a_stream_says_the_same_wherever_it_is_cut(chance: random.Random, number: int) -> None:
    places = sorted(chance.choices(range(len(STREAM)), k=number))
    cuts = [STREAM[begin:end] for begin, end in zip([0, *places], [*places, len(STREAM)], strict=True)]
    reader = EventReader()

    pieces = read(reader, cuts)

    assert "".join(piece.text for piece in pieces) == "Kreide 🖍"
    assert [piece.tokens for piece in pieces if piece.tokens] == [Tokens(3, 2)]
    assert [piece.finish for piece in pieces if piece.finish] == ["stop"]
    assert reader.is_done
    assert reader.failure is None


@given(st.binary(max_size=200))
def test_garbage_is_a_failure_or_nothing(data: bytes) -> None:
    reader = EventReader()

    piece = reader.feed(data + b"\n")

    assert piece is None


@pytest.mark.parametrize(
    "line", [b"data: null\n", b"data: []\n", b"data: " + b"[" * 60_000 + b"\n", b"<html>\n"]
)
def test_what_is_no_event_fails(line: bytes) -> None:
    reader = EventReader()

    reader.feed(line)

    assert isinstance(reader.failure, AiFailed)


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    reader = EventReader()

    def flood() -> None:
        for _ in range(100):
            reader.feed(b"x" * 64 * 1024)

    with pytest.raises(AiFailed):
        flood()


def test_an_end_without_a_finish_is_a_failure_and_with_one_it_is_the_end() -> None:
    early, late = EventReader(), EventReader()
    early.feed(b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    late.feed(b'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n')

    with pytest.raises(AiFailed):
        early.end()
    late.end()

    assert late.is_done
