"""Two hundred sockets that stop reading, as bench/slow.py has them, for ten seconds."""

import pytest
import uvloop

from bench.running import Server, running
from bench.slow import Crowd, Way, slowed

SECONDS = 10
MOST_MIB = 256
"""Ten seconds of posts, kept for each of the two hundred, would be 2,000. What it costs on a machine that does nothing
else is what the benchmark measures.
"""


async def listen_slowly(server: Server) -> float:
    _, growth, _ = await slowed(await Crowd.open(server), [], SECONDS, Way.STOPS)
    return growth


@pytest.mark.slow
def test_who_stops_reading_costs_little_and_misses_nothing_when_it_reads_on() -> None:
    with running() as server:
        growth = uvloop.run(listen_slowly(server))

    assert growth <= MOST_MIB
