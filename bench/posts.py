"""Acknowledged, committed posts per second over WebSocket: the group commit beside a commit for each post.

Both servers run at the same time on databases of their own, and are put under load in turns. The load generator and
PostgreSQL share the machine with them. In the end, every acknowledged post must stand in its channel's log, and every
socket must have heard it.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import uvloop

from bench.crowd import CHANNELS, IN_FLIGHT, PACE, SOCKETS, Crowd, Round, open_crowd
from bench.results import publish, table, verdict
from bench.running import SERVE, running

ROUNDS = 3

GROUP, EACH = "group commit", "commit per message"
PROGRAMS = {GROUP: SERVE, EACH: ("bench.commit_each",)}

Rounds = Mapping[str, Sequence[Round]]


async def measure() -> tuple[Rounds, list[Round]]:
    """Rounds at full load of each program; rounds at a pace of ours alone, since the peer can't keep it up."""
    full: dict[str, list[Round]] = {name: [] for name in PROGRAMS}
    paced: list[Round] = []
    with ExitStack() as servers:
        crowds: dict[str, Crowd] = {}
        for name, program in PROGRAMS.items():
            crowds[name] = await open_crowd(servers.enter_context(running(program)))
        for _ in range(ROUNDS):
            for name, crowd in crowds.items():
                full[name].append(await crowd.at_full_load())
                _say(name, full[name][-1])
                await crowd.rest()
            paced.append(await crowds[GROUP].at_pace())
            _say("paced", paced[-1])
            await crowds[GROUP].rest()
        for crowd in crowds.values():
            await crowd.check()
            crowd.close()
    return full, paced


def report(full: Rounds, paced: Sequence[Round]) -> None:
    fastest = {name: max(rounds, key=lambda one: one.rate) for name, rounds in full.items()}
    calmest = min(paced, key=lambda one: one.p99)
    ratio = fastest[GROUP].rate / fastest[EACH].rate
    rows = [_row(f"{name}, full load", one) for name, one in fastest.items()]
    rows.append(_row(f"{GROUP}, paced", calmest))
    head = ("", "posts/s", "ack p50", "ack p99", "server", "PostgreSQL", "load generator", "refused")
    every = "; ".join(
        f"{name} {', '.join(f'{one.rate:,.0f}' for one in rounds)} posts/s" for name, rounds in full.items()
    )
    method = (
        f"{SOCKETS} sockets in {CHANNELS} channels, each hears its channel; {IN_FLIGHT} posts of each socket in flight "
        "under full load. Best of the rounds; CPU in cores, while the round lasted. Paced latencies count from when a "
        "post was due. Before each round both databases have come to rest. Refused posts "
        "were told to come back later, since the pool was taken, and did."
    )
    publish(
        "posts",
        "Posts: acknowledged after a commit with fsync",
        [
            method,
            table(head, rows),
            f"All rounds: {every}. Group commit is {ratio:.1f} times a commit per message.",
            "\n".join(
                (
                    verdict("group commit", fastest[GROUP].rate, 8_000, "posts/s"),
                    verdict("against a commit per message", ratio, 3, "times"),
                    verdict(f"p99 at {PACE:,} posts/s", calmest.p99 * 1e3, 30, "ms", at_most=True),
                )
            ),
        ],
    )


def _row(name: str, one: Round) -> list[str]:
    latencies = [f"{seconds * 1e3:.1f} ms" for seconds in (one.median, one.p99)]
    cores = [f"{used / one.seconds:.2f}" for used in one.cpu]
    return [name, f"{one.rate:,.0f}", *latencies, *cores, f"{one.refused:,}"]


def _say(name: str, one: Round) -> None:
    sys.stdout.write(f"{' · '.join(_row(name, one))}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    report(*uvloop.run(measure()))
