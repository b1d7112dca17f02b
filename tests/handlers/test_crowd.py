"""Many who come back at once: looked up together, and given one reading of the log."""

import asyncio
from contextlib import AsyncExitStack

import httpx

from tests.house import House, Person

SOCKETS = 40
MESSAGES = 30


async def counted(house: House, name: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        text = (await client.get(f"{house.url}/metrics")).text
    return int(float(next(line for line in text.splitlines() if line.startswith(f"{name} ")).split()[1]))


async def test_who_comes_back_together_is_looked_up_together_and_shares_one_read_of_the_log(
    house: House, alice: Person
) -> None:
    channel = await alice.channel()
    for number in range(MESSAGES):
        await alice.say(channel, f"message {number}")
    async with AsyncExitStack() as stack:
        ears = await asyncio.gather(*(stack.enter_async_context(alice.listen()) for _ in range(SOCKETS)))
        reads = await counted(house, "chalkline_log_reads_total")
        statements = await counted(house, "chalkline_database_wait_seconds_count")

        answers = await asyncio.gather(*(ear.ask("subscribe", channel_id=channel, after=0) for ear in ears))

        reads = await counted(house, "chalkline_log_reads_total") - reads
        statements = await counted(house, "chalkline_database_wait_seconds_count") - statements

    for answer in answers:
        assert [fact["seq"] for fact in answer["events"]] == list(range(1, MESSAGES + 2))
    assert reads == 1
    assert statements < SOCKETS / 2
