"""What our own fan-out costs with more receivers, and with more workers: the same load as bench.fanout's.

All instances run at the same time and are measured in turns; the median of the rounds counts.
"""

import sys
from collections import defaultdict
from contextlib import ExitStack
from typing import NamedTuple

from bench.fanout import WINDOWS, Round, Running, crowded, ratio, typical
from bench.peers.chalkline import Chalkline
from bench.receivers import allow_sockets
from bench.results import publish, table, verdict

ROUNDS = 7
FEW, SOME, MANY = 100, 500, 5_000

SCALE_BOUND, WORKERS_BOUND = 1.3, 1.25


class Case(NamedTuple):
    """So many sockets on so many workers."""

    receivers: int
    workers: int

    def __str__(self) -> str:
        return f"{self.receivers:,} receivers, {self.workers} worker{'s' if self.workers > 1 else ''}"


FEW_CASE, ONE, TWO, MANY_CASE = Case(FEW, 1), Case(SOME, 1), Case(SOME, 2), Case(MANY, 1)
CASES = (FEW_CASE, ONE, TWO, MANY_CASE)

Rounds = dict[tuple[Case, int], list[Round]]


def measure() -> Rounds:
    rounds: Rounds = defaultdict(list)
    with ExitStack() as stack:
        running: dict[Case, Running] = {}
        for case in CASES:
            flags = ("--workers", str(case.workers)) if case.workers > 1 else ()
            running[case] = stack.enter_context(crowded(Chalkline(str(case), *flags), case.receivers))
        for _ in range(ROUNDS):
            for case, server in running.items():
                for window in WINDOWS:
                    one = server.measure(window)
                    sys.stdout.write(f"{case}, {window} in flight: {one.cost:.2f} µs, {one.landed}\n")
                    sys.stdout.flush()
                    rounds[case, window].append(one)
    return rounds


def report(rounds: Rounds) -> None:
    rows = []
    for (case, window), each in sorted(rounds.items(), key=lambda item: item[0][1]):
        one = typical(each)
        landed = one.landed
        rows.append(
            (
                str(case),
                str(window),
                f"{one.cost:.2f} µs",
                f"{one.cost * case.receivers:,.0f} µs",
                f"{landed.deliveries / landed.seconds:,.0f}",
                f"{landed.median / 1e3:.1f} ms",
                f"{landed.p99 / 1e3:.1f} ms",
            )
        )
    verdicts = []
    for window in WINDOWS:
        many = ratio(rounds[MANY_CASE, window], rounds[FEW_CASE, window])
        two = ratio(rounds[TWO, window], rounds[ONE, window])
        verdicts += [
            verdict(
                f"{MANY:,} receivers against {FEW}, {window} in flight",
                many,
                SCALE_BOUND,
                "times",
                at_most=True,
            ),
            verdict(
                f"two workers against one, {window} in flight", two, WORKERS_BOUND, "times", at_most=True
            ),
        ]
    method = (
        "CPU of all our processes, bus (Valkey) included and PostgreSQL left out; the median of "
        f"{ROUNDS} rounds, and of the ratios within a round."
    )
    publish(
        "scale",
        "Fan-out, with more receivers and more workers",
        [
            method,
            table(("", "in flight", "CPU a delivery", "CPU a post", "deliveries/s", "p50", "p99"), rows),
            "\n".join(verdicts),
        ],
    )


if __name__ == "__main__":
    allow_sockets(2 * MANY)
    report(measure())
