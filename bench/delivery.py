"""How soon a post is heard on every socket of three instances, when nothing goes wrong: bench-delivery.

The clients are those of the fault runs, and write down what the fault runs do.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.results import publish, table, verdict
from bench.running import DATA
from tests.system.faults.crowd import Crowd, Scale
from tests.system.faults.figures import Figures, figures_of, percentile
from tests.system.faults.history import History, Recorder, Send
from tests.system.faults.run import Outcome
from tests.system.faults.scenarios import acted
from tests.system.faults.world import World

ROUNDS = 3
SECONDS = 15.0
WARM_SECONDS = 3.0
SCALE = Scale(rate=200, clients=60, bounces=False, unruly=False, rest_posters=0)
BOUND_MS = 20.0
SHARES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}


async def _wait(crowd: Crowd, world: World, recorder: Recorder) -> None:  # noqa: ARG001
    await asyncio.sleep(SECONDS)


def _row(what: str, seconds: list[float]) -> list[str]:
    return [
        what,
        f"{len(seconds):,}",
        *(f"{percentile(seconds, share) * 1e3:.1f}" for share in SHARES.values()),
    ]


def _warm(outcome: Outcome) -> Figures:
    """Of the posts after the first seconds, in which everyone connects."""
    ops = list(History(outcome.history))
    begin = min(op.t for op in ops if isinstance(op, Send)) + WARM_SECONDS
    early = {op.key for op in ops if isinstance(op, Send) and op.t < begin}
    return figures_of([op for op in ops if not (isinstance(op, Send) and op.key in early)])


def _publish(figures: Figures) -> None:
    rows = [
        _row("a post to its acknowledgement", figures.acks),
        _row("a post to hearing it, on any instance", figures.journeys),
        _row("the acknowledgement to hearing it on another instance", figures.deliveries),
    ]
    publish(
        "delivery",
        "Delivery: 200 posts/s to 60 sockets on three instances",
        [
            f"Real posts with commit, on this machine alone; best of {ROUNDS} rounds of {SECONDS:.0f} s.",
            table(["from", "times", *(f"{name} in ms" for name in SHARES)], rows),
            verdict("Delivery p99", _p99(figures) * 1e3, BOUND_MS, "ms", at_most=True),
        ],
    )


def _round(world: World, seed: int) -> Figures:
    outcome, _ = asyncio.run(acted(world, seed, SCALE, _wait))
    if outcome.wrong or outcome.clients["error unavailable"]:
        sys.exit(f"Something went wrong, so this is no measurement: {outcome.wrong}, {outcome.clients}")
    return _warm(outcome)


def _p99(figures: Figures) -> float:
    return percentile(figures.journeys, 0.99)


def main() -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DATA) as directory, World(Path(directory) / "world") as world:
        _publish(min((_round(world, seed) for seed in range(ROUNDS)), key=_p99))


if __name__ == "__main__":
    main()
