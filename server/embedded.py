"""A server as our own child, out of a wheel or of our own. Law: it ends with us, however we end.

Use it from the main thread, around the event loop. Who else wants the directory waits at its lock: directory_lock.py.
"""

import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from server.child import BoundedLog, Child, Command, ServerFailed, Ways
from server.directory_lock import DirectoryLock
from server.socket_paths import socket_directory
from server.unprivileged import make_way


class EmbeddedChild:
    """`with` runs it. A subclass says what it is called, how it is started and stopped, and when it is ready."""

    NAME: str
    LOG: str
    START_SECONDS: float
    WAYS: Ways

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self._log = BoundedLog(self.directory / self.LOG)
        self._child: Child | None = None
        self._cleanup = ExitStack()

    @property
    def pid(self) -> int | None:
        """While it runs."""
        return self._child.pid if self._child else None

    def __enter__(self) -> Self:
        make_way(self.directory)
        with ExitStack() as undo:
            child = self._child = Child(self._prepare(undo), self._log)
            undo.callback(child.stop, self.WAYS)
            self._wait_until_ready(child)
            self._cleanup = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def revive(self) -> bool:
        """Start the server again if it ended by itself; True when that was so. Returns before it is ready."""
        return self._child is not None and self._child.revive()

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + self.START_SECONDS
        while time.monotonic() < deadline:
            if not child.is_running:
                raise ServerFailed(f"{self.NAME} did not start in {self.directory}: {self._log.tail()}")
            if self._is_ready():
                return
            time.sleep(0.01)
        raise ServerFailed(f"{self.NAME} was not ready after {self.START_SECONDS:g} s: {self._log.tail()}")

    def _prepare(self, undo: ExitStack) -> Command:
        """Everything that it needs, and the command that starts it."""
        raise NotImplementedError

    def _is_ready(self) -> bool:
        raise NotImplementedError


class EmbeddedServer(EmbeddedChild):
    """One with data of its own, so at most one a directory: behind a lock."""

    SOCKET: str

    def __init__(self, directory: Path, patience_seconds: float) -> None:
        super().__init__(directory)
        self._sockets = socket_directory(self.directory / "socket", self.SOCKET)
        self._patience = patience_seconds

    def _prepare(self, undo: ExitStack) -> Command:
        lock = DirectoryLock(self.directory / "lock", self._patience)
        undo.callback(lock.release)
        lock.acquire(self._evict_orphan)
        return self._prepare_behind(lock, undo)

    def _prepare_behind(self, lock: DirectoryLock, undo: ExitStack) -> Command:
        """Everything that it needs, and the command that starts it; the lock is ours."""
        raise NotImplementedError

    def _evict_orphan(self) -> None:
        """The owner of the lock died and its server did not notice (no parent-death signal on this system)."""
        raise NotImplementedError
