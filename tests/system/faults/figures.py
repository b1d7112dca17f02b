"""What a history tells beside right and wrong: how much, how fast, and how long nothing went."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from tests.system.faults.history import NAP, Op, Recv, Send, Strike, Sub


@dataclass
class Figures:
    """Seconds, and numbers of posts and facts."""

    acked: int = 0
    invoked: int = 0
    failed: int = 0
    indeterminate: int = 0
    acked_within_faults: int = 0
    facts_heard: int = 0
    longest_silence: float = 0.0
    acks: list[float] = field(default_factory=list)
    deliveries: list[float] = field(default_factory=list)
    """From a post's first acknowledgement to each subscription on another instance; 0 where the fact was first."""
    journeys: list[float] = field(default_factory=list)
    """From a post's first try to each subscription, wherever it is."""
    recoveries: dict[str, list[float]] = field(default_factory=dict)


def figures_of(history: Iterable[Op]) -> Figures:
    """`history` is iterated twice."""
    figures = Figures()
    first, acked = _sends(history, figures)
    strikes = [op for op in history if isinstance(op, Strike)]
    moments = sorted(ack.t for ack in acked.values())
    if moments:
        figures.longest_silence = max((b - a for a, b in pairwise(moments)), default=0.0)
    figures.acked_within_faults = sum(_within(moments, strike) for strike in strikes)
    figures.acks = sorted(ack.t - first[key] for key, ack in acked.items())
    figures.recoveries = _recoveries(strikes, [(first[key], ack.t) for key, ack in acked.items()])
    _deliveries(history, first, acked, figures)
    return figures


def percentile(values: list[float], share: float) -> float:
    """Of sorted values; 0 of none."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


Acked = dict[str, Send]
"""The first acknowledgement of each post."""


def _sends(history: Iterable[Op], figures: Figures) -> tuple[dict[str, float], Acked]:
    first: dict[str, float] = {}
    acked: Acked = {}
    failed = set()
    for op in history:
        if isinstance(op, Send):
            if op.type == "invoke":
                first.setdefault(op.key, op.t)
            elif op.type == "ok":
                acked.setdefault(op.key, op)
            elif op.type == "fail":
                failed.add(op.key)
    figures.invoked, figures.acked, figures.failed = len(first), len(acked), len(failed)
    figures.indeterminate = len(first) - len(acked) - len(failed - acked.keys())
    return first, acked


def _within(moments: list[float], strike: Strike) -> int:
    return bisect_right(moments, strike.until) - bisect_right(moments, strike.t)


def _recoveries(strikes: list[Strike], spans: list[tuple[float, float]]) -> dict[str, list[float]]:
    """From each blow's end to the first acknowledgement of a post that was sent after it."""
    spans.sort()
    begins = [begin for begin, _ in spans]
    found: dict[str, list[float]] = defaultdict(list)
    for strike in strikes:
        after = spans[bisect_right(begins, strike.until) :][:200]
        if after:
            found[strike.what].append(min(end for _, end in after) - strike.until)
    return {what: sorted(seconds) for what, seconds in found.items()}


def _deliveries(history: Iterable[Op], first: dict[str, float], acked: Acked, figures: Figures) -> None:
    """Of posts by socket to each subscription that was there before them."""
    posts = {(ack.chan, ack.seq): (first[key], ack) for key, ack in acked.items() if ack.port}
    subs: dict[tuple[str, int], Sub] = {}
    for op in history:
        if isinstance(op, Sub):
            subs[op.client, op.chan] = op
        elif isinstance(op, Recv):
            figures.facts_heard += len(op.rows)
            sub = subs[op.client, op.chan]
            for seq, _ in op.rows:
                begin, ack = posts.get((op.chan, seq), (0.0, None))
                if ack is None or sub.t > begin or op.client.startswith(NAP):
                    continue
                figures.journeys.append(op.t - begin)
                if sub.port != ack.port:
                    figures.deliveries.append(max(0.0, op.t - ack.t))
    figures.journeys.sort()
    figures.deliveries.sort()
