"""A run in words."""

from bench.results import publish
from tests.system.faults.checker import CLASSES
from tests.system.faults.figures import percentile
from tests.system.faults.run import Outcome

SHOWN = 3

TITLES = {
    "long": "Everything is killed under load",
    "redis": "Redis is away under load",
    "rolling": "Instances are restarted one after the other under load",
}
"""The runs of `make faults` and the like, as they stand in bench/RESULTS.md."""


def publish_run(run: str, verdict: str) -> None:
    """A verdict into bench/RESULTS.md; of the classes of errors only what was found."""
    lines = [line.partition(", history ")[0] for line in verdict.splitlines()]
    spared = {f"{name}: 0" for name in CLASSES}
    told = "\n".join(f"- {line}" for line in lines if line not in spared and not line.endswith(": "))
    publish(
        f"faults-{run}",
        TITLES[run],
        [f"`make faults{'' if run == 'long' else f'-{run}'}`: what it did, and each demand.", told],
    )


def report(outcome: Outcome) -> str:
    figures = outcome.figures
    share = figures.indeterminate / max(1, figures.invoked)
    posts = (
        f"posts: {figures.acked:,} acknowledged of {figures.invoked:,}, {figures.failed} refused, "
        f"{figures.indeterminate} never known ({share:.3%}); {figures.acked_within_faults:,} during strikes"
    )
    lines = [
        f"seed {outcome.seed}, {outcome.seconds:.0f} s, history {outcome.history}",
        posts,
        f"facts heard: {figures.facts_heard:,}; members put out and let in: {outcome.removals}",
        f"longest time without an acknowledgement: {figures.longest_silence:.2f} s",
        _times("acknowledged after", figures.acks),
        _times("heard on other instances, after that, in", figures.deliveries),
        _times("heard anywhere after the post in", figures.journeys),
        _counts("strikes", outcome.struck),
        _counts("seen to bite", outcome.proof),
        _counts("clients", outcome.clients),
        _counts("instances", outcome.servers),
        *_recoveries(outcome),
        *_verdict(outcome),
    ]
    return "\n".join(lines)


def _times(what: str, seconds: list[float]) -> str:
    shares = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "at most": 1.0}
    return f"{what}: " + ", ".join(
        f"{name} {percentile(seconds, share) * 1e3:,.1f} ms" for name, share in shares.items()
    )


def _counts(what: str, counts: dict[str, int]) -> str:
    return f"{what}: " + ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))


def _recoveries(outcome: Outcome) -> list[str]:
    return [
        f"first acknowledgement after {what}: p50 {percentile(seconds, 0.5) * 1e3:,.0f} ms, "
        f"at most {seconds[-1] * 1e3:,.0f} ms"
        for what, seconds in sorted(outcome.figures.recoveries.items())
    ]


def _verdict(outcome: Outcome) -> list[str]:
    lines = []
    for name, found in outcome.errors.items():
        lines.append(f"{name}: {len(found)}")
        lines += [f"    {one}" for one in found[:SHOWN]]
    return lines
