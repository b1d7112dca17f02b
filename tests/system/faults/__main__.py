"""`python -m tests.system.faults`: breaks servers under load and says what they did wrong. `make faults` runs it."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable

from tests.server.running import ROOT
from tests.system.faults import kept, node_wire, scenarios
from tests.system.faults.crowd import Scale
from tests.system.faults.nemesis import Temper
from tests.system.faults.report import TITLES, publish_run, report
from tests.system.faults.run import mixed
from tests.system.faults.scenarios import EXPECTED, Demand, Verdict
from tests.system.faults.world import World

PLACE = ROOT / "build" / "faults"
ACKS_A_MINUTE, KILLS_A_MINUTE = 20_000, 30


def run_long(world: World, given: argparse.Namespace) -> Verdict:
    scale = Scale(rate=given.rate)
    outcome = asyncio.run(mixed(world, given.minutes * 60, given.seed, scale, Temper()))
    acks, kills = ACKS_A_MINUTE * given.minutes, KILLS_A_MINUTE * given.minutes
    return Verdict(report(outcome), scenarios.demands_of(outcome, int(acks), int(kills)))


def run_short(world: World, given: argparse.Namespace) -> Verdict:
    outcome = asyncio.run(
        mixed(
            world,
            scenarios.SHORT_SECONDS,
            given.seed,
            scenarios.MEDIUM,
            scenarios.SHORT,
            has_struck=scenarios.has_struck_all,
        )
    )
    return Verdict(report(outcome), scenarios.demands_of(outcome, 500, 5))


def run_broken(world: World, given: argparse.Namespace) -> Verdict:
    outcomes = asyncio.run(scenarios.broken(world, given.seed))
    demands = [
        Demand(f"{name} is found out by {kind}: {outcomes[name].wrong}", kind in outcomes[name].wrong)
        for name, kind in EXPECTED.items()
    ]
    return Verdict("", demands)


def run_redis(world: World, given: argparse.Namespace) -> Verdict:
    outcome, demands = asyncio.run(scenarios.without_redis(world, given.minutes * 60, given.seed))
    return Verdict(report(outcome), demands)


def run_rolling(world: World, given: argparse.Namespace) -> Verdict:
    outcome, demands = asyncio.run(scenarios.rolling(world, given.seed))
    return Verdict(report(outcome), demands)


RUNS: dict[str, Callable[[World, argparse.Namespace], Verdict]] = {
    "long": run_long,
    "short": run_short,
    "broken": run_broken,
    "redis": run_redis,
    "rolling": run_rolling,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.system.faults")
    parser.add_argument("run", nargs="?", choices=RUNS, default="long")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--rate", type=float, default=500.0)
    given = parser.parse_args()
    try:
        node_wire.install()
    except node_wire.Missing as reason:
        print(f"no clients of node: {reason}", flush=True)
        if node_wire.is_wanted():
            return 1
    with kept.run(PLACE, given.seed) as directory:
        print(f"{given.run} run, seed {given.seed}, kept in {directory}", flush=True)
        with World(directory, instances=2 if given.run == "broken" else 3) as world:
            verdict = RUNS[given.run](world, given)
        print(verdict, flush=True)
        kept.judge(directory, verdict)
    if given.run in TITLES:
        publish_run(given.run, str(verdict))
    return 0 if verdict.is_met else 1


if __name__ == "__main__":
    sys.exit(main())
