"""The runs that `make` knows, and what each demands."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass

from tests.system.faults.crowd import Crowd, Scale
from tests.system.faults.figures import percentile
from tests.system.faults.history import Recorder, Strike
from tests.system.faults.nemesis import Nemesis, Temper
from tests.system.faults.run import SETTLE_SECONDS, Outcome, end, judge, mixed, working
from tests.system.faults.world import World

STRIKES = {
    "kill",
    "kill all",
    "kill redis",
    "freeze redis",
    "flush redis",
    "cut redis",
    "restart postgres",
    "end backends",
}
PROOFS = {
    "instances killed",
    "keys flushed",
    "subscribers cut off",
    "backends crashed",
    "backends terminated",
}

SMALL = Scale(accounts=5, channels=3, memberships=3, clients=12, subscriptions=2, rate=150)
MEDIUM = Scale(accounts=8, channels=8, memberships=4, clients=30, rate=200)
ORDERLY = Scale(bounces=False, unruly=False)

SHORT_SECONDS = 24.0
SHORT = Temper(kill=(0.2, 3.0), redis=(0.5, 2.0), postgres=(3.0, 7.0), kills_each=5)

BROKEN_SECONDS, BROKEN_SETTLE_SECONDS = 4.0, 3.0
ONE_BY_ONE = Temper(kill=(0.1, 0.3), redis=(0.3, 1.0), postgres=None, is_patient=True)

EXPECTED = {
    "ack_before_commit": "LOST-ACKED",
    "no_hole_fetch": "gap-on-wire",
    "no_idempotency": "dup-at-rest",
    "resume_off_by_one": "gap-on-wire",
}
"""Each server of broken.py, and how it is found out."""

EXIT_SECONDS = 15.0
SPREAD_SECONDS = 5.0


@dataclass
class Demand:
    """One line of a verdict."""

    what: str
    is_met: bool

    def __str__(self) -> str:
        return f"{'met' if self.is_met else 'NOT MET'}: {self.what}"


@dataclass
class Verdict:
    """What a run comes to, in words, and whether all that was demanded is met."""

    report: str
    demands: list[Demand]

    @property
    def is_met(self) -> bool:
        return all(demand.is_met for demand in self.demands)

    def __str__(self) -> str:
        return "\n".join([self.report, *map(str, self.demands)])


def has_killed(times: int) -> Callable[[Nemesis], bool]:
    return lambda nemesis: nemesis.proof["instances killed"] >= times


def has_struck_all(nemesis: Nemesis) -> bool:
    """In every way, and each was seen to bite."""
    return not STRIKES - nemesis.struck.keys() and all(nemesis.proof[what] for what in PROOFS)


async def broken(world: World, seed: int) -> dict[str, Outcome]:
    """A short run against each server that is broken on purpose."""
    outcomes = {}
    for name in EXPECTED:
        command = ("tests.system.faults.broken", name)
        outcomes[name] = await mixed(
            world,
            BROKEN_SECONDS,
            seed,
            SMALL,
            ONE_BY_ONE,
            command,
            has_killed(2),
            BROKEN_SETTLE_SECONDS,
        )
    return outcomes


def demands_of(outcome: Outcome, acks: int, kills: int) -> list[Demand]:
    """Of a run with every kind of strike."""
    figures, servers, proof = outcome.figures, outcome.servers, outcome.proof
    spared = sorted(STRIKES - outcome.struck.keys())
    unseen = [what for what in PROOFS if not proof[what]]
    return [
        Demand(f"nothing wrong: {outcome.wrong or '0 of every kind'}", not outcome.wrong),
        at_least("posts acknowledged", figures.acked, acks),
        at_least("of them during strikes", figures.acked_within_faults, min(1_000, acks // 10)),
        at_least("kills", proof["instances killed"], kills),
        Demand(f"every kind struck, but for {spared or 'none'}", not spared),
        Demand(f"each was seen to bite, but for {unseen or 'none'}", not unseen),
        at_least("connections cut", outcome.clients["closed 1006"], kills),
        at_least("subscriptions resumed", servers["resumed"], kills),
        at_least("holes fetched", servers["holes"], 1),
        at_least("buses lost", servers["bus_losses"], 1),
        at_least("posts answered again", servers["posts_replayed"], 1),
        at_least("members put out", outcome.removals, 1),
    ]


def at_least(what: str, number: int, wanted: int) -> Demand:
    return Demand(f"{number:,} {what}, of at least {wanted:,}", number >= wanted)


Act = Callable[[Crowd, World, Recorder], Awaitable[None]]


async def acted(world: World, seed: int, scale: Scale, act: Act) -> tuple[Outcome, list[float]]:
    """An orderly crowd at work while something is done to the world; also when its clients came back."""
    began = time.monotonic()
    outcome = Outcome(world.new_history(), seed, 0.0)
    with closing(Recorder(outcome.history)) as recorder:
        async with working(world, scale, recorder, seed) as (crowd, meter):
            posting = asyncio.create_task(crowd.post())
            await asyncio.sleep(2)
            await act(crowd, world, recorder)
            await end([posting])
            await crowd.settle(SETTLE_SECONDS)
            await meter.look()
            await crowd.read()
            outcome.clients, outcome.servers = crowd.counts(), meter.total()
    outcome.seconds = time.monotonic() - began
    judge(outcome)
    return outcome, sorted(moment for client in crowd.clients for moment in client.returns)


def unfailing(outcome: Outcome) -> list[Demand]:
    """Nobody was refused anything, and nothing is wrong."""
    errors = {
        what: n for what, n in outcome.clients.items() if what.startswith(("error", "refused", "status 5"))
    }
    figures = outcome.figures
    return [
        Demand(f"nothing wrong: {outcome.wrong or '0 of every kind'}", not outcome.wrong),
        Demand(f"no error told: {errors or 'none'}", not errors),
        Demand(
            f"{figures.acked:,} posts of {figures.invoked:,} acknowledged",
            0 < figures.acked == figures.invoked,
        ),
    ]


async def without_redis(world: World, seconds: float, seed: int) -> tuple[Outcome, list[Demand]]:
    """Valkey is killed and stays away for so long."""

    async def act(crowd: Crowd, world: World, recorder: Recorder) -> None:
        began = time.monotonic()
        world.signal_redis(signal.SIGKILL)
        await asyncio.sleep(seconds)
        recorder.add(Strike(began, "redis away", time.monotonic()))

    outcome, _ = await acted(world, seed, Scale(rate=200, bounces=False, unruly=False), act)
    p99 = percentile(outcome.figures.deliveries, 0.99)
    late = Demand(f"heard on other instances within {p99:.3f} s at p99, of at most 1 s", 0 < p99 <= 1.0)
    resent = Demand(f"{outcome.clients['resent']} posts sent again", not outcome.clients["resent"])
    return outcome, [*unfailing(outcome), late, resent]


async def rolling(world: World, seed: int) -> tuple[Outcome, list[Demand]]:
    """Each instance is told to leave and started again, one after the other."""
    stops: list[tuple[float, int, float]] = []

    async def act(crowd: Crowd, world: World, recorder: Recorder) -> None:
        world.restarts_instances = False
        for instance in world.instances:
            began = time.monotonic()
            code = await instance.stop()
            stops.append((began, code, time.monotonic() - began))
            recorder.add(Strike(began, "restart", time.monotonic()))
            instance.start()
            await instance.ready()
            await asyncio.sleep(10)  # until those who were sent away have come back

    outcome, returns = await acted(world, seed, ORDERLY, act)
    demands = unfailing(outcome)
    for number, (began, code, seconds) in enumerate(stops):
        until = stops[number + 1][0] if number + 1 < len(stops) else began + 60
        back = [moment for moment in returns if began <= moment < until]
        spread = back[-1] - back[0] if back else 0.0
        demands += [
            Demand(f"instance {number} ended with {code} after {seconds:.1f} s", code == 0 and seconds <= EXIT_SECONDS),
            Demand(f"its {len(back)} sockets came back over {spread:.1f} s", spread >= SPREAD_SECONDS),
        ]  # fmt: skip
    return outcome, demands
