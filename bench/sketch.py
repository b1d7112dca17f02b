"""One sketch, many people: how soon a stroke is at everyone, and what that costs, beside two other Yjs servers.

Ours commits every stroke to PostgreSQL and says when it has; the peers keep documents in memory alone.
`python -m bench.sketch room`, `state` or `chat` measures one part alone.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import sketch_chat, sketch_state
from bench.peers.peer import Missing
from bench.peers.sketches import Chalkline, Hocuspocus, PycrdtWebsocket, SketchPeer
from bench.processes import cpu_of
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict
from bench.running import DATA
from bench.strokes import Crowd, Load

SECONDS, WARM_SECONDS = 6.0, 1.5
ROUNDS = 2
LOADS = (Load(100, 5, 20), Load(200, 20, 20), Load(500, 50, 10))


class Measured(NamedTuple):
    """Milliseconds, a share, and CPU seconds."""

    p50: float
    p99: float
    delivered: float
    server: float
    database: float
    load: float


Found = dict[tuple[Load, str], list[Measured]]


def measure(peer: SketchPeer, load: Load) -> Measured:
    with tempfile.TemporaryDirectory(dir=DATA) as directory, peer.serve(Path(directory)) as (pid, port):
        crowd = Crowd(peer, port, load)
        crowd.run(WARM_SECONDS)
        crowd.begin()
        before = cpu_of(pid)
        crowd.run(SECONDS)
        crowd.settle()
        used = cpu_of(pid).since(before)
        crowd.close()
    heard = crowd.result()
    return Measured(heard.percentile(0.5), heard.percentile(0.99), heard.delivered, *used)


def best(rounds: Sequence[Measured]) -> Measured:
    """The one with the lowest p99 among those that delivered most."""
    return min(rounds, key=lambda one: (-round(one.delivered, 3), one.p99))


def _row(load: Load, name: str, one: Measured) -> list[str]:
    return [
        str(load), name, f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.delivered:.1%}",
        f"{one.server:.2f}", f"{one.database:.2f}" if one.database else "–", f"{one.load:.2f}",
    ]  # fmt: skip


def _verdicts(found: Found) -> list[str]:
    lines = []
    for load, bound, share in zip(LOADS, (30, 50, 80), (0.6, 0.35, None), strict=True):
        ours = best(found[load, Chalkline.name])
        lines.append(verdict(f"{load}: p99", ours.p99, bound, "ms", at_most=True))
        lines.append(verdict(f"{load}: delivered", ours.delivered, 1, "of all"))
        if share and (load, Hocuspocus.name) in found:
            theirs = best(found[load, Hocuspocus.name])
            if load == LOADS[0]:
                lines.append(
                    verdict(
                        f"{load}: p50, Hocuspocus {theirs.p50:.2f} ms",
                        ours.p50,
                        theirs.p50,
                        "ms",
                        at_most=True,
                    )
                )
            name = f"{load}: CPU beside Hocuspocus's"
            lines.append(verdict(name, ours.server / theirs.server, share, "times", at_most=True))
            whole = (ours.server + ours.database) / theirs.server
            lines.append(f"- {load}: the same with all of PostgreSQL's: {whole:.2f} times")
    return lines


def room(peers: Sequence[SketchPeer] = (Chalkline(), Hocuspocus(), PycrdtWebsocket())) -> None:
    """In turns, round after round."""
    found: Found = {}
    there: list[SketchPeer] = []
    missing: list[str] = []
    for peer in peers:
        try:
            peer.install()
            there.append(peer)
        except Missing as why:
            missing.append(f"{peer.name}: not measured, {why}.")
    for load in LOADS:
        for _ in range(ROUNDS):
            for peer in there:
                found.setdefault((load, peer.name), []).append(one := measure(peer, load))
                sys.stdout.write(f"{' · '.join(_row(load, peer.name, one))}\n")
                sys.stdout.flush()
    report(found, missing)


def report(found: Found, missing: Sequence[str]) -> None:
    method = (
        f"Strokes of 250 bytes, {SECONDS:.0f} s after {WARM_SECONDS:.1f} s of warming up, best of {ROUNDS} rounds, in "
        "turns, on sockets of one load generator that looks every 0.2 ms. CPU in seconds, user and system. Ours "
        "commits and checks every stroke; the peers keep documents in memory alone."
    )
    head = ["load", "server", "p50 in ms", "p99 in ms", "delivered", "CPU", "PostgreSQL", "load generator"]
    rows = [_row(load, name, best(rounds)) for (load, name), rounds in found.items()]
    parts = [method, table(head, rows), "\n".join(_verdicts(found)), *missing]
    publish("sketch", "Drawing together on one sketch", parts)


PARTS = {"room": room, "state": sketch_state.main, "chat": sketch_chat.main}


if __name__ == "__main__":
    allow_sockets(4096)
    DATA.mkdir(parents=True, exist_ok=True)
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
