"""Budgets: when they begin anew, what a refusal says, and what tokens cost."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from models.ai import Usage
from services.ai_budgets import ORDER, Budgets, resets_at

NOW = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "now", "then"),
    [
        ("day", NOW, datetime(2027, 1, 1, tzinfo=UTC)),
        ("month", NOW, datetime(2027, 1, 1, tzinfo=UTC)),
        ("month", datetime(2027, 1, 31, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
        ("day", NOW.astimezone(timezone(timedelta(hours=9))), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_period_ends_at_midnight_utc(period: str, now: datetime, then: datetime) -> None:
    assert resets_at(period, now) == then


def test_a_refusal_names_whose_budget_it_is_and_how_long_to_wait() -> None:
    budgets = Budgets(most_at_once=2)

    used_up, busy = budgets.refusal("channel/day", NOW), budgets.refusal("busy", NOW)

    assert used_up is not None
    assert used_up.retry_after == 5400
    assert used_up.detail == (
        "This channel's AI budget of this day is used up. It begins anew at 2027-01-01T00:00:00Z."
    )
    assert busy is not None
    assert "2 answers" in busy.detail
    assert budgets.refusal("absent", NOW) is None


def test_the_limits_go_to_the_database_in_the_order_of_its_function() -> None:
    budgets = Budgets({("user", "day"): 1, ("workspace", "month"): 6})

    assert budgets.in_order() == [1, None, None, None, None, 6]
    assert len(ORDER) == 6


def test_a_cost_is_told_where_there_is_a_price() -> None:
    usage = Usage(1_000_000, 500_000, is_estimated=False)
    budgets = Budgets(prices={"demo": (2.0, 8.0)})

    assert budgets.priced("demo", usage).cost == 6.0
    assert budgets.priced("other", usage).cost is None
