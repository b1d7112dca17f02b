"""Children and their logs: bounded, and never outliving their parent."""

import io
from pathlib import Path

from server.child import BoundedLog


def test_a_log_never_outgrows_its_bound(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "child.log", limit=1000)

    log.follow(io.BytesIO(b"".join(b"line %04d\n" % number for number in range(1000))))

    assert log.tail(10) == "line 0999"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["child.log", "child.old.log"]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_does_not_hold_the_child_up(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "missing" / "child.log")

    output = io.BytesIO(b"said\n" * 100)
    log.follow(output)

    assert log.tail() == "(nothing was logged)"
    assert output.closed
