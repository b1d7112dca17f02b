"""Short runs: faults of every kind at once, and each server that is broken on purpose. `make faults` is longer."""

import re
import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest

from tests.server.running import ROOT, environment
from tests.system.faults.scenarios import EXPECTED

SEED = "1"
SECONDS = 420


def told(run: str) -> Sequence[str]:
    """The lines that the run ends with: what was demanded, and whether it was met."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.system.faults", run, "--seed", SEED],
        cwd=ROOT,
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        hurry = threading.Timer(SECONDS, process.kill)
        hurry.start()
        said, _ = process.communicate()
        hurry.cancel()
    print(said)
    return re.findall(r"^(?:NOT MET|met): .*$", said, re.MULTILINE)


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_told_out_of_order_whatever_dies() -> None:
    lines = told("short")

    assert len(lines) > 5
    assert [line for line in lines if line.startswith("NOT")] == []


@pytest.fixture(scope="module")
def found() -> Sequence[str]:
    """What the runs against the broken servers came to."""
    return told("broken")


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_a_server_that_is_broken_on_purpose_is_found_out(found: Sequence[str], name: str) -> None:
    assert [line for line in found if line.startswith(f"met: {name} is found out")]
