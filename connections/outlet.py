"""The way out of one socket. Law: bytes leave in the order in which they were given, by whichever way.

While nothing waits, a block of frames may go straight to the kernel: `way` does that, through a second descriptor of
the same socket, which is ours to close. So whoever holds an old way gets an error from it, and never writes into
somebody else's socket or ahead of what waits. Under TLS, all goes through the transport.
"""

import asyncio
import os
import socket
from collections.abc import Callable

HIGH_BYTES = 32 * 1024
"""Waiting bytes past which the socket counts as full, until all have left."""

Way = Callable[[bytes], int]
"""Says how many of the bytes it took, or raises OSError; the rest is to be written at once."""


def nothing() -> None:
    """Where nobody watches."""


class Outlet:
    """Belongs to one protocol, which passes the transport's `pause_writing` and `resume_writing` on to it."""

    __slots__ = ("_is_full", "_is_waiting", "_paused", "_resumed", "_socket", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._paused = self._resumed = nothing
        self._is_waiting = self._is_full = False
        self._socket: socket.socket | None = None

    def watch(self, paused: Callable[[], None], resumed: Callable[[], None]) -> None:
        """Where to tell that the socket is full, and that it is no more."""
        self._paused, self._resumed = paused, resumed

    @property
    def way(self) -> Way:
        """The shortest there is, for as long as nothing waits."""
        if self._socket is None:
            self._socket = self._second()
        return self._take if self._socket is None else self._socket.send

    def write(self, data: bytes) -> None:
        """In any state."""
        self._transport.write(data)
        if self._is_waiting:
            self._look()

    def pause(self) -> None:
        """Something waits in the transport."""
        self._is_waiting = True
        self._close_second()
        self._look()

    def resume(self) -> None:
        """Nothing waits any more, or little."""
        self._is_waiting = False
        if self._is_full:
            self._is_full = False
            self._resumed()

    def close(self) -> None:
        """The connection is lost."""
        self._close_second()
        self._paused = self._resumed = nothing

    def _take(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def _look(self) -> None:
        if not self._is_full and self._transport.get_write_buffer_size() > HIGH_BYTES:
            self._is_full = True
            self._paused()

    def _second(self) -> socket.socket | None:
        """None while it would be wrong, or where there is none."""
        transport = self._transport
        if (
            transport.is_closing()
            or transport.get_write_buffer_size()
            or transport.get_extra_info("sslcontext")
        ):
            return None
        own = transport.get_extra_info("socket")
        try:
            second = socket.socket(own.family, own.type, own.proto, os.dup(own.fileno()))
        except OSError:  # no descriptor is left
            return None
        transport.set_write_buffer_limits(0)  # so that we are told when something begins to wait
        return second

    def _close_second(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
