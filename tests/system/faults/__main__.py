"""`python -m tests.system.faults`: breaks servers under load and says what they did wrong. `make faults` runs it."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.server.running import ROOT
from tests.system.faults import scenarios
from tests.system.faults.crowd import Scale
from tests.system.faults.nemesis import Temper
from tests.system.faults.report import report
from tests.system.faults.run import mixed
from tests.system.faults.scenarios import EXPECTED, Demand
from tests.system.faults.world import World

PLACE = ROOT / "build" / "faults"
ACKS_A_MINUTE, KILLS_A_MINUTE = 20_000, 30


def place(seed: int) -> Path:
    """Where a run keeps what it saw."""
    return PLACE / f"{time.strftime('%Y%m%d-%H%M%S')}-{seed}"


def tell(text: str, demands: list[Demand]) -> int:
    print(text)
    print(*demands, sep="\n", flush=True)
    return 0 if all(demand.is_met for demand in demands) else 1


def run_long(world: World, given: argparse.Namespace) -> int:
    scale = Scale(rate=given.rate)
    outcome = asyncio.run(mixed(world, given.minutes * 60, given.seed, scale, Temper()))
    acks, kills = ACKS_A_MINUTE * given.minutes, KILLS_A_MINUTE * given.minutes
    return tell(report(outcome), scenarios.demands_of(outcome, int(acks), int(kills)))


def run_short(world: World, given: argparse.Namespace) -> int:
    outcome = asyncio.run(
        mixed(world, scenarios.SHORT_SECONDS, given.seed, scenarios.MEDIUM, scenarios.SHORT)
    )
    return tell(report(outcome), scenarios.demands_of(outcome, 500, 5))


def run_broken(world: World, given: argparse.Namespace) -> int:
    outcomes = asyncio.run(scenarios.broken(world, given.seed))
    demands = [
        Demand(f"{name} is found out by {kind}: {outcomes[name].wrong}", kind in outcomes[name].wrong)
        for name, kind in EXPECTED.items()
    ]
    return tell("", demands)


def run_redis(world: World, given: argparse.Namespace) -> int:
    outcome, demands = asyncio.run(scenarios.without_redis(world, given.minutes * 60, given.seed))
    return tell(report(outcome), demands)


def run_rolling(world: World, given: argparse.Namespace) -> int:
    outcome, demands = asyncio.run(scenarios.rolling(world, given.seed))
    return tell(report(outcome), demands)


RUNS: dict[str, Callable[[World, argparse.Namespace], int]] = {
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
    with World(place(given.seed), instances=2 if given.run == "broken" else 3) as world:
        print(f"{given.run} run, seed {given.seed}, kept in {world.directory}", flush=True)
        return RUNS[given.run](world, given)


if __name__ == "__main__":
    sys.exit(main())
