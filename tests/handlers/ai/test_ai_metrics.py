"""What an operator sees of answers."""

import httpx

from tests.fakes.provider import FakeProvider, begin, call, call_end, done, say, stall, status, usage
from tests.handlers.ai.ai_house import ask
from tests.house import House


async def shown(house: House) -> dict[str, float]:
    """The series of AI, by name and labels."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{house.url}/metrics")).text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("chalkline_ai_")]
    return {name.removeprefix("chalkline_ai_"): float(value) for name, value in lines}


async def test_answers_tokens_tools_and_failovers_are_counted(house: House, fake: FakeProvider) -> None:
    fake.script(status(500))
    fake.script(begin, say("One ", finish=None), call("search_history", "{}"), call_end(), usage(), done)
    fake.script(begin, say("two"), usage(), done)
    fake.script(begin, say("half", finish=None), stall)
    alice = await house.register("alice")
    channel = await alice.channel()
    before = await shown(house)
    await alice.post("/ai/chat", ask(channel))
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        asked = await ear.ask("ai.ask", **ask(channel, "q2"))
        await ear.next("ai.delta")
        during = await shown(house)
        await ear.ask("ai.stop", run_id=asked["run_id"])
        await ear.next("ai.finished")
    await fake.all_closed()
    after = await shown(house)

    assert not any(value for value in before.values())
    assert (during["running"], during["upstream"]) == (1, 1)
    expected = {
        "running": 0,
        "upstream": 0,
        'runs_total{status="done"}': 1,
        'runs_total{status="stopped"}': 1,
        'runs_total{status="failed"}': 0,
        'tools_total{outcome="refused"}': 1,
        "failovers_total": 1,
        "first_token_seconds_count": 2,
        "delta_seconds_count": 2,
    }
    assert {name: after[name] for name in expected} == expected
    assert during['tokens_total{kind="prompt"}'] == 22
    assert during['tokens_total{kind="completion"}'] == 14
