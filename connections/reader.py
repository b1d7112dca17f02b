"""Reads a client's WebSocket frames (RFC 6455): whole messages come out, and whatever the RFC forbids is Broken.

Law: at most `most` bytes of one message are ever held, however it is cut into frames, segments or fragments. Text is
checked as it arrives, so that a peer which sends what isn't UTF-8 learns it at once (RFC 6455, 8.1).
"""

import codecs
import zlib
from collections.abc import Callable
from typing import Protocol

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RESERVED, DEFLATED, OPCODE, MASKED, SIZE = 0x80, 0x70, 0x40, 0x0F, 0x80, 0x7F

PROTOCOL_ERROR, INVALID_DATA, TOO_BIG = 1002, 1007, 1009

FRAGMENTS = 1024
"""Frames that one message may be cut into: empty ones would otherwise cost their sender nothing."""

_CONTROL_BYTES = 125
_TAIL = b"\x00\x00\xff\xff"  # left out by the sender (RFC 7692, 7.2.2)
_new_decoder = codecs.getincrementaldecoder("utf-8")


class Broken(Exception):
    """The peer broke the protocol; `code` is the close code that the RFC names for it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Sink(Protocol):
    """Where messages go. May end the reading by `FrameReader.stop`."""

    def on_message(self, message: str | bytes) -> None: ...

    def on_control(self, opcode: int, payload: bytes) -> None:
        """A ping, a pong or a close."""


class FrameReader:
    """Fed with what the socket gives; calls its sink as soon as a message is whole. Broken is raised once."""

    __slots__ = (
        "_decoder", "_fragments", "_held", "_inflates", "_is_deflated", "_kind", "_left", "_mask", "_most", "_opcode",
        "_rest", "_sink",
    )  # fmt: skip

    def __init__(self, sink: Sink, most: int, *, inflates: bool = False) -> None:
        """`inflates`: permessage-deflate was agreed upon, and that the client takes nothing over (RFC 7692)."""
        self._sink: Sink | None = sink
        self._most = most
        self._inflates = DEFLATED if inflates else 0
        self._is_deflated = False  # the message that is coming in pieces
        self._rest = b""  # the beginning of a frame's head
        self._opcode = 0  # of the frame whose payload is coming, with its FIN
        self._left = 0  # what of its payload is still to come
        self._mask = b""
        self._kind = 0  # of the message that is coming in pieces; 0: none is
        self._held = bytearray()  # what has come of it
        self._fragments = 0
        self._decoder: codecs.IncrementalDecoder | None = None

    def stop(self) -> None:
        """Nothing more is read."""
        self._sink = None

    def feed(self, data: bytes) -> None:
        """Raises Broken."""
        if self._rest:
            data = self._rest + data
            self._rest = b""
        at, end = 0, len(data)
        while self._sink is not None and at < end:
            if self._left:
                at = self._go_on(data, at)
                continue
            after = self._head(data, at, end)
            if after < 0:
                self._rest = data[at:]
                return
            at = after

    def _head(self, data: bytes, at: int, end: int) -> int:
        """Reads a frame at `at`: where the next one begins, or -1 when its head isn't whole yet."""
        if end - at < 2:
            return -1
        first, second = data[at], data[at + 1]
        size = second & SIZE
        start = at + (6 if size < 126 else 8 if size == 126 else 14)
        if end < start:
            _check_head(first, second, self._inflates)
            return -1
        if size > 125:
            size = _long_size(data[at + 2 : start - 4])
        if first != FIN | TEXT or self._kind or second < MASKED or size > self._most:
            self._check(first, second, size)
        stop = start + size
        if end < stop:
            return self._begin(first, data, start, size)
        payload = apply_mask(data[start:stop], data[start - 4 : start]) if size else b""
        if first == FIN | TEXT:
            self._tell(_text(payload))
        else:
            self._whole(first, payload)
        return stop

    def _check(self, first: int, second: int, size: int) -> None:
        _check_head(first, second, self._inflates)
        opcode = first & OPCODE
        if opcode >= CLOSE:
            return
        if (opcode == CONTINUATION) != bool(self._kind):
            raise Broken(PROTOCOL_ERROR, "fragments out of order")
        if len(self._held) + size > self._most:
            raise Broken(TOO_BIG, "message too big")
        self._fragments += 1
        if self._fragments > FRAGMENTS:
            raise Broken(TOO_BIG, "too many fragments")

    def _begin(self, first: int, data: bytes, start: int, size: int) -> int:
        """A payload that is not whole yet: what is there is taken, the rest is waited for."""
        self._opcode, self._left, self._mask = first, size, data[start - 4 : start]
        if first & OPCODE < CLOSE:
            self._start(first)
        return self._go_on(data, start) if start < len(data) else start

    def _go_on(self, data: bytes, at: int) -> int:
        """More of a payload. A control frame's is small: it waits for the rest as it came."""
        piece = data[at : at + self._left]
        if self._opcode & OPCODE >= CLOSE and len(piece) < self._left:
            self._hold(piece)
            return len(data)
        unmasked = apply_mask(piece, self._mask)
        self._left -= len(piece)
        turn = len(piece) % 4
        self._mask = self._mask[turn:] + self._mask[:turn]
        if self._opcode & OPCODE >= CLOSE:
            self._whole(self._opcode, unmasked)
        else:
            self._piece(unmasked, is_last=not self._left and self._opcode >= FIN)
        return at + len(piece)

    def _hold(self, piece: bytes) -> None:
        head = bytes((self._opcode, MASKED | self._left)) + self._mask
        self._rest, self._left = head + piece, 0

    def _whole(self, first: int, payload: bytes) -> None:
        """A frame with all its payload, other than an unfragmented text."""
        opcode = first & OPCODE
        if opcode >= CLOSE:
            if self._sink is not None:
                self._sink.on_control(opcode, payload)
        elif first == FIN | BINARY:
            self._fragments = 0
            self._tell(payload)
        else:
            self._start(first)
            self._piece(payload, is_last=first >= FIN)

    def _start(self, first: int) -> None:
        """A frame of a message that comes in pieces, or that is to be inflated: the first one says which."""
        if not self._kind:
            self._kind, self._is_deflated = first & OPCODE, bool(first & DEFLATED)

    def _piece(self, payload: bytes, *, is_last: bool) -> None:
        """A piece of a message. Text is checked on the way, so that it is refused where it goes wrong."""
        self._held += payload
        if self._kind == TEXT and not self._is_deflated:
            self._decoder = self._decoder or _new_decoder()
            _check_text(self._decoder, payload, is_last=is_last)
        if is_last:
            held, kind = self._held, self._kind
            self._held, self._kind, self._fragments, self._decoder = bytearray(), 0, 0, None
            whole = _inflated(held, self._most) if self._is_deflated else bytes(held)
            self._tell(whole if kind == BINARY else _text(whole))

    def _tell(self, message: str | bytes) -> None:
        if self._sink is not None:
            self._sink.on_message(message)


