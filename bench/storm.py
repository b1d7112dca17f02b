"""Thousands of sockets lose their instance and come back to another one, all at the same moment.

Each is another user's, signed in before, and listens to a few channels in which much was posted meanwhile. It counts as
resumed when it has heard all of that in every channel; what some of them heard is looked at fact by fact.
"""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import asyncpg
import uvloop

from bench.processes import Cpu, cpu_of
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict
from bench.returning import Poster, Returner
from bench.running import DATA, Server, running
from bench.town import SUBSCRIPTIONS, Town
from models.timings import BOUNDS
from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey

SOCKETS = 5_000
CHANNELS = 100
MISSED = 20
"""Facts of each channel, posted while nobody was there."""

AT_ONCE = 100
"""Sockets that come at the same time in the first place."""

LOOKED_AT = 50
"""Of so many sockets one is looked at fact by fact."""

RESUME_SECONDS, WAIT_SECONDS = 10.0, 1.0
GIVE_UP_SECONDS = 120.0
LOG_READS = 2.0
"""Of a channel: one for all, and another for who was late."""

SETTLE_SECONDS = 2.0
"""Until PostgreSQL has told its numbers."""

_FILES = 500
"""Open files beside the sockets."""


class Meters(NamedTuple):
    """What an instance and the database have counted."""

    cpu: Cpu
    database_cpu: float
    log_reads: int
    waits: list[int]
    transactions: int


class Storm(NamedTuple):
    """Seconds from the moment of the return until each was back, ascending; CPU seconds; queries."""

    took: list[float]
    cpu: float
    load: float
    database_cpu: float
    log_reads: int
    wait: float
    transactions: int


async def gather(server: Server, town: Town) -> list[Returner]:
    """Everyone at their instance, in the first place."""
    everyone: list[Returner] = []
    for begin in range(0, SOCKETS, AT_ONCE):
        places = range(begin, begin + AT_ONCE)
        opened = await asyncio.gather(
            *(Returner.open(server, "/ws/system", town.people[place]) for place in places)
        )
        for place, socket in zip(places, opened, strict=True):
            socket.subscribe(town.channels_of(place), [None] * SUBSCRIPTIONS, 0)
        await until(opened, lambda socket: socket.answers == SUBSCRIPTIONS)
        everyone += opened
    return everyone


async def until(sockets: Sequence[Returner], is_done: Callable[[Returner], bool]) -> None:
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not all(map(is_done, sockets)):
            for socket in sockets:
                socket.check()
            await asyncio.sleep(0.02)


async def come_back(server: Server, town: Town, seqs: dict[int, int]) -> list[float]:
    """All at once; seconds until each had heard everything."""
    began = time.perf_counter()

    async def one(place: int) -> Returner:
        socket = await Returner.open(server, "/ws/system", town.people[place])
        socket.kept = [] if place % LOOKED_AT == 0 else None
        channels = town.channels_of(place)
        socket.subscribe(channels, [seqs[channel] for channel in channels], MISSED)
        return socket

    sockets = await asyncio.gather(*map(one, range(SOCKETS)))
    await until(sockets, lambda socket: socket.took is not None)
    for socket in sockets:
        if socket.kept is not None and any(
            heard != list(range(seqs[channel] + 1, seqs[channel] + 1 + MISSED))
            for channel, heard in socket.seqs().items()
        ):
            raise SystemExit(f"A socket heard {socket.seqs()}.")
        socket.close()
    return sorted(socket.took - began for socket in sockets if socket.took is not None)


async def post_missed(server: Server, town: Town) -> None:
    poster = await Poster.open(server, "/ws/system", town.owner)
    for number in range(MISSED):
        for channel in town.channels:
            await poster.post(channel, number)
    poster.close()


async def look(server: Server, dsn: str, postgres: int) -> Meters:
    text = await asyncio.to_thread(_metrics, server)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_stat_clear_snapshot()")
        transactions = await connection.fetchval(
            "select xact_commit from pg_stat_database where datname = current_database()"
        )
    finally:
        await connection.close()
    return Meters(
        cpu_of(server.pid),
        cpu_of(postgres).database,
        int(_values(text, "chalkline_log_reads_total")[0]),
        [int(value) for value in _values(text, "chalkline_database_wait_seconds_bucket")],
        transactions,
    )


