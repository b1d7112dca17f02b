"""Budgets and bounds: who may use how much, what is counted, and that no race gets past it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider import FakeProvider, begin, done, reset, say, stall, status, usage
from tests.handlers.ai.ai_house import ask, open_ai_house
from tests.handlers.town import code
from tests.house import House, Person


async def used(person: Person) -> dict[tuple[str, str], Any]:
    report = await person.get("/ai/usage")
    return {(one["scope"], one["period"]): one for one in report["allowances"]}


async def test_what_the_provider_counted_is_what_is_used_to_the_token(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_prices="demo=2/10") as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        channel = await alice.channel()
        answered = [await alice.post("/ai/chat", ask(channel, f"q{number}")) for number in range(3)][-1]
        hers, his = await used(alice), await used(bob)

    assert answered["usage"] == {
        "prompt_tokens": 11,
        "completion_tokens": 7,
        "is_estimated": False,
        "cost": (11 * 2 + 7 * 10) / 1e6,
    }
    for scope in ("user", "workspace"):
        for period in ("day", "month"):
            assert hers[scope, period]["prompt_tokens"] == 33
            assert hers[scope, period]["completion_tokens"] == 21
            assert hers[scope, period]["cost"] == pytest.approx(3 * 92e-6)
    assert his["user", "day"]["prompt_tokens"] == 0
    assert his["workspace", "month"]["prompt_tokens"] == 33


@pytest.mark.parametrize("lie", [(), (usage({"prompt_tokens": -5, "completion_tokens": 10**15}),)])
async def test_without_a_count_that_can_be_true_it_is_estimated(
    database: str, tmp_path: Path, fake: FakeProvider, lie: tuple[Any, ...]
) -> None:
    fake.default = (begin, say("x" * 300), *lie, done)
    async with open_ai_house(database, tmp_path, fake) as house:
        alice = await house.register("alice")
        answered = await alice.post("/ai/chat", ask(await alice.channel()))

    assert answered["usage"]["is_estimated"]
    assert answered["usage"]["completion_tokens"] == 100
    assert 100 < answered["usage"]["prompt_tokens"] < 300


async def test_what_failed_before_it_said_anything_used_nothing_and_what_broke_off_is_counted(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    fake.script(status(500))
    fake.script(status(500))
    fake.script(begin, say("x" * 30, finish=None), reset)
    async with open_ai_house(database, tmp_path, fake) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        refused = await alice.call("POST", "/ai/chat", ask(channel))
        before = (await used(alice))["user", "day"]
        broken = await alice.call("POST", "/ai/chat", ask(channel, "q2"))
        after = (await used(alice))["user", "day"]
        messages = (await alice.get(f"/channels/{channel}/messages"))["items"]

    assert code(refused) == code(broken) == (502, "ai_failed")
    assert before["prompt_tokens"] == before["completion_tokens"] == 0
    assert after["completion_tokens"] == 10
    assert [message["text"] for message in messages if message["kind"] == "ai"] == ["", "x" * 30]
    assert {message["ai"]["status"] for message in messages if message["kind"] == "ai"} == {"failed"}


@pytest.mark.parametrize(
    ("budgets", "whose"),
    [("user/day=18", "Your"), ("channel/month=18", "This channel's"), ("workspace/day=18", "This server's")],
)
async def test_a_budget_that_is_used_up_is_429_with_the_time_when_it_begins_anew(
    database: str, tmp_path: Path, fake: FakeProvider, budgets: str, whose: str
) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_budgets=budgets) as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        here, elsewhere = await alice.channel(), await bob.channel("elsewhere")
        await alice.post("/ai/chat", ask(here))
        head = (await alice.get(f"/channels/{here}"))["head_seq"]

        refused = await alice.call("POST", "/ai/chat", ask(here, "q2"))
        bobs = await bob.call("POST", "/ai/chat", ask(elsewhere))
        replayed = await alice.call("POST", "/ai/chat", ask(here))

        assert code(refused) == (429, "rate_limited")
        assert whose in refused.json()["detail"]
        assert "begins anew at 20" in refused.json()["detail"]
        assert 0 < int(refused.headers["Retry-After"]) <= 31 * 86_400
        assert (await alice.get(f"/channels/{here}"))["head_seq"] == head
        assert bobs.status_code == (429 if budgets.startswith("workspace") else 200)
        assert replayed.status_code == 200


async def test_fifty_asks_at_the_edge_of_a_budget_go_beyond_it_by_those_in_flight_at_most(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    """Each uses 18 tokens; 90 are allowed; three may be under way at once."""
    fake.default = (begin, say("Hello", pause=0.02), usage(), done)
    async with open_ai_house(database, tmp_path, fake, ai_budgets="user/day=90", pool_size=20) as house:
        alice = await house.register("alice")
        channel = await alice.channel()

        async def insist(number: int) -> int:
            while True:
                answer = await alice.call("POST", "/ai/chat", ask(channel, f"q{number}"))
                if answer.status_code != 429 or "budget" in answer.json()["detail"]:
                    return answer.status_code
                await asyncio.sleep(0.01)

        statuses = await asyncio.gather(*(insist(number) for number in range(50)))
        spent = (await used(alice))["user", "day"]

    total = spent["prompt_tokens"] + spent["completion_tokens"]
    assert set(statuses) == {200, 429}
    assert total == 18 * statuses.count(200)
    assert 90 <= total <= 90 + 3 * 18


async def test_no_more_than_so_many_answers_of_one_user_are_under_way(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    fake.default = (begin, say("Hello", finish=None), stall)
    async with open_ai_house(database, tmp_path, fake, ai_timeouts="5/60/60") as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        channel = await alice.channel()
        await bob.post(f"/channels/{channel}/join")
        async with alice.listen() as ear, bob.listen() as other:
            asked = await asyncio.gather(
                *(alice_asks(alice, channel, number) for number in range(20)),
            )
            his = await other.ask("ai.ask", **ask(channel))
            report = await alice.get("/ai/usage")
            for one in asked:
                if "run_id" in one:
                    await ear.ask("ai.stop", run_id=one["run_id"])

    assert sorted(one["type"] for one in asked) == ["error"] * 17 + ["ok"] * 3
    assert {one["code"] for one in asked if one["type"] == "error"} == {"rate_limited"}
    assert his["type"] == "ok"
    assert report["running"] == report["most_at_once"] == 3


async def alice_asks(alice: Person, channel: int, number: int) -> Any:
    async with alice.listen() as ear:
        return await ear.ask("ai.ask", **ask(channel, f"q{number}"))


async def test_a_provider_that_does_not_stop_is_stopped(house: House, fake: FakeProvider) -> None:
    fake.default = (begin, *[say("x" * 8000, finish=None)] * 20, stall)
    alice = await house.register("alice")
    channel = await alice.channel()

    answer = await alice.call("POST", "/ai/chat", ask(channel))
    await fake.all_closed()

    assert code(answer) == (502, "ai_failed")
    message = (await alice.get(f"/channels/{channel}/messages"))["items"][-1]
    assert message["text"] == "x" * 65_536


async def test_deltas_of_a_run_come_twenty_times_a_second_at_most(house: House, fake: FakeProvider) -> None:
    fake.default = (begin, say(*["w "] * 200, pause=0.005), usage(), done)
    alice = await house.register("alice")
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await ear.ask("ai.ask", **ask(channel))
        began = asyncio.get_running_loop().time()
        deltas = 0
        while (frame := await ear.next())["type"] != "ai.finished":
            deltas += frame["type"] == "ai.delta"
        seconds = asyncio.get_running_loop().time() - began

    assert 1 < deltas <= 20 * seconds + 2
    assert frame["message"]["text"] == "w " * 200


async def test_an_ask_that_comes_too_soon_in_slow_mode_learns_when_it_may(
    house: House, fake: FakeProvider
) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    await alice.call("PATCH", f"/channels/{channel}", {"slow_seconds": 300})

    await bob.post("/ai/chat", ask(channel))
    refused = await bob.call("POST", "/ai/chat", ask(channel, "q2"))

    assert code(refused) == (429, "rate_limited")
    assert 290 < int(refused.headers["Retry-After"]) <= 300
    assert len(fake.asked) == 1
