"""Our uvicorn WebSocket protocol: the manager writes finished frames straight to its transport.

It is offered to the app as the ASGI extension `chalkline.writer`. Beside that it keeps what stock uvicorn leaves
open within bounds: reading goes on while few frames wait, so that pongs are seen.
"""

from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

EXTENSION = "chalkline.writer"

READ_AHEAD = 16
"""Frames that wait for the app before reading pauses."""


def _nothing() -> None:
    pass


class SocketProtocol(WebSocketsSansIOProtocol):
    """Given to uvicorn as `ws=`. Fits connections.connection.Writer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paused: Callable[[], None] = _nothing
        self._resumed: Callable[[], None] = _nothing
        self._gone: Callable[[], None] = _nothing

    # The app's side.

    @property
    def write(self) -> Callable[[bytes], None]:
        return self.transport.write

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._paused, self._resumed, self._gone = paused, resumed, gone

    def close(self, code: int, reason: str) -> None:
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._read_on()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)

    # uvicorn's side.

    async def run_asgi(self) -> None:
        extensions = cast("dict[str, object]", self.scope["extensions"])
        extensions[EXTENSION] = self
        await super().run_asgi()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._paused()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self._paused = self._resumed = self._gone = _nothing
        super().connection_lost(exc)

    def handle_close(self, event: Frame) -> None:
        self._gone()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self._gone()
        super().handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "bytes":
            self.queue.put_nowait({"type": "websocket.receive", "bytes": data})
        else:
            try:
                self.queue.put_nowait({"type": "websocket.receive", "text": data.decode()})
            except UnicodeDecodeError:
                self.conn.send_close(1007)
                self.handle_parser_exception()
                return
        if not self.read_paused and self.queue.qsize() >= READ_AHEAD:
            self.read_paused = True
            self.transport.pause_reading()

    def _read_on(self) -> None:
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
