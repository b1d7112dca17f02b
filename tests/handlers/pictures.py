"""Images for the tests: good ones, and one that is far larger than it looks."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(width: int = 40, height: int = 30, kind: str = "PNG", **more: Any) -> bytes:
    """An image as a file."""
    into = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(into, kind, **more)
    return into.getvalue()


def flood(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
