"""Messages come out of frames whole and in order, and nothing that RFC 6455 forbids gets through."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.reader import FRAGMENTS, Broken, FrameReader
from tests.bytewise import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, head, masked

MOST = 1000
Event = str | bytes | tuple[int, bytes]


class Heard:
    """Keeps what the reader tells."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_message(self, message: str | bytes) -> None:
        self.events.append(message)

    def on_control(self, opcode: int, payload: bytes) -> None:
        self.events.append((opcode, payload))


def code_of(*segments: bytes) -> int:
    """The close code that these segments earn, 0 where they earn none."""
    reader = FrameReader(Heard(), MOST)
    try:
        for segment in segments:
            reader.feed(segment)
    except Broken as broken:
        return broken.code
    return 0


def bytewise(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


masks = st.binary(min_size=4, max_size=4)
controls = st.tuples(st.sampled_from((PING, PONG)), st.binary(max_size=125))
messages = st.one_of(
    st.text(max_size=300).filter(lambda text: len(text.encode()) <= MOST), st.binary(max_size=MOST)
)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[bytes], list[Event]]:
    """Frames as a client may send them, and what they say: messages cut anywhere, control frames between the pieces."""
    frames: list[bytes] = []
    events: list[Event] = []
    for message in draw(st.lists(messages, max_size=4)):
        payload = message.encode() if isinstance(message, str) else message
        cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4)))
        pieces = [payload[begin:end] for begin, end in pairwise([0, *cuts, len(payload)])]
        opcode = TEXT if isinstance(message, str) else BINARY
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1
            frames.append(masked(piece, CONTINUATION if number else opcode, fin=is_last, mask=draw(masks)))
            between = [] if is_last else draw(st.lists(controls, max_size=2))
            frames.extend(masked(said, control, mask=draw(masks)) for control, said in between)
            events.extend(between)
        events.append(message)
    return frames, events


