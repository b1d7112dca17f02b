"""The demo provider as our own child, so that all workers ask the same one."""

import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import structlog

from server.child import Command
from server.embedded import EmbeddedChild

log = structlog.stdlib.get_logger()


class EmbeddedDemo(EmbeddedChild):
    """`with EmbeddedDemo(directory) as demo:` runs one; `url` leads to it. Main thread only."""

    NAME = "The demo provider"
    LOG = "demo.log"
    START_SECONDS = 30.0
    WAYS = ((signal.SIGTERM, 5.0),)

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = _free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        super().__enter__()
        log.warning("ai_is_a_demo", says="no model answers here: set CHALKLINE_AI_BASE_URL to an endpoint")
        return self

    def _prepare(self, undo: ExitStack) -> Command:  # noqa: ARG002 - it needs nothing
        words = (sys.executable, "-P", "-m", "server.demo_provider", "--port", str(self._port))
        return Command(words, dies_by=signal.SIGTERM)

    def _is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
