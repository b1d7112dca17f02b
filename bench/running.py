"""A real `chalkline serve` to measure: on a fresh data directory with fsync on, rate limits off, and people in it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "build" / "bench"
"""Beside the code and not in /tmp: there, fsync may cost nothing, because nothing is kept."""

SERVE = ("server.cli", "serve")
PASSWORD = "correct horse battery"  # noqa: S105 - of people who are made up
"""Everybody's."""

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_SAID = "chalkline listening on http://"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in."""

    id: int
    token: str


@dataclass(frozen=True, slots=True)
class Server:
    """One running instance; `pid` is the process that serves, with PostgreSQL as its child."""

    host: str
    port: int
    pid: int

    def call(self, method: str, path: str, body: Any = None, by: Person | None = None) -> Any:
        """One REST call; the answer's JSON. Any status but a good one ends the measurement."""
        headers = {"Content-Type": "application/json"}
        if by is not None:
            headers["Authorization"] = f"Bearer {by.token}"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body or {}), headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content.decode()}")
        return json.loads(content) if content else None

    def register(self, name: str) -> Person:
        session = self.call("POST", "/auth/register", {"username": name, "password": PASSWORD})
        return Person(session["user"]["id"], session["access_token"])

    def people(self, number: int) -> list[Person]:
        return [self.register(f"person{index}") for index in range(number)]

    def channel(self, owner: Person, name: str) -> int:
        return int(self.call("POST", "/channels", {"name": name}, owner)["id"])


@contextmanager
def running(program: tuple[str, ...] = SERVE, variables: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Starts a module of this tree as a server of its own, with more variables, and stops it again.

    Its database may be another's.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=DATA))
    said = directory / "said.log"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", *program],
            cwd=ROOT,
            env=_environment(directory) | dict(variables or {}),
            stderr=output,
        )
    try:
        host, port = _address(process, said)
        yield Server(host, port, process.pid)
    finally:
        _stop(process)
        shutil.rmtree(directory, ignore_errors=True)


def _environment(directory: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHALKLINE_")}
    return {
        **kept,
        "CHALKLINE_PORT": "0",
        "CHALKLINE_DATA_DIR": str(directory / "data"),
        "CHALKLINE_RATE_LIMITS": "off",
        "CHALKLINE_MAX_SOCKETS_PER_USER": "100000",
        "CHALKLINE_LOG_LEVEL": "warning",
    }


def _address(process: "subprocess.Popen[bytes]", said: Path) -> tuple[str, int]:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in said.read_text().splitlines():
            if line.startswith(_SAID):
                host, _, port = line.removeprefix(_SAID).rpartition(":")
                return host, int(port)
        time.sleep(0.05)
    raise SystemExit(f"The server did not start:\n{said.read_text()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
