"""Our uvicorn WebSocket protocol, given to it as `ws=`: uvicorn's handshake, and our own frames after it.

An app that finds it in the scope (the ASGI extension `chalkline.writer`) may write finished frames straight to the
transport and `adopt` the socket: then messages are handed to it as they arrive, no task waits for them, and what the
handshake needed is let go, so an idle socket costs little more than its transport. To any other ASGI app it is an
ordinary server.

What stock uvicorn leaves open is bounded here: pings that nobody reads the answers of, fragments and control frames
without end, peers that are silent, close handshakes that never finish.
"""

import asyncio
import logging
from collections.abc import Callable, MutableMapping
from typing import Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request

from connections.flood import IdleFrames
from connections.framing import BINARY, TEXT, deflated, frame
from connections.outlet import Outlet, Way, nothing
from connections.reader import CLOSE, PING, PONG, Broken, FrameReader, Hear, close_reason

EXTENSION = "chalkline.writer"

READ_AHEAD = 16  # messages that wait for an app before reading pauses

EARLY_BYTES = 64 * 1024
"""What a client may send before the handshake is over."""

CLOSE_SECONDS = 0.8
"""How long a peer may take to answer a close; after that the connection is cut."""

HANDSHAKE_SECONDS = 10.0
"""From the request for a socket to its acceptance, sign-in included."""

PONG_BYTES = 16 * 1024  # unsent, past which a pong waits

RESTARTING, NO_STATUS, UNANSWERED = 1012, 1005, 4001

_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
"""Nothing is taken over: one deflated frame serves all, and no socket keeps a window."""

_log = logging.getLogger("uvicorn.error")


