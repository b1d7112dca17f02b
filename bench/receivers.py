"""The process of receivers.c around sockets that are open already: 500 receivers that cost less than one server."""

import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.peers.peer import Missing, Post, compiled
from bench.running import ROOT

_SOURCE = Path(__file__).parent / "receivers.c"


class Landed(NamedTuple):
    """One measurement. Latencies in microseconds, from the writing of a post to each reading of it."""

    seconds: float
    deliveries: int
    median: int
    p99: int


class Receivers:
    """Of one server; between measurements they only answer pings."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def measure(self, window: int, warm: float, seconds: float, begin: Callable[[], None]) -> Landed:
        """Keeps so many posts in flight; `begin` is called when the warm-up is over."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{window} {warm} {seconds}\n")
        self._process.stdin.flush()
        self._answer("begin")
        begin()
        took, deliveries, median, p99 = self._answer("end")
        return Landed(float(took), int(deliveries), int(median), int(p99))

    def _answer(self, expected: str) -> list[str]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        word, *rest = line.split() or [""]
        if word != expected:
            raise SystemExit(f"The receivers failed: {line.strip() or self._process.poll()}")
        return rest


def program() -> list[str]:
    """How they are started."""
    try:
        return [str(compiled(_SOURCE))]
    except Missing:
        return [sys.executable, "-m", "bench.receivers_slow"]


@contextmanager
def receiving(
    post: Post, senders: Sequence[socket.socket], receivers: Sequence[socket.socket]
) -> Iterator[Receivers]:
    """Takes the sockets over."""
    sockets = (*senders, *receivers)
    descriptors = [one.fileno() for one in sockets]
    for one in sockets:
        one.setblocking(False)
    with tempfile.NamedTemporaryFile() as template:
        template.write(post.frame)
        template.flush()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*program(), template.name, *map(str, (post.counter, len(senders), *descriptors))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=descriptors,
            cwd=ROOT,
        )
        try:
            yield Receivers(process)
        finally:
            process.kill()
            process.communicate()
            for one in sockets:
                one.close()


def allow_sockets(number: int) -> None:
    """In this process and those that it starts; raises Missing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < number:
        raise Missing(f"only {hard:,} files may be open at once")
    if soft != resource.RLIM_INFINITY and soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
