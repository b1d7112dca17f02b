"""Two hundred sockets that stop reading, as bench/slow.py measures them, for ten seconds."""

import pytest
import uvloop

from bench.running import running
from bench.slow import GROWTH_MIB, Way, measure


@pytest.mark.slow
def test_who_stops_reading_costs_little_and_misses_nothing_when_it_reads_on() -> None:
    """Measuring fails where a fact is missing, comes twice or out of order."""
    with running() as server, running() as control:
        result = uvloop.run(measure(server, control, 10, Way.STOPS))

    assert result.growth <= GROWTH_MIB
