"""Whether the chat notices a crowded sketch: the acknowledgements of posts alone, and while 200 draw on one wall."""

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.synchronize import Event
from typing import NamedTuple

import uvloop

from bench.crowd import PACE, PACED_SECONDS, SOCKETS, Round, open_crowd
from bench.peers.sketches import Chalkline
from bench.results import publish, table, verdict
from bench.running import running
from bench.strokes import Crowd, Load

LOAD = Load(200, 20, 20)
ROUNDS = 3
READY_SECONDS = 30.0


class Found(NamedTuple):
    """Rounds of the chat, in turns."""

    alone: list[Round]
    beside: list[Round]


def draw_along(port: int, sketch: int, token: str, is_drawing: Event, may_stop: Event) -> None:
    """A process of its own."""
    peer = Chalkline()
    peer.show(sketch, token)
    crowd = Crowd(peer, port, LOAD)
    crowd.run(1.0)
    is_drawing.set()
    while not may_stop.is_set():
        crowd.begin()
        crowd.run(0.5)
    crowd.close()
    if crowd.lost:
        raise SystemExit(f"{crowd.lost} of those who draw were sent away.")


@contextmanager
def crowded(port: int, sketch: int, token: str) -> Iterator[None]:
    spawning = multiprocessing.get_context("spawn")
    is_drawing, may_stop = spawning.Event(), spawning.Event()
    process = spawning.Process(target=draw_along, args=(port, sketch, token, is_drawing, may_stop))
    process.start()
    try:
        if not is_drawing.wait(READY_SECONDS):
            raise SystemExit("Nobody came to draw.")
        yield
    finally:
        may_stop.set()
        process.join()
    if process.exitcode:
        raise SystemExit("Those who draw failed, and said why above.")


async def measure() -> Found:
    found = Found([], [])
    with running() as server:
        crowd = await open_crowd(server)
        path = f"/channels/{server.channel(crowd.owner, 'walls')}/sketches"
        sketch = server.call("POST", path, {"title": "wall"}, crowd.owner)["id"]
        for _ in range(ROUNDS):
            found.alone.append(await crowd.at_pace())
            _say("alone", found.alone[-1])
            with ExitStack() as beside:
                drawing = crowded(server.port, sketch, crowd.owner.token)
                await asyncio.to_thread(beside.enter_context, drawing)
                found.beside.append(await crowd.at_pace())
            _say("beside the sketch", found.beside[-1])
        crowd.close()
    return found


def _row(name: str, one: Round) -> list[str]:
    cores = [f"{used / one.seconds:.2f}" for used in one.cpu]
    return [name, f"{one.rate:,.0f}", f"{one.median * 1e3:.1f}", f"{one.p99 * 1e3:.1f}", *cores]


def _say(name: str, one: Round) -> None:
    sys.stdout.write(f"{' · '.join(_row(name, one))}\n")
    sys.stdout.flush()


def report(found: Found) -> None:
    alone, beside = (min(rounds, key=lambda one: one.p99) for rounds in found)
    method = (
        f"{SOCKETS} sockets that post {PACE:,} times a second for {PACED_SECONDS:.0f} s, alone and while {LOAD} are "
        f"at a sketch of the same instance, in turns; the best of {ROUNDS} rounds each. CPU in cores. "
        "Those who draw are one process more, and the cores are two."
    )
    every = "; ".join(
        f"{name} {', '.join(f'{one.p99 * 1e3:.1f}' for one in rounds)} ms"
        for name, rounds in zip(("alone", "beside"), found, strict=True)
    )
    head = ["", "posts/s", "ack p50 in ms", "ack p99 in ms", "server", "PostgreSQL", "those who post"]
    rows = [_row("alone", alone), _row("beside the sketch", beside)]
    line = verdict("ack p99 beside a crowded sketch", beside.p99 / alone.p99, 1.3, "times", at_most=True)
    publish(
        "sketch-chat", "Chat beside a crowded sketch", [method, table(head, rows), f"All p99: {every}.", line]
    )


def main() -> None:
    report(uvloop.run(measure()))