@given(conversations(), st.data())
def test_any_messages_in_any_frames_and_segments_come_out_whole_and_in_order(
    conversation: tuple[list[bytes], list[Event]], data: st.DataObject
) -> None:
    frames, events = conversation
    stream = b"".join(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    heard = Heard()
    reader = FrameReader(heard, MOST)

    for begin, end in pairwise([0, *cuts, len(stream)]):
        reader.feed(stream[begin:end])

    assert heard.events == events


@given(conversations())
def test_segments_of_one_byte_say_the_same(conversation: tuple[list[bytes], list[Event]]) -> None:
    frames, events = conversation
    heard = Heard()
    reader = FrameReader(heard, MOST)

    for byte in bytewise(b"".join(frames)):
        reader.feed(byte)

    assert heard.events == events


@given(st.binary(max_size=200), st.integers(0, 200))
def test_noise_is_refused_with_a_code_or_waited_for_and_never_fails_otherwise(noise: bytes, cut: int) -> None:
    assert code_of(noise[:cut], noise[cut:]) in {0, 1002, 1007, 1009}


VIOLATIONS = {
    "no mask": (b"\x81\x00", 1002),
    "first reserved bit": (masked(b"x", reserved=4), 1002),
    "second reserved bit": (masked(b"x", reserved=2), 1002),
    "third reserved bit": (masked(b"x", reserved=1), 1002),
    "reserved bit of a ping": (masked(b"", PING, reserved=4), 1002),
    **{f"opcode {opcode}": (masked(b"", opcode), 1002) for opcode in (*range(3, 8), *range(11, 16))},
    "long ping": (masked(bytes(126), PING), 1002),
    "long close": (masked(bytes(126), CLOSE), 1002),
    "fragmented ping": (masked(b"", PING, fin=False), 1002),
    "continuation of nothing": (masked(b"x", CONTINUATION), 1002),
    "text within a message": (masked(b"x", fin=False) + masked(b"y"), 1002),
    "binary within a message": (masked(b"x", fin=False) + masked(b"y", BINARY), 1002),
    "size with a needless field": (b"\x81\xfe\x00\x7dmask", 1002),
    "size with a needless long field": (b"\x81\xff" + (65_535).to_bytes(8, "big") + b"mask", 1002),
    "size with its highest bit": (b"\x81\xff" + (1 << 63).to_bytes(8, "big") + b"mask", 1002),
    "text that isn't UTF-8": (masked(b"\xff"), 1007),
    "text that ends within a character": (masked(b"\xe2\x82"), 1007),
    "fragments that end within a character": (
        masked(b"\xe2", fin=False) + masked(b"\x82", CONTINUATION),
        1007,
    ),
    "message over the limit": (head(MOST + 1) + b"mask", 1009),
    "binary message over the limit": (head(MOST + 1, BINARY) + b"mask", 1009),
    "fragments over the limit": (
        masked(bytes(MOST), BINARY, fin=False) + head(1, CONTINUATION) + b"mask",
        1009,
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_gets_the_code_that_the_rfc_names(name: str) -> None:
    sent, code = VIOLATIONS[name]

    assert code_of(sent) == code
    assert code_of(*bytewise(sent)) == code


def test_what_came_before_a_violation_is_still_told() -> None:
    heard = Heard()
    reader = FrameReader(heard, MOST)

    with pytest.raises(Broken):
        reader.feed(masked(b"one") + masked(b"two") + masked(b"three", reserved=1))

    assert heard.events == ["one", "two"]


BAD_TEXTS = {
    "a byte that is in no character": (b"caf\xc3\xa9 ", b"\xff"),
    "a character longer than needed": (b"x", b"\xc0"),
    "half a surrogate pair": (b"x\xed", b"\xa0"),
    "past the last character": (b"x\xf4", b"\x90"),
    "a character cut off by another": (b"x\xe2\x82", b"A"),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
@pytest.mark.parametrize("is_cut", [False, True])
def test_text_is_refused_at_its_first_bad_byte(name: str, is_cut: bool) -> None:
    """Also in the middle of a frame, and of a message that is cut into frames."""
    good, bad = BAD_TEXTS[name]
    text = good + bad + bytes(100)
    begin = masked(b"before ", fin=False) if is_cut else b""
    frame = masked(text, CONTINUATION if is_cut else TEXT)
    reader = FrameReader(Heard(), MOST)
    until = len(frame) - len(text) + len(good)

    reader.feed(begin + frame[:until])

    with pytest.raises(Broken) as caught:
        reader.feed(frame[until : until + 1])
    assert caught.value.code == 1007


@given(st.lists(st.binary(max_size=600), max_size=20), st.integers(1, 50))
def test_never_more_than_the_limit_is_held(pieces: list[bytes], step: int) -> None:
    stream = b"".join(
        masked(piece, CONTINUATION if n else BINARY, fin=False) for n, piece in enumerate(pieces)
    )
    reader = FrameReader(Heard(), MOST)
    code = 0

    for at in range(0, len(stream), step):
        try:
            reader.feed(stream[at : at + step])
        except Broken as broken:
            code = broken.code
            break
        assert len(reader._held) + len(reader._rest) <= MOST + 14

    assert code == (1009 if sum(map(len, pieces)) > MOST else 0)


def test_a_message_in_segments_of_one_byte_costs_no_more_than_its_size() -> None:
    reader = FrameReader(Heard(), 65_536)
    segments = bytewise(masked("é".encode() * 32_000)[:-1])
    tracemalloc.start()

    for segment in segments:
        reader.feed(segment)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 100_000


def test_a_message_in_too_many_pieces_is_refused() -> None:
    begin = masked(b"", BINARY, fin=False)

    assert code_of(begin + masked(b"", CONTINUATION, fin=False) * FRAGMENTS) == 1009


def test_after_a_stop_nothing_is_told_even_of_the_same_segment() -> None:
    heard = Heard()
    reader = FrameReader(heard, MOST)
    reader.feed(masked(b"before"))

    reader.stop()
    reader.feed(masked(b"after") + b"\xff\xff")

    assert heard.events == ["before"]
