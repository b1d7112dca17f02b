"""Which runs stay on disk."""

import os
from pathlib import Path

import pytest

from tests.system.faults import kept
from tests.system.faults.scenarios import Demand, Verdict

HOLDS, FAILS = Verdict("", [Demand("all well", True)]), Verdict("", [Demand("all well", False)])


def left(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir())


def made(place: Path, name: str, verdict: Verdict | None) -> Path:
    (place / name).mkdir()
    if verdict is not None:
        kept.judge(place / name, verdict)
    return place / name


def test_the_last_three_runs_stay(tmp_path: Path) -> None:
    for number in range(5):
        made(tmp_path, f"2026010{number}-1", HOLDS)

    kept.prune(tmp_path)

    assert left(tmp_path) == ["20260102-1", "20260103-1", "20260104-1"]


def test_what_was_not_met_stays_however_old_it_is(tmp_path: Path) -> None:
    made(tmp_path, "20260101-1", FAILS)
    for number in range(2, 7):
        made(tmp_path, f"2026010{number}-1", HOLDS)

    kept.prune(tmp_path)

    assert left(tmp_path)[0] == "20260101-1"
    assert len(left(tmp_path)) == 1 + kept.KEPT


def test_a_run_that_raises_stays_with_what_it_raised(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), kept.run(tmp_path, 7) as directory:
        raise RuntimeError("no room")

    for number in range(5):
        made(tmp_path, f"2999010{number}-1", HOLDS)
    kept.prune(tmp_path)

    assert "no room" in (directory / "failed").read_text()


def test_a_run_without_a_verdict_may_be_at_work_and_stays_for_a_day(tmp_path: Path) -> None:
    at_work, abandoned = made(tmp_path, "20260101-1", None), made(tmp_path, "20260102-1", None)
    os.utime(abandoned, (0, 0))
    for number in range(3, 8):
        made(tmp_path, f"2026010{number}-1", HOLDS)

    kept.prune(tmp_path)

    assert at_work.exists()
    assert not abandoned.exists()
