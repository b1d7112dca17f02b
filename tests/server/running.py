"""Starts our own programs as processes and talks to them; whatever a test leaves running is ended with the test."""

import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
NOBODY = 65534
SECONDS = 60


def nobody_can_run_us() -> bool:
    """Are we root, and may an ordinary user run our interpreter (its home is often root's own) and read our code?"""
    if os.geteuid() != 0:
        return False
    try:
        tried = subprocess.run(
            [sys.executable, "-c", "import server.embedded_postgres"],
            cwd=ROOT,
            env=environment({"HOME": "/nonexistent"}),
            stderr=subprocess.DEVNULL,
            user=NOBODY,
            check=False,
        )
    except PermissionError:
        return False
    return tried.returncode == 0


class Running:
    """One started program."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def line_with(self, phrase: str) -> str:
        """Read until a line holds `phrase`; fails with all that was said when none does."""
        said = []
        for line in self.output:
            said.append(line)
            if phrase in line:
                return line.strip()
        raise AssertionError(f"ended without saying {phrase!r}: {''.join(said)}")

    def url(self) -> str:
        """Where it listens, once it does."""
        return self.line_with("chalkline listening on ").split()[-1]

    def stop(self, way: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code, and what it said until then."""
        self.process.send_signal(way)
        said, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said

    def ended(self) -> tuple[int, str]:
        """The same for a program that ends by itself."""
        said, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said


@contextmanager
def run(
    module: str, *arguments: str | Path, variables: Mapping[str, str] | None = None, uid: int | None = None
) -> Iterator[Running]:
    """`python -m module` with the given CHALKLINE_* and other variables alone."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=uid,
    ) as process:
        try:
            yield Running(process)
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the tester's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHALKLINE_")}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def get(url: str, headers: Mapping[str, str] | None = None, trust: Path | None = None) -> dict[str, object]:
    """The JSON at `url`."""
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310 - our own server
    context = ssl.create_default_context(cafile=trust) if trust else None
    with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:  # noqa: S310
        found: dict[str, object] = json.load(answer)
        return found