def _check_head(first: int, second: int, inflates: int) -> None:
    """What can be told from the first two bytes alone. Only a message's first frame says that it is deflated."""
    opcode = first & OPCODE
    if first & RESERVED & ~(inflates if opcode in (TEXT, BINARY) else 0):
        raise Broken(PROTOCOL_ERROR, "reserved bits")
    if second < MASKED:
        raise Broken(PROTOCOL_ERROR, "frames of a client are masked")
    if opcode > BINARY and (opcode < CLOSE or opcode > PONG):
        raise Broken(PROTOCOL_ERROR, "unknown opcode")
    if opcode >= CLOSE and (first < FIN or second & SIZE > _CONTROL_BYTES):
        raise Broken(PROTOCOL_ERROR, "control frames are short and whole")


def _long_size(field: bytes) -> int:
    size = int.from_bytes(field, "big")
    if size < 126 or (len(field) == 8 and not 65_536 <= size < 1 << 63):
        raise Broken(PROTOCOL_ERROR, "sizes are written as short as they can be")
    return size


def _check_text(decoder: codecs.IncrementalDecoder, payload: bytes, *, is_last: bool) -> None:
    try:
        decoder.decode(payload, is_last)
    except UnicodeDecodeError:
        raise Broken(INVALID_DATA, "not UTF-8") from None
    if (
        b"\xed\xa0" <= decoder.getstate()[0] < b"\xee"
    ):  # half a surrogate pair: it would wait for the third byte
        raise Broken(INVALID_DATA, "not UTF-8")


def _inflated(data: bytearray, most: int) -> bytes:
    """Stops where it grows too big: a bomb never goes off."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        whole = inflating.decompress(data + _TAIL, most + 1)
    except zlib.error:
        raise Broken(INVALID_DATA, "not deflated") from None
    if len(whole) > most:
        raise Broken(TOO_BIG, "message too big")
    return whole


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Broken(INVALID_DATA, "not UTF-8") from None


def close_reason(payload: bytes) -> tuple[int, str]:
    """The code and reason of a close frame; 1005 where it has none. Raises Broken (RFC 6455, 7.4)."""
    if not payload:
        return 1005, ""
    code = int.from_bytes(payload[:2], "big")
    is_known = code in _RFC_CODES or 3000 <= code <= 4999
    if len(payload) == 1 or not is_known:
        raise Broken(PROTOCOL_ERROR, "no such close code")
    return code, _text(payload[2:])


_RFC_CODES = frozenset((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014))

Hear = Callable[[str | bytes], None]
"""Takes a socket's messages, one by one, and never waits."""
