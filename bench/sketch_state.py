"""What sketches cost that nobody draws on: the state of a large one for who comes late, and memory on disk and open."""

import http.client
import random
import re
import statistics
import string
import time
from typing import Any, NamedTuple

from bench.peers.sketches import Chalkline
from bench.processes import KIB, memory_of
from bench.results import publish, table, verdict
from bench.running import Person, Server, running

STROKES, POINTS_EACH = 10_000, 50
ID_CHARACTERS = 16
BATCH = 100
"""A call: its body may have 256 KiB."""

LARGE = 3
"""Sketches of so many strokes: each is served cold once."""

WARM_TRIES = 15
ON_DISK, STROKES_ON_DISK, OPENED = 1_000, 20, 200
FIRST = 1_000
"""Sketches that come and go before memory is looked at: what as many open ones need once stays with the process."""

UNLOAD_SECONDS = 120.0
_OPEN = re.compile(rb"^chalkline_sketches_open (\d+)", re.MULTILINE)


class Served(NamedTuple):
    """Seconds, and bytes as they were sent."""

    seconds: float
    size: int


class Late(NamedTuple):
    """Of each kind, what came."""

    warm: list[Served]
    squeezed: list[Served]
    cold: list[Served]


class Memory(NamedTuple):
    """Of the server's own process, in bytes."""

    before: int
    on_disk: int
    opened: int


def element(chance: random.Random) -> dict[str, Any]:
    """A stroke as the page draws one: its fields, its id, its place to an eighth. Every other one knows pressure."""
    is_pen = chance.random() < 0.5
    points = [
        [
            round(n * 1.5 + chance.random(), 2),
            round(chance.random() * 40, 2),
            round(0.3 + 0.4 * chance.random(), 2) if is_pen else 128 / 255,
        ]
        for n in range(POINTS_EACH)
    ]
    look = {"kind": "stroke", "color": "#1971c2", "stroke_width": 2, "opacity": 1, "points": points}
    place = {
        "x": chance.randrange(8 * 4000) / 8,
        "y": chance.randrange(8 * 4000) / 8,
        "z": chance.randrange(STROKES),
    }
    return {"id": "".join(chance.choices(string.ascii_letters, k=ID_CHARACTERS)), **look, **place}


def drawn(server: Server, by: Person, channel: int, strokes: int) -> int:
    """The id of a sketch with so many strokes on it."""
    made = server.call("POST", f"/channels/{channel}/sketches", {"title": "wall"}, by)["id"]
    chance = random.Random(made)  # noqa: S311 - the same every time
    for begin in range(0, strokes, BATCH):
        elements = [element(chance) for _ in range(min(BATCH, strokes - begin))]
        server.call("POST", f"/sketches/{made}/elements", {"elements": elements}, by)
    return int(made)


def fetched(server: Server, by: Person, sketch: int, *, squeezed: bool = False) -> Served:
    """From the asking to the last byte, on a connection of its own."""
    headers = {"Authorization": f"Bearer {by.token}", "Accept-Encoding": "gzip" if squeezed else "identity"}
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    connection.connect()
    began = time.perf_counter()
    connection.request("GET", f"/api/v1/sketches/{sketch}/state", headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"The state was answered with {answer.status}.")
    return Served(took, len(data))


def open_sketches(server: Server) -> int:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    connection.request("GET", "/metrics")
    found = _OPEN.search(connection.getresponse().read())
    connection.close()
    assert found is not None
    return int(found[1])


def until_unloaded(server: Server) -> None:
    until = time.monotonic() + UNLOAD_SECONDS
    while open_sketches(server):
        if time.monotonic() > until:
            raise SystemExit("Sketches that nobody is at stay open.")
        time.sleep(0.5)


def measure_late() -> Late:
    with running() as server:
        alice = server.register("alice")
        channel = server.channel(alice, "walls")
        sketches = [drawn(server, alice, channel, STROKES) for _ in range(LARGE)]
        warm = [fetched(server, alice, sketches[0]) for _ in range(WARM_TRIES)]
        squeezed = [fetched(server, alice, sketches[0], squeezed=True) for _ in range(WARM_TRIES)]
        until_unloaded(server)
        cold = [fetched(server, alice, sketch) for sketch in sketches]
    return Late(warm, squeezed, cold)


def measure_memory() -> Memory:
    with running() as server:
        alice = server.register("alice")
        channel = server.channel(alice, "walls")
        for _ in range(FIRST):
            drawn(server, alice, channel, STROKES_ON_DISK)
        until_unloaded(server)
        before = memory_of(server.pid).resident
        sketches = [drawn(server, alice, channel, STROKES_ON_DISK) for _ in range(ON_DISK)]
        until_unloaded(server)
        on_disk = memory_of(server.pid).resident
        peer = Chalkline()
        sockets = []
        for sketch in sketches[:OPENED]:
            peer.show(sketch, alice.token)
            sockets.append(peer.enter(server.port))
        while open_sketches(server) < OPENED:
            time.sleep(0.1)
        opened = memory_of(server.pid).resident
        for one in sockets:
            one.close()
    return Memory(before, on_disk, opened)


def report(late: Late, memory: Memory) -> None:
    rows = [
        _row("warm", late.warm),
        _row("warm, gzipped, the first", late.squeezed[:1]),
        _row("warm, gzipped, after that", late.squeezed[1:]),
        _row("cold: read from PostgreSQL", late.cold),
    ]
    disk, opened = memory.on_disk - memory.before, memory.opened - memory.on_disk
    mib = KIB**2
    method = (
        f"`GET /sketches/ID/state` of {STROKES:,} strokes of {POINTS_EACH} points, half of them with pressure, from "
        "the asking to the last byte; "
        f"cold is of {LARGE} sketches after they were let go. Then {ON_DISK:,} sketches of {STROKES_ON_DISK} strokes "
        f"are drawn and let go, and {OPENED} of them opened by a socket each: resident memory of the server, which was "
        f"{memory.before / mib:.0f} MiB after {FIRST} such sketches had come and gone."
    )
    lines = [
        verdict(
            "late join, warm",
            statistics.median(one.seconds for one in late.warm) * 1e3,
            50,
            "ms",
            at_most=True,
        ),
        verdict(
            "late join, cold, the slowest",
            max(one.seconds for one in late.cold) * 1e3,
            300,
            "ms",
            at_most=True,
        ),
        verdict("the state before compression", late.warm[0].size / 1e6, 3.6, "MB", at_most=True),
        verdict(f"{ON_DISK:,} more sketches on disk", disk / mib, 1, "MiB", at_most=True),
        verdict(f"{OPENED} open ones", opened / mib, 64, "MiB", at_most=True),
    ]
    parts = [method, table(["", "median in ms", "slowest in ms", "bytes sent"], rows), "\n".join(lines)]
    publish("sketch-state", "Sketches at rest, and who comes late", parts)


def _row(name: str, served: list[Served]) -> list[str]:
    took = [one.seconds * 1e3 for one in served]
    return [name, f"{statistics.median(took):.1f}", f"{max(took):.1f}", f"{served[0].size:,}"]


def main() -> None:
    late = measure_late()
    report(late, measure_memory())
