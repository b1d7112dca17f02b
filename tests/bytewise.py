"""A client that sends exactly the bytes it is told to: for what no WebSocket or HTTP library would send."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
PATIENCE = 10.0


def masked(
    payload: bytes, opcode: int = TEXT, *, fin: bool = True, reserved: int = 0, mask: bytes = b"mask"
) -> bytes:
    """One frame of a client, rightly masked."""
    return head(len(payload), opcode, fin=fin, reserved=reserved) + mask + turned(payload, mask)


def head(size: int, opcode: int = TEXT, *, fin: bool = True, reserved: int = 0) -> bytes:
    """What stands before the mask of a frame with a payload of this size."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    if size < 126:
        return bytes((first, 0x80 | size))
    if size < 65_536:
        return struct.pack("!BBH", first, 0x80 | 126, size)
    return struct.pack("!BBQ", first, 0x80 | 127, size)


def turned(payload: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


class Frame(NamedTuple):
    """One frame of a server."""

    opcode: int
    payload: bytes

    @property
    def code(self) -> int:
        """Of a close frame."""
        return int.from_bytes(self.payload[:2], "big")


class Line:
    """One open connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def upgrade(self, path: str, *headers: str) -> int:
        """Asks for a WebSocket; the status of the answer."""
        fixed = "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        lines = "".join(f"{line}\r\n" for line in ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *headers))
        await self.send(f"GET {path} HTTP/1.1\r\n{fixed}{lines}\r\n".encode())
        status, _ = await self.answer()
        return status

    async def send(self, *pieces: bytes) -> None:
        """Each piece in a segment of its own."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str]]:
        """Status and headers of an HTTP answer; its body is left to read."""
        async with asyncio.timeout(PATIENCE):
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines[1:] if line)
        return int(lines[0].split()[1]), {name.lower(): value for name, value in pairs}

    async def frame(self) -> Frame:
        """The next one; raises IncompleteReadError at the end."""
        async with asyncio.timeout(PATIENCE):
            first, size = await self.reader.readexactly(2)
            if size >= 126:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            return Frame(first & 0xF, await self.reader.readexactly(size))

    async def closed(self) -> int:
        """The code of the close frame that ends it; what comes before it is dropped."""
        while (frame := await self.frame()).opcode != CLOSE:
            pass
        return frame.code

    async def ended(self) -> bytes:
        """What comes until the other side ends the connection."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


@asynccontextmanager
async def open_line(url: str) -> AsyncIterator[Line]:
    """To the host and port of a URL."""
    host, _, port = url.rpartition("//")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 20)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()
