"""What a socket costs that says nothing: signed in at /ws/system, subscribed to 3 channels, its pings answered.

The memory of the server process before and after, divided by the sockets; what the kernel holds for a socket is not
in it. A few sockets come and go first, so that what the server loads once isn't counted a thousand times.
"""

import asyncio
import sys
from typing import NamedTuple

import uvloop

from bench.processes import KIB, Memory, cpu_of, memory_of
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict
from bench.running import Person, Server, running
from bench.sockets import Socket, framed

PEOPLE = 20
CHANNELS = 3
WARM_SOCKETS = 20
SETTLE_SECONDS = 2.0
IDLE_SECONDS = 40.0
"""Two rounds of pings."""

FILES = 500
"""Open files beside the sockets."""


class Case(NamedTuple):
    """So many sockets, and what one of them may cost."""

    name: str
    sockets: int
    bound_kib: int
    bound_cores: float


CASES = (Case("idle", 1_000, 24, 0.02), Case("idle-many", 10_000, 16, 0.02))


class Listener(Socket):
    """Subscribes, and hears."""

    subscribed = 0

    def subscribe(self, channels: list[int]) -> None:
        for channel in channels:
            self.transport.write(framed(b'{"type":"subscribe","channel_id":%d}' % channel))

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(b'{"type":"ok"', begin):
            self.subscribed += 1
        else:
            self.refuse_error(data, begin, end)


class Idle(NamedTuple):
    """`cores` is the CPU of the server while the sockets were idle."""

    sockets: int
    before: Memory
    after: Memory
    cores: float

    @property
    def resident(self) -> float:
        """KiB a socket."""
        return (self.after.resident - self.before.resident) / self.sockets / KIB

    @property
    def own(self) -> float:
        """KiB a socket."""
        return (self.after.own - self.before.own) / self.sockets / KIB


async def measure(sockets: int) -> Idle:
    with running() as server:
        people, channels = await asyncio.to_thread(_settle, server)
        for listener in await _listen(server, people, channels, WARM_SOCKETS):
            listener.close()
        await asyncio.sleep(SETTLE_SECONDS)
        before = memory_of(server.pid)
        listeners = await _listen(server, people, channels, sockets)
        await asyncio.sleep(SETTLE_SECONDS)
        after, cpu = memory_of(server.pid), cpu_of(server.pid)
        await asyncio.sleep(IDLE_SECONDS)
        cores = cpu_of(server.pid).since(cpu).server / IDLE_SECONDS
        for listener in listeners:
            listener.check()
            listener.close()
    return Idle(sockets, before, after, cores)


def _settle(server: Server) -> tuple[list[Person], list[int]]:
    people = server.people(PEOPLE)
    channels = [server.channel(people[0], f"channel {number}") for number in range(CHANNELS)]
    for person in people[1:]:
        for channel in channels:
            server.call("POST", f"/channels/{channel}/join", by=person)
    return people, channels


async def _listen(server: Server, people: list[Person], channels: list[int], number: int) -> list[Listener]:
    listeners = []
    for index in range(number):
        listener = await Listener.open(server, "/ws/system", people[index % PEOPLE])
        listener.subscribe(channels)
        listeners.append(listener)
    while any(listener.subscribed < CHANNELS for listener in listeners):
        await asyncio.sleep(0.05)
        for listener in listeners:
            listener.check()
    return listeners


def report(case: Case, idle: Idle) -> None:
    rows = [
        ("resident memory a socket", f"{idle.resident:.1f} KiB"),
        ("memory of its own (USS) a socket", f"{idle.own:.1f} KiB"),
        ("the server before the sockets", f"{idle.before.resident / KIB**2:.0f} MiB"),
        ("the server with them", f"{idle.after.resident / KIB**2:.0f} MiB"),
        ("CPU of the server while they are idle", f"{idle.cores:.2%} of a core"),
    ]
    method = (
        f"{case.sockets:,} sockets of {PEOPLE} people at `/ws/system`, each subscribed to {CHANNELS} channels; "
        f"idle for {IDLE_SECONDS:.0f} s, pings answered."
    )
    publish(
        case.name,
        f"{case.sockets:,} idle sockets",
        [
            method,
            table(("", ""), rows),
            verdict("an idle socket", idle.resident, case.bound_kib, "KiB", at_most=True),
            verdict("while they are idle", idle.cores, case.bound_cores, "cores", at_most=True),
        ],
    )


if __name__ == "__main__":
    for case in CASES:
        allow_sockets(case.sockets + FILES)
        sys.stdout.write(f"opening {case.sockets:,} sockets, then idle for {IDLE_SECONDS:.0f} s\n")
        report(case, uvloop.run(measure(case.sockets)))