class SocketProtocol(WebSocketsSansIOProtocol):
    """Fits connections.connection.Writer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.available_extensions = [_DEFLATE] if self.config.ws_per_message_deflate else None
        self.window_bits = 0
        self._reader: FrameReader | None = None  # from the handshake's end on
        self._early = b""
        self.message_bytes: int = self.config.ws_max_size
        """The most that one message may have; set it before the handshake is over."""
        self._hear: Hear | None = None
        self._gone: Callable[[], None] = nothing
        self._deadline: asyncio.TimerHandle | None = None
        self._is_quiet = False  # nothing has come since the last beat
        self._was_pinged = False
        self._owed: bytes | None = None
        self._idle_frames = IdleFrames()

    # The app's side.

    @property
    def write(self) -> Callable[[bytes], None]:
        return self._outlet.write

    @property
    def way(self) -> Way:
        return self._outlet.way

    def watch(
        self, paused: Callable[[], None], resumed: Callable[[], None], gone: Callable[[], None]
    ) -> None:
        self._outlet.watch(paused, resumed)
        self._gone = gone
        if self.disconnected or self.close_sent:  # it went while the app was at it
            self.loop.call_soon(gone)

    def adopt(self, hear: Hear) -> None:
        """Every message from now on goes to `hear`, those that wait first; the app's task may end."""
        self._hear = hear
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                hear(message.get("text") or message.get("bytes") or "")
        self.conn = self.request = self.response = self.queue = None  # type: ignore[assignment]
        self.scope = self.default_headers = self.writable = None  # type: ignore[assignment]
        self.resume_reading()

    def pause_reading(self) -> None:
        """The app can't take more for now."""
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def beat(self) -> None:
        """Call it regularly: pings a peer from which nothing came since the last beat; one more such beat ends it."""
        if not self._is_quiet or self.read_paused:
            self._is_quiet, self._was_pinged = not self.read_paused, False
        elif self._was_pinged:
            self.close(UNANSWERED, "pings unanswered")
        else:
            self._was_pinged = True
            self._write_control(PING, b"")

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame; the transport closes when the peer answers, or after CLOSE_SECONDS."""
        if self.close_sent or self.disconnected:
            return
        self.close_sent = True
        if not self.transport.is_closing():
            self.transport.write(frame(code.to_bytes(2, "big") + reason.encode(), CLOSE))
        self._end(code, reason)
        self.resume_reading()  # the answer has to be read
        self._deadline = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    # The transport's side.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._outlet = Outlet(transport)

    def data_received(self, data: bytes) -> None:
        self._is_quiet = False
        if self._reader is not None:
            try:
                self._reader.feed(data)
            except Broken as broken:
                self._reader.stop()
                self._fail(broken)
        elif not self.handshake_initiated:
            super().data_received(data)
        elif len(self._early) + len(data) > EARLY_BYTES:
            self.transport.abort()
        else:
            self._early += data

    def pause_writing(self) -> None:
        if self.writable is not None:
            self.writable.clear()
        self._outlet.pause()

    def resume_writing(self) -> None:
        if self.writable is not None:
            self.writable.set()
        self._outlet.resume()
        owed, self._owed = self._owed, None
        if owed is not None:
            self._write_control(PONG, owed)

    def connection_lost(self, exc: Exception | None) -> None:
        self._outlet.close()
        if self._reader is None:
            super().connection_lost(exc)
        else:
            self.connections.discard(self)
            self._end(NO_STATUS, "")
        self.disconnected = self.handshake_complete = True
        self._stop_deadline()
        self._gone = nothing
        self._hear = None

    def shutdown(self) -> None:
        """uvicorn is stopping."""
        if self._reader is None:
            super().shutdown()
        else:
            self.close(RESTARTING, "restarting")

    # What the reader finds.

    def on_message(self, message: str | bytes) -> None:
        if self.close_sent:
            self._idle_frames.count(self.loop.time)
            return
        if self._hear is not None:
            self._hear(message)
            return
        kind = "text" if isinstance(message, str) else "bytes"
        self.queue.put_nowait(cast("Any", {"type": "websocket.receive", kind: message}))
        if self.queue.qsize() >= READ_AHEAD:
            self.pause_reading()

    def on_control(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            self._closed_by_peer(*close_reason(payload), payload)
            return
        self._idle_frames.count(self.loop.time)
        if opcode == PING and self.transport.get_write_buffer_size() > PONG_BYTES:
            self._owed = payload  # only the newest ping needs its pong (RFC 6455, 5.5.3): when there is room
        elif opcode == PING:
            self._write_control(PONG, payload)

    def _fail(self, broken: Broken) -> None:
        """RFC 6455, 7.1.7: a close frame, then our end of the line, and whatever still comes is dropped."""
        self.close(broken.code, broken.reason)
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()  # `close` would reset what is unread, and the peer never see why

    def _closed_by_peer(self, code: int, reason: str, payload: bytes) -> None:
        if self._reader is not None:
            self._reader.stop()
        if not self.close_sent:
            self.close_sent = True
            self.transport.write(frame(payload[:2], CLOSE))
            self._end(code, reason)
        self.transport.close()
        self._stop_deadline()  # of our own close
        self._deadline = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def _write_control(self, opcode: int, payload: bytes) -> None:
        if not (self.close_sent or self.transport.is_closing()):
            self.transport.write(frame(payload, opcode))

    def _end(self, code: int, reason: str) -> None:
        """The app hears of it once, whichever way it listens."""
        gone, self._gone = self._gone, nothing
        gone()
        if self.queue is not None:
            self.queue.put_nowait(
                cast("Any", {"type": "websocket.disconnect", "code": code, "reason": reason})
            )
        if self.writable is not None:
            self.writable.set()

    # ASGI.

    def handle_connect(self, event: Request) -> None:
        self._deadline = self.loop.call_later(HANDSHAKE_SECONDS, self.transport.abort)
        super().handle_connect(event)

    def start_keepalive(self) -> None:
        """Beats come from the manager, for all sockets together."""

    async def run_asgi(self) -> None:
        extensions = cast("dict[str, object]", self.scope["extensions"])
        extensions[EXTENSION] = self
        try:
            await self.app(self.scope, self.receive, cast("Any", self.send))
        except ClientDisconnected:
            pass
        except (Exception, asyncio.CancelledError):  # noqa: BLE001 - the app's, whatever it is
            _log.exception("Exception in ASGI application\n")
            self._refuse()
        else:
            self._refuse()
        if self._hear is None and not self.close_sent:
            self.transport.close()

    def _refuse(self) -> None:
        """The app ended before it accepted: whatever it meant, the client gets an answer."""
        if not self.handshake_complete:
            self.send_500_response()

    async def send(self, message: MutableMapping[str, Any]) -> None:  # type: ignore[override]
        if self._reader is None:
            await super().send(cast("Any", message))
            if message["type"] == "websocket.accept" and not self.transport.is_closing():
                self._open()
        elif message["type"] == "websocket.close":
            self.close(message.get("code", 1000), message.get("reason") or "")
        else:
            await self._send(message)

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise ClientDisconnected
        text = message.get("text")
        payload, kind = (message["bytes"], BINARY) if text is None else (text.encode(), TEXT)
        self.transport.write(deflated(payload, self.window_bits, kind))

    def _open(self) -> None:
        """The handshake is over: from here on frames are ours."""
        self._stop_deadline()
        agreed = cast("list[PerMessageDeflate]", self.conn.extensions)
        if agreed and agreed[0].local_max_window_bits > 8:  # zlib knows no window of 2**8
            self.window_bits = agreed[0].local_max_window_bits
        self._reader = FrameReader(self, self.message_bytes, inflates=bool(agreed))
        early, self._early = self._early, b""
        if early:
            self.data_received(early)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
