"""Short runs: faults of every kind at once, and each server that is broken on purpose. `make faults` is longer."""

import re
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.server.running import ROOT, environment
from tests.system.faults.scenarios import EXPECTED

SEED = "1"
SECONDS = 300


def told(run: str, *words: str) -> Sequence[str]:
    """The lines that the run ends with: what was demanded, and whether it was met."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.system.faults", run, "--seed", SEED, *words],
        cwd=ROOT,
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    print(done.stdout)
    return re.findall(r"^(?:NOT MET|met): .*$", done.stdout, re.MULTILINE)


@pytest.mark.faults
def test_nothing_is_lost_doubled_or_told_out_of_order_whatever_dies() -> None:
    lines = told("short")

    assert len(lines) > 5
    assert [line for line in lines if line.startswith("NOT")] == []


@pytest.fixture(scope="module")
def found() -> Sequence[str]:
    """What the runs against the broken servers came to."""
    return told("broken")


@pytest.mark.faults
@pytest.mark.parametrize("name", EXPECTED)
def test_a_server_that_is_broken_on_purpose_is_found_out(found: Sequence[str], name: str) -> None:
    assert [line for line in found if line.startswith(f"met: {name} is found out")]
