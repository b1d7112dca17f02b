"""Finished WebSocket frames (RFC 6455, 5.2). A server's frames are unmasked: one byte string serves all."""

import struct

TEXT = 0x1
BINARY = 0x2
_FIN = 0x80


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
