"""Writing at once while it is calm, in blocks while it is busy, and never later than it was said."""

import asyncio

from connections.pace import (
    BUSY_SECONDS,
    GATHER_SECONDS,
    LONGEST_SECONDS,
    REST,
    SHARED_REST,
    SHARED_SECONDS,
    Pace,
)
from tests.impatient import impatient

WRITING = 0.002


class Writer:
    """Writes what is there, which takes WRITING of its own clock."""

    def __init__(self) -> None:
        self.waiting = 0
        self.blocks: list[int] = []
        self.seconds = 0.0
        self.written_at: list[float] = []
        self.pace = Pace(self.flush, self.clock)

    def clock(self) -> float:
        return asyncio.get_running_loop().time() + self.seconds

    def flush(self) -> None:
        if self.waiting:
            began = self.clock()
            self.seconds += WRITING
            self.blocks.append(self.waiting)
            self.written_at.append(asyncio.get_running_loop().time())
            facts, self.waiting = self.waiting, 0
            self.pace.wrote(facts, began)

    def say(self, facts: int = 1) -> None:
        self.waiting += facts
        self.pace.flush_soon()


@impatient
async def test_facts_that_come_alone_never_wait() -> None:
    writer = Writer()

    for _ in range(5):
        writer.say()

    assert writer.blocks == [1] * 5


@impatient
async def test_after_a_block_of_several_what_comes_shares_the_next_which_is_not_late() -> None:
    writer = Writer()
    writer.say(2)
    for _ in range(5):
        writer.say()
    assert writer.blocks == [2]

    await asyncio.sleep(1)

    assert writer.blocks == [2, 5]
    assert writer.written_at[1] - writer.written_at[0] <= REST * WRITING + 0.001


@impatient
async def test_a_topic_that_others_tell_facts_of_rests_longer_until_they_no_longer_do() -> None:
    writer = Writer()
    writer.pace.share()
    writer.say(2)
    writer.say(2)
    await asyncio.sleep(0.1)
    waited = writer.written_at[1] - writer.written_at[0]
    await asyncio.sleep(SHARED_SECONDS)
    writer.say(2)
    writer.say(2)
    await asyncio.sleep(0.1)

    assert REST * WRITING < waited <= SHARED_REST * WRITING + 0.001
    assert writer.written_at[3] - writer.written_at[2] <= REST * WRITING + 0.001


@impatient
async def test_a_busy_topic_that_others_tell_facts_of_waits_for_those_of_the_same_moment() -> None:
    writer = Writer()
    writer.pace.share()
    writer.say(2)
    await asyncio.sleep(SHARED_REST * WRITING + 0.001)
    writer.say()
    writer.say()
    assert writer.blocks == [2]
    await asyncio.sleep(GATHER_SECONDS + 0.001)
    assert writer.blocks == [2, 2]

    await asyncio.sleep(BUSY_SECONDS + 0.1)
    writer.say()

    assert writer.blocks == [2, 2, 1], "it is calm again, so a fact that comes alone is written at once"


@impatient
async def test_no_rest_is_longer_than_its_bound_however_long_the_writing_took() -> None:
    writer = Writer()
    writer.seconds = 0.0
    writer.pace.wrote(2, writer.clock() - 60)
    writer.say()
    await asyncio.sleep(1)

    assert writer.written_at[0] <= LONGEST_SECONDS + 0.001
