"""A hundred random programs, other ones each time: what a client makes of the facts is what the server shows."""

import random
from pathlib import Path

from server.embedded_valkey import EmbeddedValkey
from tests.system.chat_programs import open_stage, run_programs
from tests.system.mirror import Mirror

PROGRAMS = 100


async def test_a_snapshot_and_the_facts_after_it_are_a_fresh_snapshot_and_counts_are_right(
    database: str, tmp_path: Path
) -> None:
    first = random.SystemRandom().randrange(10**6)
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        async with open_stage(database, valkey.url, tmp_path) as stage:
            await run_programs(stage, range(first, first + PROGRAMS))


def test_the_mirror_shows_a_fact_that_is_wrong_or_missing() -> None:
    message = {"seq": 2, "text": "x", "deleted_at": None, "reactions": [], "thread": None}
    posted = {"type": "message.posted", "seq": 2, "message": message}
    added = {"type": "reaction.added", "seq": 3, "message_seq": 2, "user_id": 1, "emoji": "👍"}
    right = Mirror([]).after([posted, added]).state

    assert Mirror([message]).after([added]).state == right
    assert Mirror([message]).state != right
    assert Mirror([message]).after([added | {"user_id": 2}]).state != right
    assert Mirror([message]).after([added | {"type": "reaction.removed"}]).state != right
