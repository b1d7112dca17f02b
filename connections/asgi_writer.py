"""The way out of a socket on an ASGI server that isn't ours: slower, but the same promises.

Finished frames go back to messages, and a task sends them one by one. Past a bound of waiting bytes the connection
counts as paused, as it does when our own protocol's buffer is full.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Self

from connections.framing import payloads

HIGH_BYTES = 256 * 1024
LOW_BYTES = 64 * 1024

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def _nothing() -> None:
    pass


class AsgiWriter:
    """Fits connections.connection.Writer. An async context manager around the life of one socket."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[MutableMapping[str, Any]] = deque()
        self._bytes = 0
        self._came = asyncio.Event()
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._is_paused = False
        self._paused = self._resumed = self._gone = _nothing

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="asgi writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._paused, self._resumed, self._gone = paused, resumed, gone

    def write(self, frames: bytes) -> None:
        for payload in payloads(frames):
            self._bytes += len(payload)
            self._put({"type": "websocket.send", "text": payload.decode()})
        if self._bytes > HIGH_BYTES and not self._is_paused:
            self._is_paused = True
            self._paused()

    def close(self, code: int, reason: str) -> None:
        self._put({"type": "websocket.close", "code": code, "reason": reason})

    def pause_reading(self) -> None:
        self.may_read.clear()

    def resume_reading(self) -> None:
        self.may_read.set()

    def beat(self) -> None:
        """Pings are the server's own business here."""

    def _put(self, message: MutableMapping[str, Any]) -> None:
        self._waiting.append(message)
        self._came.set()

    async def _run(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                message = self._waiting.popleft()
                try:
                    await self._send(message)
                except (OSError, RuntimeError):  # the peer has gone: what the server raises then differs
                    self._gone()
                    return
                self._bytes -= len(message.get("text", ""))
                self._relax()

    def _relax(self) -> None:
        if self._is_paused and self._bytes < LOW_BYTES:
            self._is_paused = False
            self._resumed()
