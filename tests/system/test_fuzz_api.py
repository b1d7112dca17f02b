"""The API against its own description, for a short while; `make fuzz-api` takes longer."""

import pytest

from tests.system.fuzz_api import fuzz


@pytest.mark.slow
def test_a_fuzzer_with_all_its_checks_finds_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    complaints = fuzz(
        max_examples=6, seed=1
    )  # a fixed one, so that a failure belongs to the change that made it

    assert not complaints, complaints + capfd.readouterr().out
