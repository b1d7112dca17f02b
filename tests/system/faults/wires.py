"""Three WebSocket clients of three makers under one roof: our own, Python's `websocket-client`, and node's `ws`.

All that a wire does is to open, to carry text both ways and to tell its end, each in the thread of the event loop.
"""

import asyncio
import threading
from contextlib import suppress
from typing import Protocol, cast

import websocket

from bench.sockets import framed, frames

OPEN_SECONDS = 5.0
ABNORMAL = 1006


class Ears(Protocol):
    """Whoever a wire belongs to."""

    def heard(self, text: bytes) -> None: ...

    def lost(self, code: int) -> None:
        """Once, and nothing after it."""


class Wire(Protocol):
    """An open socket."""

    def send(self, text: bytes) -> None:
        """Never waits; what is sent into a lost socket is lost."""

    def drop(self) -> None:
        """Cuts it without a word."""

    def read(self, wanted: bool) -> None:
        """Stops reading, or goes on, where the maker lets one."""


class Refused(Exception):
    """The server answered with a status that isn't 101."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Maker(Protocol):
    """Opens wires. Raises Refused, OSError and TimeoutError."""

    async def open(self, port: int, path: str, token: str, ears: Ears) -> Wire: ...


class Lean:
    """Ours: as little as RFC 6455 lets a client do, so that the load leaves the machine to the server."""

    async def open(self, port: int, path: str, token: str, ears: Ears) -> Wire:
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(OPEN_SECONDS):
            transport, wire = await loop.create_connection(lambda: _LeanWire(ears), "127.0.0.1", port)
            try:
                transport.write(request.encode())
                await wire.opened
            except BaseException:
                transport.abort()
                raise
        return wire


_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA


class _LeanWire(asyncio.Protocol):
    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._tail = b""
        self._code = ABNORMAL
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport

    def send(self, text: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(framed(text))

    def drop(self) -> None:
        self._transport.abort()

    def read(self, wanted: bool) -> None:
        with suppress(RuntimeError):  # it is closing
            if wanted:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.opened.done() and not self.opened.cancelled() and not self.opened.exception():
            self._ears.lost(self._code)
        elif not self.opened.done():
            self.opened.set_exception(ConnectionError("ended before the upgrade"))

    def data_received(self, data: bytes) -> None:
        data = self._tail + data if self._tail else data
        if not self.opened.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._tail = head
                return
            self._upgraded(int(head[9:12]))
        at = 0
        for opcode, begin, after in frames(data, at):
            self._take(opcode, data[begin:after])
            at = after
        self._tail = data[at:]

    def _upgraded(self, status: int) -> None:
        if status == 101:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(Refused(status))
            self._transport.close()

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self._ears.heard(payload)
        elif opcode == _PING:
            self._transport.write(framed(payload, _PONG))
        elif opcode == _CLOSE:
            self._code = int.from_bytes(payload[:2]) if payload else 1005
            self._transport.write(framed(payload[:2], _CLOSE))
            self._transport.close()


class Threaded:
    """`websocket-client`, a thread a socket."""

    async def open(self, port: int, path: str, token: str, ears: Ears) -> Wire:
        try:
            socket = await asyncio.to_thread(
                websocket.create_connection,
                f"ws://127.0.0.1:{port}{path}",
                header=[f"Authorization: Bearer {token}"],
                timeout=OPEN_SECONDS,
                http_proxy_host=None,
            )
        except websocket.WebSocketBadStatusException as error:
            raise Refused(error.status_code) from None
        except websocket.WebSocketTimeoutException as error:
            raise TimeoutError from error
        except websocket.WebSocketException as error:
            raise ConnectionError(str(error)) from None
        return _ThreadedWire(socket, ears)


class _ThreadedWire:
    def __init__(self, socket: "websocket.WebSocket", ears: Ears) -> None:
        self._socket = socket
        self._ears = ears
        self._loop = asyncio.get_running_loop()
        socket.settimeout(None)
        threading.Thread(target=self._run, daemon=True).start()

    def send(self, text: bytes) -> None:
        with suppress(websocket.WebSocketException, OSError):
            self._socket.send(text.decode())

    def drop(self) -> None:
        self._socket.abort()  # type: ignore[no-untyped-call]

    def read(self, wanted: bool) -> None:
        """It always reads."""

    def _run(self) -> None:
        code = ABNORMAL
        try:
            while True:
                opcode, data = self._socket.recv_data()
                if opcode == _CLOSE:
                    code = int.from_bytes(data[:2]) if data else 1005
                    break
                self._tell(self._ears.heard, data)
        except (websocket.WebSocketException, OSError):
            pass
        with suppress(websocket.WebSocketException, OSError):
            self._socket.shutdown()  # type: ignore[no-untyped-call]
        self._tell(self._ears.lost, code)

    def _tell(self, hear: object, what: object) -> None:
        with suppress(RuntimeError):  # the run is over
            self._loop.call_soon_threadsafe(hear, what)  # type: ignore[arg-type]
