"""Who may run an embedded server in a directory. Law: while we hold the lock, no server of that directory is alive.

The lock is an flock whose descriptor the server and all its children inherit, so it outlives a parent that was killed
for exactly as long as they do. The file's text says who took it.
"""

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from server.cannot_start import CannotStart
from server.processes import birth_of

_LOOK_SECONDS = 0.05
_ORPHAN_NOTICE_SECONDS = 0.5


class DirectoryInUse(CannotStart):
    """Someone else's server lives in the directory; the text says whose."""


class DirectoryLock:
    """Take it before touching the directory, pass `descriptor` to every child, release it last."""

    def __init__(self, path: Path, patience_seconds: float, orphan_seconds: float = 60) -> None:
        self._path = path
        self._patience = patience_seconds
        self._orphan_patience = orphan_seconds
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @property
    def descriptor(self) -> int:
        return self._file

    def acquire(self, evict_orphan: Callable[[], None]) -> None:
        """Wait a little for an owner that is leaving; call `evict_orphan` when the owner died and left its server.

        Raises `DirectoryInUse`, naming the owner.
        """
        begun = time.monotonic()
        evicted = False
        while not self._try():
            waited = time.monotonic() - begun
            orphaned = self._owner_is_dead()
            if waited > (self._orphan_patience if orphaned else self._patience):
                raise DirectoryInUse(self._complaint())
            # The notice spares a new owner that has the lock and is about to write its name.
            if orphaned and not evicted and waited > _ORPHAN_NOTICE_SECONDS:
                evict_orphan()
                evicted = True
            time.sleep(_LOOK_SECONDS)
        self._sign()

    def release(self) -> None:
        os.close(self._file)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _sign(self) -> None:
        pid = os.getpid()
        owner = {
            "pid": pid,
            "born": birth_of(pid),
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        }
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps(owner).encode(), 0)

    def _owner(self) -> dict[str, object]:
        with suppress(OSError, ValueError):
            owner = json.loads(self._path.read_text())
            if isinstance(owner, dict):
                return owner
        return {}

    def _owner_is_dead(self) -> bool:
        owner = self._owner()
        pid = owner.get("pid")
        return isinstance(pid, int) and birth_of(pid) != owner.get("born")

    def _complaint(self) -> str:
        owner = self._owner()
        holder = f"process {owner.get('pid', 'unknown')} ({owner.get('command', 'command unknown')})"
        if self._owner_is_dead():
            holder = f"a server left behind by {holder}, which has ended"
        return f"{self._path.parent} is in use by {holder}. Stop it, or choose another CHALKLINE_DATA_DIR."
