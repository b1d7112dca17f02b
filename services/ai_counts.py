"""What answers did on this instance since it started."""

import time
from collections import Counter

from models.ai import RunStatus, Usage
from models.timings import Timings


class AiCounts:
    """`first_tokens` from the beginning of a run to its first piece, `deltas` from one piece to the next."""

    def __init__(self) -> None:
        self.ended: Counter[RunStatus] = Counter()
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.tools: Counter[str] = Counter()
        self.first_tokens = Timings()
        self.deltas = Timings()

    def end(self, status: RunStatus, usage: Usage) -> None:
        """Once for each run, with what it used."""
        self.ended[status] += 1
        self.prompt_tokens += usage.prompt_tokens
        self.completion_tokens += usage.completion_tokens


class Pulse:
    """Of one run: when it said something last."""

    __slots__ = ("_counts", "_has_said", "_last")

    def __init__(self, counts: AiCounts) -> None:
        self._counts = counts
        self._has_said = False
        self._last = time.perf_counter()

    def beat(self) -> None:
        """Now it says something."""
        now = time.perf_counter()
        timings = self._counts.deltas if self._has_said else self._counts.first_tokens
        timings.observe(now - self._last)
        self._has_said, self._last = True, now
