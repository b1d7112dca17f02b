"""Child processes that end with us, and what they say. Law: no child outlives its parent, no log outgrows its bound.

Start children from the main thread: Linux sends the parent-death signal when the *thread* that forked ends.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.cannot_start import CannotStart
from server.unprivileged import Account

_PR_SET_PDEATHSIG = 1
LOG_BYTES = 4 * 1024 * 1024

Ways = Sequence[tuple[signal.Signals, float]]


class ServerFailed(CannotStart):
    """A child did not start; the text ends with what it said last."""


class BoundedLog:
    """Copies a child's output into a file and one predecessor, each at most `limit` bytes.

    The child writes into a pipe: a file it had open itself could not be kept from growing.
    """

    def __init__(self, path: Path, limit: int = LOG_BYTES) -> None:
        self._path = path
        self._limit = limit
        self._reader: threading.Thread | None = None

    def follow(self, output: IO[bytes]) -> None:
        """Copy until the last writer has closed its end."""
        self._reader = threading.Thread(target=self._copy, args=(output,), name=self._path.name, daemon=True)
        self._reader.start()

    def tail(self, limit: int = 2000) -> str:
        """What was said last. Call it when the child has ended."""
        if self._reader is not None:
            self._reader.join(timeout=1)
        try:
            return self._path.read_bytes()[-limit:].decode(errors="replace").strip()
        except OSError:
            return "(nothing was logged)"

    def _copy(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                try:
                    self._append(line)
                except OSError:
                    # A full disk must not stop the reading: the child would block on a full pipe.
                    continue

    def _append(self, line: bytes) -> None:
        if self._path.exists() and self._path.stat().st_size + len(line) > self._limit:
            self._path.replace(self._path.with_suffix(".old" + self._path.suffix))
        with self._path.open("ab") as log:
            log.write(line)


@dataclass(frozen=True, slots=True)
class Command:
    """What to run: the words, the descriptors it keeps, the account it runs as, the signal it gets when we die."""

    words: tuple[str | Path, ...]
    dies_by: signal.Signals
    keeps: tuple[int, ...] = ()
    account: Account | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C in our terminal reaches us alone."""
        return subprocess.Popen(  # noqa: S603 - the callers' own binaries
            self.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            pass_fds=self.keeps,
            start_new_session=True,
            preexec_fn=ends_with_parent(self.dies_by),  # noqa: PLW1509 - it makes one call and allocates nothing
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )


class Child:
    """One running command; it is started in the constructor and can be revived until `stop`."""

    def __init__(self, command: Command, log: BoundedLog) -> None:
        self.log = log
        self._command = command
        self._process = self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def revive(self) -> bool:
        """Start it again if it ended by itself (killed for memory, say); True when that was so."""
        if self.is_running:
            return False
        self._process = self._start()
        return True

    def stop(self, ways: Ways) -> None:
        """Ask in the given ways, waiting the given seconds after each; then kill."""
        for way, seconds in ways:
            if not self.is_running:
                return
            self._process.send_signal(way)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._process.kill()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        process = self._command.start()
        assert process.stdout is not None  # PIPE was asked for
        self.log.follow(process.stdout)
        return process


def ends_with_parent(dies_by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: ask Linux to send `dies_by` when the parent dies. Elsewhere the next start cleans up."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: after it only the call itself is safe
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(dies_by))
        if os.getppid() != parent:  # it died between the fork and the prctl
            os._exit(1)

    return ask
