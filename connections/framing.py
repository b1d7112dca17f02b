"""Finished WebSocket frames (RFC 6455, 5.2). A server's frames are unmasked: one byte string serves all."""

import struct
import zlib
from functools import lru_cache

TEXT = 0x1
BINARY = 0x2
_FIN, _DEFLATED = 0x80, 0x40

SMALL_BYTES = 128
"""Not worth deflating: an acknowledgement, a passing fact."""


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One unfragmented frame."""
    size = len(payload)
    if size < 126:
        head = bytes((_FIN | opcode, size))
    elif size < 65_536:
        head = struct.pack("!BBH", _FIN | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", _FIN | opcode, 127, size)
    return head + payload


@lru_cache(maxsize=64)
def deflated(payload: bytes, bits: int, opcode: int = TEXT) -> bytes:
    """The same as permessage-deflate has it (RFC 7692, 7.2.1), with a window of 2**bits and nothing taken over.

    Remembered, because those who catch up ask for the same. A frame that would not be smaller stays as it is.
    """
    if len(payload) >= SMALL_BYTES and bits:
        deflating = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -bits, 5)
        data = (deflating.compress(payload) + deflating.flush(zlib.Z_SYNC_FLUSH))[:-4]
        if len(data) < len(payload):
            return frame(data, _DEFLATED | opcode)
    return frame(payload, opcode)


def payloads(frames: bytes) -> list[tuple[int, bytes]]:
    """The opcodes of finished frames of ours and what they hold: the way back, for servers that want messages."""
    found, at = [], 0
    while at < len(frames):
        opcode, size = frames[at] & ~_FIN, frames[at + 1]
        at += 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size = int.from_bytes(frames[at : at + width], "big")
            at += width
        found.append((opcode, frames[at : at + size]))
        at += size
    return found
