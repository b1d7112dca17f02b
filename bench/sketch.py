"""One sketch, many people: how soon a stroke is at everyone, and what that costs, beside two other Yjs servers.

Ours commits each frame of strokes to PostgreSQL before anyone sees it; the peers keep documents in memory alone.
"""

import re
import select
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.peers.peer import Missing
from bench.peers.sketches import Chalkline, Hocuspocus, PycrdtWebsocket, SketchPeer
from bench.processes import cpu_of
from bench.results import publish, table, verdict
from bench.running import DATA
from models.lib0 import number, sized

SECONDS, WARM_SECONDS, SETTLE_SECONDS = 8.0, 2.0, 3.0
ROUNDS = 2
POINTS = bytes(200)
_STROKE = re.compile(rb"\^(\d{8})")
_TAIL = 8


class Load(NamedTuple):
    """Who is there, who of them draws, and how often."""

    clients: int
    writers: int
    hertz: int

    def __str__(self) -> str:
        return f"{self.clients} clients, {self.writers} writers at {self.hertz} Hz"


class Measured(NamedTuple):
    """Milliseconds, a share, and CPU seconds."""

    p50: float
    p99: float
    delivered: float
    cpu: float
    database: float


LOADS = (Load(100, 5, 20), Load(200, 20, 20), Load(500, 50, 10))


def stroke(client: int, clock: int, name: int) -> bytes:
    """A finished stroke of some 250 bytes as a Yjs update: one key of the map `el`."""
    style = (
        b"\x76"
        + number(2)
        + sized(b"kind")
        + b"\x77"
        + sized(b"stroke")
        + sized(b"points")
        + b"\x74"
        + sized(POINTS)
    )
    key = b"^%08d" % name
    item = b"\x28\x01" + sized(b"el") + sized(key) + b"\x01" + style
    return b"\x01\x01" + number(client) + number(clock) + item + b"\x00"


