"""How many tokens whom: limits by user, channel and workspace, for the day and the month, and what they cost.

An ask is let in while every budget has something left. What is under way then may go beyond it: by as much as the runs
in flight use, and never by more than `most_at_once` runs of one user.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import get_args

from models.ai import Allowance, Period, Scope, Usage
from models.errors import RateLimited

ORDER: tuple[tuple[Scope, Period], ...] = tuple(
    (scope, period) for scope in get_args(Scope) for period in get_args(Period)
)
"""As the database function `ai_refusal` takes them."""

_WHOSE: Mapping[str, str] = {"user": "Your", "channel": "This channel's", "workspace": "This server's"}


@dataclass(frozen=True, slots=True)
class Budgets:
    """`limits` in tokens; what isn't in it is unlimited. `prices` are per million tokens: of prompts, of answers."""

    limits: Mapping[tuple[str, str], int] = field(default_factory=dict)
    prices: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    most_at_once: int = 3

    def in_order(self) -> list[int | None]:
        return [self.limits.get(place) for place in ORDER]

    def priced(self, model: str, usage: Usage) -> Usage:
        """The same with its cost, where the model has a price."""
        if model not in self.prices:
            return usage
        prompt, completion = self.prices[model]
        cost = (usage.prompt_tokens * prompt + usage.completion_tokens * completion) / 1_000_000
        return Usage(usage.prompt_tokens, usage.completion_tokens, usage.is_estimated, cost)

    def refusal(self, outcome: str, now: datetime | None = None) -> RateLimited | None:
        """What an ask is told that the database refused as `busy`, or for a budget such as `user/day`."""
        now = now or datetime.now(UTC)
        if outcome == "busy":
            return RateLimited(
                f"You have {self.most_at_once} answers under way: wait for one, or stop it.", 5
            )
        scope, _, period = outcome.partition("/")
        if scope not in _WHOSE or not period:
            return None
        ends = resets_at(period, now)
        detail = f"{_WHOSE[scope]} AI budget of this {period} is used up. It begins anew at {ends:%Y-%m-%dT%H:%M:%SZ}."
        return RateLimited(detail, max(1, round((ends - now).total_seconds())))

    def report(
        self, spent: Mapping[tuple[str, str], tuple[int, int, float]], now: datetime | None = None
    ) -> list[Allowance]:
        """Of the caller and the workspace."""
        now = now or datetime.now(UTC)
        return [
            Allowance(
                scope,
                period,
                *spent.get((scope, period), (0, 0, 0.0)),
                self.limits.get((scope, period)),
                resets_at(period, now),
            )
            for scope, period in ORDER
            if scope != "channel"
        ]


def resets_at(period: str, now: datetime) -> datetime:
    """The next UTC midnight, or that of the first of the next month."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return today + timedelta(days=1)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
