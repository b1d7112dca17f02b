"""Fan-out, side by side: CPU of each server's processes for one delivery, to 500 receivers in one channel.

All servers run at the same time and are put under the same load in turns, round after round. What else the machine
does slows whole rounds, of all servers alike, so each is compared with the others of its round, and the median counts.
"""

import shutil
import socket
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.peers.centrifugo import Centrifugo
from bench.peers.chalkline import Chalkline
from bench.peers.ejabberd import Ejabberd
from bench.peers.nats import Nats
from bench.peers.peer import MARK, Missing, Peer, hear
from bench.peers.relays import Epoll, Python, Ws
from bench.peers.socketio import SocketIo
from bench.processes import Cpu, cpu_of
from bench.receivers import Landed, Receivers, allow_sockets, receiving
from bench.results import publish, table, verdict
from bench.running import DATA
from bench.sockets import framed

RECEIVERS = 500
SENDERS = 16
WINDOWS = (1, 16)
ROUNDS = 9
WARM_SECONDS, SECONDS = 0.7, 1.6
SIZE = 285
"""Of our own fact, with the shortest text that there is."""

SPEAK_SECONDS = 4.0
PONG = 0xA

OURS = Chalkline()
FLOOR = Epoll()
PEERS: tuple[Peer, ...] = (
    OURS,
    FLOOR,
    Python("starlette + uvicorn, a loop of `send_text`", "starlette_loop.py"),
    Python("`websockets`, `broadcast`", "websockets_broadcast.py"),
    Ws(),
    SocketIo(),
    Nats(),
    Ejabberd(),
    Centrifugo(),
)


class Round(NamedTuple):
    """One measurement of one server."""

    landed: Landed
    cpu: Cpu

    @property
    def cost(self) -> float:
        """Microseconds of the server's CPU for one delivery."""
        return self.cpu.server / self.landed.deliveries * 1e6

    @property
    def database(self) -> float:
        """The same, of its database."""
        return self.cpu.database / self.landed.deliveries * 1e6


class Running(NamedTuple):
    """A peer with its receivers; each delivery is a frame of `size` bytes."""

    pid: int
    receivers: Receivers
    size: int

    def measure(self, window: int) -> Round:
        before: list[Cpu] = []
        landed = self.receivers.measure(
            window, WARM_SECONDS, SECONDS, lambda: before.append(cpu_of(self.pid))
        )
        return Round(landed, cpu_of(self.pid).since(before[0]))


@contextmanager
def crowded(peer: Peer, number: int) -> Iterator[Running]:
    """The peer with so many receivers, each of which has heard a first post. Raises Missing."""
    peer.install()
    DATA.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=DATA))
    try:
        with peer.running(directory) as (pid, port):
            receivers = _enter(peer, port, number)
            senders = [peer.sender(port) for _ in range(SENDERS)]
            post = peer.post(SIZE)
            senders[0].sendall(post.frame)
            sizes = [len(hear(receiver, MARK)) for receiver in receivers]
            with receiving(post, senders, receivers) as load:
                yield Running(pid, load, sizes[0])
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _enter(peer: Peer, port: int, number: int) -> list[socket.socket]:
    """Nobody answers a ping until all are in, so those who wait speak up by themselves (RFC 6455, 5.5.3)."""
    receivers: list[socket.socket] = []
    spoke = time.monotonic()
    for _ in range(number):
        receivers.append(peer.enter(port))
        if time.monotonic() - spoke > SPEAK_SECONDS:
            spoke = time.monotonic()
            for receiver in receivers:
                receiver.sendall(framed(b"", PONG))
    return receivers