class Crowd:
    """All clients of one server, in one loop: those who draw do so in turn, evenly spread."""

    def __init__(self, peer: SketchPeer, port: int, load: Load) -> None:
        self._peer = peer
        self._load = load
        self._sockets = [peer.enter(port) for _ in range(load.clients)]
        self._poll = select.epoll()
        self._tails = {opened.fileno(): b"" for opened in self._sockets}
        self._by_number = {opened.fileno(): opened for opened in self._sockets}
        for opened in self._sockets:
            opened.setblocking(False)
            self._poll.register(opened.fileno(), select.EPOLLIN)
        self._sent: list[float] = []
        self.journeys: list[float] = []

    def run(self, seconds: float) -> None:
        """Draws for so long, and hears whatever comes meanwhile."""
        began, first = time.perf_counter(), len(self._sent)
        gap = 1 / (self._load.writers * self._load.hertz)
        while (now := time.perf_counter()) < began + seconds:
            due = int((now - began) / gap) - (len(self._sent) - first)
            for _ in range(due):
                self._draw()
            self.hear(0.001)

    def _draw(self) -> None:
        name = len(self._sent)
        writer = name % self._load.writers
        update = stroke(1000 + writer, name // self._load.writers, name)
        self._sent.append(time.perf_counter())
        opened = self._sockets[writer]
        opened.setblocking(True)
        opened.sendall(self._peer.stroke(update))
        opened.setblocking(False)

    def hear(self, patience: float) -> int:
        heard = 0
        for fd, _ in self._poll.poll(patience):
            heard += self._read(fd, self._by_number[fd])
        return heard

    def _read(self, fd: int, opened: socket.socket) -> int:
        try:
            data = self._tails[fd] + opened.recv(1 << 18)
        except BlockingIOError:
            return 0
        if len(data) == len(self._tails[fd]):
            raise SystemExit(f"{self._peer.name} closed a socket.")
        now, sent = time.perf_counter(), self._sent
        end, names = 0, []
        for found in _STROKE.finditer(data):
            names.append(int(found[1]))
            end = found.end()
        self._tails[fd] = data[max(end, len(data) - _TAIL) :]
        self.journeys += [now - sent[name] for name in names if name < len(sent)]
        return len(names)

    def settle(self) -> None:
        """Until nothing comes any more."""
        quiet = time.perf_counter() + SETTLE_SECONDS
        while time.perf_counter() < quiet:
            if self.hear(0.05):
                quiet = max(quiet, time.perf_counter() + 0.5)
            if len(self.journeys) >= len(self._sent) * self._load.clients:
                return

    def begin(self) -> None:
        """From here on it counts."""
        self.settle()
        self.journeys.clear()

    @property
    def drawn(self) -> int:
        return len(self._sent)

    def close(self) -> None:
        for opened in self._sockets:
            opened.close()


def measure(peer: SketchPeer, load: Load) -> Measured:
    with tempfile.TemporaryDirectory(dir=DATA) as directory, peer.serve(Path(directory)) as (pid, port):
        crowd = Crowd(peer, port, load)
        crowd.run(WARM_SECONDS)
        crowd.begin()
        before, drawn = cpu_of(pid), crowd.drawn
        crowd.run(SECONDS)
        crowd.settle()
        used = cpu_of(pid).since(before)
        wanted = (crowd.drawn - drawn) * load.clients
        journeys = sorted(crowd.journeys)
        crowd.close()
    heard = len(journeys)
    return Measured(
        p50=journeys[heard // 2] * 1e3,
        p99=journeys[int(heard * 0.99)] * 1e3,
        delivered=heard / wanted,
        cpu=used.server,
        database=used.database,
    )


def best(peer: SketchPeer, load: Load) -> Measured:
    """Of the rounds, the one with the lowest p99 among those that delivered most."""
    rounds = [measure(peer, load) for _ in range(ROUNDS)]
    return min(rounds, key=lambda one: (-round(one.delivered, 3), one.p99))


def _rows(load: Load, found: dict[str, Measured]) -> list[list[str]]:
    return [
        [
            str(load), name, f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.delivered:.1%}",
            f"{one.cpu:.2f}", f"{one.database:.2f}" if one.database else "–",
        ]
        for name, one in found.items()
    ]  # fmt: skip


def _verdicts(found: dict[Load, dict[str, Measured]]) -> list[str]:
    lines = []
    for load, bound, share in zip(LOADS, (30, 50, 80), (0.6, 0.35, None), strict=True):
        ours, theirs = found[load][Chalkline.name], found[load].get(Hocuspocus.name)
        lines.append(verdict(f"{load}: p99", ours.p99, bound, "ms", at_most=True))
        lines.append(verdict(f"{load}: delivered", ours.delivered, 1, "of all"))
        if theirs and load == LOADS[0]:
            lines.append(
                verdict(f"{load}: p50 beside Hocuspocus's", ours.p50 / theirs.p50, 1, "times", at_most=True)
            )
        if theirs and share:
            lines.append(
                verdict(
                    f"{load}: CPU beside Hocuspocus's", ours.cpu / theirs.cpu, share, "times", at_most=True
                )
            )
    return lines


def main(peers: Sequence[SketchPeer] = (Chalkline(), Hocuspocus(), PycrdtWebsocket())) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    found: dict[Load, dict[str, Measured]] = {load: {} for load in LOADS}
    missing = []
    for peer in peers:
        try:
            peer.install()
        except Missing as why:
            missing.append(f"{peer.name}: not measured, {why}.")
            continue
        for load in LOADS:
            found[load][peer.name] = best(peer, load)
    publish(
        "sketch",
        "Drawing together on one sketch",
        [
            (
                f"Strokes of 250 bytes, {SECONDS:.0f} s after {WARM_SECONDS:.0f} s of warming up, best of {ROUNDS}. "
                "Ours commits before it tells and checks every stroke; the peers keep documents in memory alone."
            ),
            table(
                ["load", "server", "p50 in ms", "p99 in ms", "delivered", "CPU in s", "PostgreSQL in s"],
                [row for load in LOADS for row in _rows(load, found[load])],
            ),
            "\n".join(_verdicts(found)),
            *missing,
        ],
    )


if __name__ == "__main__":
    main()
