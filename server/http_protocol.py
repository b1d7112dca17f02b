"""Our uvicorn HTTP protocol, given to it as `http=`: the same, with an end to everything that a client can draw out.

What stock uvicorn leaves open is bounded here: heads that never end or never come, bodies that trickle, answers that
nobody reads, requests that are sent ahead without waiting for an answer, and bytes that are neither head nor body.
"""

import asyncio
import secrets
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from handlers.errors import Problem
from models import wire

HEAD_BYTES = 16 * 1024
HEADERS = 100

AHEAD = 16
"""Requests that wait for the answers of earlier ones on the same connection."""

BODY_BYTES = 4 * 1024
"""What has to come of a body, while it is waited for, in each span of `body_seconds`."""

SAID = {
    HTTPStatus.BAD_REQUEST: ("invalid", "This is not a request."),
    HTTPStatus.REQUEST_TIMEOUT: ("timeout", "The request took too long to arrive."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: ("too_large", "The head of the request is too large."),
}


class Awaits(Enum):
    """What a connection has to send next. REFUSED: whatever it sends is dropped."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()
    REFUSED = auto()


class TooMuch(Exception):
    """The head is over a bound. Ends the parsing."""


class HttpProtocol(HttpToolsProtocol):
    """A connection until it closes, or becomes a socket and is SocketProtocol's."""

    head_seconds: ClassVar[float] = 9.5
    """From the connect, or from the first byte of a next request: ten seconds, with the end of them included."""
    body_seconds: ClassVar[float] = 9.5
    answer_seconds: ClassVar[float] = 30.0
    """Within which a full buffer has to drain: 2 KiB/s."""
    linger_seconds: ClassVar[float] = 2.0
    """For what is still on its way when all is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._awaits = Awaits.HEAD
        self._has_begun = False  # with the head that is awaited
        self._unheard = 0  # bytes of a head so far, or since the last piece of a body
        self._head_bytes = 0
        self._body_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._drain_deadline: asyncio.TimerHandle | None = None

    # The transport's side.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()
        self._stop_draining()

    def data_received(self, data: bytes) -> None:
        if self._awaits is Awaits.REFUSED:
            return
        self._unheard += len(data)
        super().data_received(data)
        if self._awaits is Awaits.NOTHING and self._is_idle and self.timeout_keep_alive_task is None:
            self._awaits = Awaits.HEAD  # uvicorn waits for nothing now, so it would wait for ever
        if self._awaits is Awaits.NOTHING or self._awaits is Awaits.REFUSED:
            return
        if self._unheard > HEAD_BYTES:
            self._refuse_size()
        elif self._deadline is None:
            self._wait(self.head_seconds if self._awaits is Awaits.HEAD else self.body_seconds)

    def handle_websocket_upgrade(self) -> None:
        self._awaits = Awaits.REFUSED  # by us: the next bytes come to another protocol
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._drain_deadline = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_draining()

    # What the parser finds.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._awaits is Awaits.NOTHING:
            self._awaits = Awaits.HEAD
        self._has_begun = True
        self._head_bytes = self._body_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value) + 4)
        if self._awaits is Awaits.BODY:
            return  # a trailer: whoever read the headers has read them
        if len(self.headers) == HEADERS:
            raise TooMuch
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= AHEAD:
            raise TooMuch
        self._awaits, self._unheard = Awaits.BODY, 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unheard = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._awaits, self._unheard, self._has_begun = Awaits.NOTHING, 0, False
        self._stop_waiting()
        super().on_message_complete()

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES:
            raise TooMuch

    # What uvicorn does at the end of an answer, and where it can't read on.

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._end_within(self.answer_seconds)
        elif self._awaits is Awaits.BODY and self._is_idle:  # answered before it was read
            self._end_within(self.linger_seconds)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end_within(self.answer_seconds)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's one sentence for everything
        if self._head_bytes > HEAD_BYTES or len(self.headers or ()) == HEADERS:
            self._refuse_size()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST)

    # Ends.

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr] # at first

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._deadline = None
        if self._awaits is Awaits.BODY and self._is_excused():
            self._body_bytes = 0
            self._wait(self.body_seconds)
        elif self._awaits is Awaits.HEAD and not self._has_begun:
            self.transport.close()  # it never began to ask
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _is_excused(self) -> bool:
        """Enough has come, or it is we who keep it waiting."""
        held_up = self.flow.read_paused or self.cycle.waiting_for_100_continue or bool(self.pipeline)
        return held_up or self._body_bytes >= BODY_BYTES

    def _refuse_size(self) -> None:
        is_head = self._awaits is Awaits.HEAD
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if is_head else HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers where no other answer is under way; then the end, without reading what still comes."""
        self._stop_waiting()
        is_asking = self._awaits is Awaits.BODY and not self.pipeline and not self.cycle.response_started
        self._awaits = Awaits.REFUSED
        if not (self._is_idle or is_asking) or self.transport.is_closing():
            self.transport.abort()
            return
        if not self._is_idle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_answer(status))
        if self.transport.can_write_eof():
            self.transport.write_eof()  # not `close`, which would reset the connection before this is read
        else:
            self.transport.close()
        self._end_within(self.linger_seconds)

    def _end_within(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_draining(self) -> None:
        if self._drain_deadline is not None:
            self._drain_deadline.cancel()
            self._drain_deadline = None


def _answer(status: HTTPStatus) -> bytes:
    code, detail = SAID[status]
    body = wire.encode(
        Problem(
            type=f"urn:chalkline:error:{code}",
            title=status.phrase,
            status=status,
            detail=detail,
            code=code,
            request_id=secrets.token_hex(8),
        )
    )
    head = (
        "content-type: application/problem+json\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + head.encode() + body