def _metrics(server: Server) -> str:
    with urllib.request.urlopen(f"http://{server.host}:{server.port}/metrics") as answer:
        return str(answer.read().decode())


def _values(text: str, name: str) -> list[float]:
    return [float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)]


async def measure(place: Path) -> Storm:
    secret = secrets.token_urlsafe(48)
    with ExitStack() as stack:
        postgres = stack.enter_context(EmbeddedPostgres(place / "postgres"))
        valkey = stack.enter_context(EmbeddedValkey(place / "valkey"))
        variables = {
            "CHALKLINE_SECRET": secret,
            "CHALKLINE_DATABASE_URL": postgres.dsn,
            "CHALKLINE_REDIS_URL": valkey.url,
        }
        here = stack.enter_context(running(variables=variables))
        there = stack.enter_context(running(variables=variables))
        owner = here.register("owner")
        town = Town(secret, owner, [here.channel(owner, f"channel {number}") for number in range(CHANNELS)])
        await town.settle(postgres.dsn, SOCKETS)
        everyone = await gather(here, town)
        sys.stdout.write(f"{len(everyone):,} sockets are there\n")
        sys.stdout.flush()

        os.kill(here.pid, signal.SIGKILL)
        heads = {
            channel["id"]: channel["head_seq"]
            for channel in there.call("GET", "/channels?limit=200", by=owner)["items"]
        }
        await post_missed(there, town)
        before = await look(there, postgres.dsn, postgres.pid or 0)
        took = await come_back(there, town, heads)
        await asyncio.sleep(SETTLE_SECONDS)
        after = await look(there, postgres.dsn, postgres.pid or 0)
    cpu = after.cpu.since(before.cpu)
    waits = [now - then for now, then in zip(after.waits, before.waits, strict=True)]
    return Storm(
        took,
        cpu.server,
        cpu.load,
        after.database_cpu - before.database_cpu,
        after.log_reads - before.log_reads,
        next(bound for bound, count in zip([*BOUNDS, 10.0], waits, strict=True) if count >= waits[-1] * 0.99),
        after.transactions - before.transactions,
    )


def report(storm: Storm) -> None:
    shares = (("half of them", 0.5), ("99 of 100", 0.99), ("the last", 1.0))
    rows = [
        *(
            (f"{name} had heard everything after", f"{_share(storm.took, share):.2f} s")
            for name, share in shares
        ),
        ("CPU of the instance", f"{storm.cpu:.2f} s, {storm.cpu / SOCKETS * 1e6:,.0f} µs a socket"),
        ("CPU of PostgreSQL", f"{storm.database_cpu:.2f} s"),
        ("CPU of the 5,000 clients", f"{storm.load:.2f} s"),
        ("transactions", f"{storm.transactions:,}, {storm.transactions / SOCKETS:.2f} a socket"),
        ("reads of the log", f"{storm.log_reads:,}, {storm.log_reads / CHANNELS:.1f} a channel"),
        ("99 of 100 statements waited for a connection", f"≤ {storm.wait * 1e3:,.4g} ms"),
    ]
    method = (
        f"{SOCKETS:,} users with a socket each, subscribed to {SUBSCRIPTIONS} of {CHANNELS} channels; their instance "
        f"is killed, {MISSED} messages are posted in each channel, and all come to the other instance at the same "
        "moment. Signing in takes their tokens; a password for each would take minutes of CPU."
    )
    publish(
        "storm",
        f"{SOCKETS:,} sockets come back at once",
        [
            method,
            table(("", ""), rows),
            verdict("until all are back", storm.took[-1], RESUME_SECONDS, "s", at_most=True),
            verdict("waiting for a connection, p99", storm.wait, WAIT_SECONDS, "s", at_most=True),
            verdict(
                "reads of the log a channel", storm.log_reads / CHANNELS, LOG_READS, "reads", at_most=True
            ),
        ],
    )


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    allow_sockets(2 * SOCKETS + _FILES)
    DATA.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=DATA))
    try:
        report(uvloop.run(measure(place)))
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
