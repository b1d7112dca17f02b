"""The way out of a socket on an ASGI server that isn't ours: slower, but the same promises.

Finished frames go back to messages, and a task sends them one by one. Past a bound of waiting bytes the connection
counts as paused, as it does when our own protocol's buffer is full.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Self

from connections.framing import BINARY, payloads
from connections.outlet import Way, nothing

HIGH_BYTES = 256 * 1024
LOW_BYTES = 64 * 1024

CLOSE_SECONDS = 2.0
"""For what waits to be sent, and the close after it."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiWriter:
    """Fits connections.connection.Writer. An async context manager around the life of one socket."""

    window_bits = 0  # compression is the server's own business here

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[tuple[MutableMapping[str, Any], int]] = deque()
        self._bytes = 0
        self._came = asyncio.Event()
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._is_paused = self._is_closed = False
        self._paused = self._resumed = self._gone = nothing

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="asgi writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone()
        await _end(self._task)

    async def while_open(self, reading: Coroutine[Any, Any, None]) -> None:
        """Until the reading ends, the close has been sent, or nothing more can be."""
        task = asyncio.create_task(reading, name="asgi reader")
        await asyncio.wait((task, self._task), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await _end(task)

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._paused, self._resumed, self._gone = paused, resumed, gone

    def write(self, frames: bytes) -> None:
        for opcode, payload in payloads(frames):
            what = {"bytes": payload} if opcode == BINARY else {"text": payload.decode()}
            self._put({"type": "websocket.send", **what}, len(payload))
        if self._bytes > HIGH_BYTES and not self._is_paused:
            self._is_paused = True
            self._paused()

    @property
    def way(self) -> Way:
        return self._take

    def _take(self, frames: bytes) -> int:
        self.write(frames)
        return len(frames)

    def close(self, code: int, reason: str) -> None:
        if not self._is_closed:
            self._put({"type": "websocket.close", "code": code, "reason": reason}, 0)
            self._is_closed = True
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._task.cancel)

    def pause_reading(self) -> None:
        self.may_read.clear()

    def resume_reading(self) -> None:
        self.may_read.set()

    def beat(self) -> None:
        """Pings are the server's own business here."""

    def _put(self, message: MutableMapping[str, Any], size: int) -> None:
        self._waiting.append((message, size))
        self._bytes += size
        self._came.set()

    async def _run(self) -> None:
        while not self._is_closed or self._waiting:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                message, size = self._waiting.popleft()
                try:
                    await self._send(message)
                except (OSError, RuntimeError):  # the peer has gone: what the server raises then differs
                    self._gone()
                    return
                self._bytes -= size
                self._relax()

    def _relax(self) -> None:
        if self._is_paused and self._bytes < LOW_BYTES:
            self._is_paused = False
            self._resumed()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
