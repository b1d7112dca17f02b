"""The demo provider as our own child, so that all workers ask the same one. Law: it ends with us."""

import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from server.child import BoundedLog, Child, Command, ServerFailed
from server.unprivileged import make_way

_START_SECONDS = 30

log = structlog.stdlib.get_logger()


class EmbeddedDemo:
    """`with EmbeddedDemo(directory) as demo:` runs one; `url` leads to it. Main thread only."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory.absolute()
        self._log = BoundedLog(self._directory / "demo.log")
        self._port = _free_port()
        self._child: Child | None = None
        self._cleanup = ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def pid(self) -> int | None:
        """While it runs."""
        return self._child.pid if self._child else None

    def __enter__(self) -> Self:
        make_way(self._directory)
        words = (sys.executable, "-P", "-m", "server.demo_provider", "--port", str(self._port))
        with ExitStack() as undo:
            self._child = Child(Command(words, dies_by=signal.SIGTERM), self._log)
            undo.callback(self._child.stop, [(signal.SIGTERM, 5.0)])
            self._wait_until_ready(self._child)
            self._cleanup = undo.pop_all()
        log.warning("ai_is_a_demo", says="no model answers here: set CHALKLINE_AI_BASE_URL to an endpoint")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def revive(self) -> bool:
        """Start it again if it ended by itself; True when that was so."""
        return self._child is not None and self._child.revive()

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if not child.is_running:
                raise ServerFailed(f"The demo provider did not start: {self._log.tail()}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(0.01)
        raise ServerFailed(f"The demo provider was not ready after {_START_SECONDS} s: {self._log.tail()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
