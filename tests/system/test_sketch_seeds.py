"""Ten random drawings, other ones each time. `make faults-sketches` has two hundred."""

import random
from pathlib import Path

from tests.system.faults.world import World
from tests.system.sketch_seeds import open_studio, run_seeds

SEEDS, TURNS = 10, 3


async def test_whatever_happens_all_come_to_one_picture(tmp_path: Path) -> None:
    first = random.SystemRandom().randrange(10**6)
    with World(tmp_path / "world", instances=2) as world:
        async with open_studio(world) as studio:
            await run_seeds(studio, range(first, first + SEEDS), TURNS)

    assert studio.struck["kills"] > 0
    assert studio.struck["edits"] > 100