def typical(rounds: Sequence[Round]) -> Round:
    """The one of median cost."""
    return sorted(rounds, key=lambda one: one.cost)[len(rounds) // 2]


def ratio(ones: Sequence[Round], others: Sequence[Round]) -> float:
    """How many times as much a delivery of one costs as of the other: the median of the rounds."""
    return median(one.cost / other.cost for one, other in zip(ones, others, strict=True))


class Measured(NamedTuple):
    """By name and posts in flight; how long the frames are; and who is missing, for what reason."""

    rounds: dict[tuple[str, int], list[Round]]
    sizes: dict[str, int]
    missing: dict[str, str]

    def typical(self, name: str, window: int) -> Round:
        return typical(self.rounds[name, window])

    def ratio(self, name: str, other: str, window: int) -> float:
        return ratio(self.rounds[name, window], self.rounds[other, window])


def measure(peers: Sequence[Peer]) -> Measured:
    rounds: dict[tuple[str, int], list[Round]] = defaultdict(list)
    missing: dict[str, str] = {}
    with ExitStack() as stack:
        running: dict[str, Running] = {}
        for peer in peers:
            try:
                running[peer.name] = stack.enter_context(crowded(peer, RECEIVERS))
            except Missing as reason:
                missing[peer.name] = str(reason)
                _say(f"{peer.name}: left out, {reason}")
        for _ in range(ROUNDS):
            for name, server in running.items():
                for window in WINDOWS:
                    rounds[name, window].append(one := server.measure(window))
                    _say(f"{name}, {window} in flight: {one.cost:.2f} µs, {one.landed}")
        sizes = {name: server.size for name, server in running.items()}
    return Measured(dict(rounds), sizes, missing)


def report(measured: Measured) -> None:
    method = (
        f"{RECEIVERS} receivers of one channel, {SENDERS} sockets that post by turns, closed loop: a post is in flight "
        "until every receiver has read it. The same load generator for all. CPU (user and system) of each server's "
        f"process tree, without PostgreSQL's; the median of {ROUNDS} rounds of {SECONDS} s each, in turns, after a "
        "warm-up; the ratios are those within a round, and of them the median. We alone commit each post to a "
        "database before it is told, and we alone acknowledge it. "
        "The receivers look for what has come every 0.2 ms: a server that had to wake them would pay for that too."
    )
    parts = [method]
    for window in WINDOWS:
        parts += [f"**{window} in flight**", _table(measured, window), _all_rounds(measured, window)]
    parts += [f"Left out: {name} ({reason})." for name, reason in measured.missing.items()]
    if OURS.name in measured.sizes:
        parts.append("\n".join(_verdicts(measured)))
    publish("fanout", "Fan-out, side by side", parts)


def _table(measured: Measured, window: int) -> str:
    rows, first = [], next(iter(measured.sizes))
    for name, size in measured.sizes.items():
        one = measured.typical(name, window)
        database = f" (+ {one.database:.2f} PostgreSQL)" if one.database else ""
        landed = one.landed
        rows.append(
            (
                name,
                f"{one.cost:.2f} µs{database}",
                f"{measured.ratio(name, first, window):.2f}",
                f"{landed.deliveries / landed.seconds:,.0f}",
                f"{landed.median / 1e3:.1f} ms",
                f"{landed.p99 / 1e3:.1f} ms",
                f"{size} B",
            )
        )
    return table(("", "CPU a delivery", "times ours", "deliveries/s", "p50", "p99", "payload"), rows)


def _all_rounds(measured: Measured, window: int) -> str:
    each = (
        f"{name} {', '.join(f'{one.cost:.2f}' for one in measured.rounds[name, window])}"
        for name in measured.sizes
    )
    return f"All rounds: {'; '.join(each)}."


def _verdicts(measured: Measured) -> list[str]:
    lone, crowd = WINDOWS
    peers = [name for name in measured.sizes if name not in (OURS.name, FLOOR.name)]
    lines = []
    if peers:
        best = max(measured.ratio(OURS.name, name, lone) for name in peers)
        lines.append(verdict(f"{lone} in flight, against the best peer", best, 1, "times", at_most=True))
    if FLOOR.name in measured.sizes:
        floor = measured.ratio(OURS.name, FLOOR.name, lone)
        lines.append(verdict(f"{lone} in flight, against C", floor, 1.5, "times", at_most=True))
    ours = measured.typical(OURS.name, crowd).cost
    lines.append(verdict(f"{crowd} in flight", ours, 1, "µs", at_most=True))
    if peers:
        best = min(measured.ratio(name, OURS.name, crowd) for name in peers)
        lines.append(verdict(f"{crowd} in flight, the best peer against us", best, 3, "times"))
    return lines


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _chosen(words: Sequence[str]) -> list[Peer]:
    """All, or those whose names hold one of the words."""
    return [peer for peer in PEERS if not words or any(word in peer.name for word in words)]


if __name__ == "__main__":
    allow_sockets(4_096)
    report(measure(_chosen(sys.argv[1:])))
