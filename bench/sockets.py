"""A WebSocket client that costs little, so that the load leaves the machine to the server that it measures.

It sends finished frames and walks the frames that come, without building an object for any of them.
"""

import asyncio
import socket
import struct
from collections.abc import Iterator
from typing import Self, cast

from bench.running import Person, Server

_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Authorization: Bearer {token}\r\n\r\n"
)
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_ERROR = b'{"type":"error"'
_NO_MASK = b"\0\0\0\0"  # a mask like any other to the server, and free of cost here

OPEN_SECONDS = 30.0


def head_of(size: int, opcode: int = _TEXT) -> bytes:
    """What stands before a client's payload of this size."""
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + _NO_MASK
    return struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size) + _NO_MASK


def framed(payload: bytes, opcode: int = _TEXT) -> bytes:
    """One frame of a client."""
    return head_of(len(payload), opcode) + payload


def frames(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """A server's whole frames from `at` on: the opcode, and where the payload begins and ends."""
    size = len(data)
    while size - at >= 2:
        length, begin = data[at + 1], at + 2
        if length >= 126:
            width = 2 if length == 126 else 8
            length = int.from_bytes(data[begin : begin + width])
            begin += width
        if begin + length > size:
            return
        yield data[at] & 0xF, begin, begin + length
        at = begin + length


class Socket(asyncio.Protocol):
    """One open socket. What it hears comes to `heard` as a place within a buffer."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._tail = b""
        self._is_open = False
        self._failure = ""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    @classmethod
    async def open(cls, server: Server, path: str, person: Person, line: socket.socket | None = None) -> Self:
        """Returns after the hello. `line` is an unconnected socket with options of its own."""
        request = _HANDSHAKE.format(path=path, host=f"{server.host}:{server.port}", token=person.token)
        loop = asyncio.get_running_loop()
        line = line or socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        line.setblocking(False)
        await loop.sock_connect(line, (server.host, server.port))
        _, opened = await loop.create_connection(lambda: cls(request.encode()), sock=line)
        await asyncio.wait_for(opened.opened, OPEN_SECONDS)
        return opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"refused: {self._tail[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        data = self._tail + data
        at = 0 if self._is_open else self._after_handshake(data)
        for opcode, begin, end in frames(data, at):
            self._take(opcode, data, begin, end)
            at = end
        self._tail = data[at:]

    def _after_handshake(self, data: bytes) -> int:
        """Where the first frame begins, or the end of the data if it hasn't come."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return len(data)
        if not data.startswith(b"HTTP/1.1 101 "):
            self.transport.close()
            return 0
        self._is_open = True
        return end + 4

    def _take(self, opcode: int, data: bytes, begin: int, end: int) -> None:
        if opcode == _TEXT:
            if self.opened.done():
                self.heard(data, begin, end)
            else:
                self.opened.set_result(None)
        elif opcode == _PING:
            self.transport.write(framed(data[begin:end], _PONG))
        elif opcode == _CLOSE:
            self.closed(data[begin:end])

    def closed(self, payload: bytes) -> None:
        """By the server."""
        self.fail(f"The server closed a socket: {payload!r}")

    def fail(self, why: str) -> None:
        """A measurement with such a socket is none: `check` raises this where it can end the program."""
        self._failure = self._failure or why
        self.transport.close()

    def refuse_error(self, data: bytes, begin: int, end: int) -> None:
        """For what was not expected: other facts, of presence for instance, are nobody's fault."""
        if data.startswith(_ERROR, begin):
            self.fail(f"The server answered {data[begin:end].decode()}")

    def check(self) -> None:
        if self._failure:
            raise SystemExit(self._failure)

    def heard(self, data: bytes, begin: int, end: int) -> None:
        """A text frame after the hello: the payload is data[begin:end]."""

    def close(self) -> None:
        self.transport.close()
