"""Rate limits: per user, address and door, together on all instances, and still there while Redis is away."""

import asyncio
import os
import signal
from pathlib import Path

from handlers.limits import FAILURES, OF_USER
from server.embedded_valkey import EmbeddedValkey
from tests.handlers.town import code
from tests.house import PASSWORD, House, Person, open_house

SLACK = 5


async def statuses(person: Person, number: int) -> list[int]:
    gate = asyncio.Semaphore(4)

    async def one() -> int:
        async with gate:
            return (await person.call("GET", "/search", params={"q": "x"})).status_code

    return await asyncio.gather(*(one() for _ in range(number)))


async def test_a_user_is_refused_what_is_too_often_and_told_when_to_come_back(
    house: House, alice: Person
) -> None:
    bob = await house.register("bob")

    found = await statuses(alice, OF_USER["search"] + SLACK)
    refused = await alice.call("GET", "/search", params={"q": "x"})

    assert found[: OF_USER["search"] - 4] == [200] * (OF_USER["search"] - 4)
    assert found[-1] == 429
    assert code(refused) == (429, "rate_limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert await statuses(bob, 1) == [200]
    assert (await alice.call("GET", "/channels")).status_code == 200


async def test_wrong_passwords_are_counted_by_name_be_it_known_or_not(house: House, alice: Person) -> None:
    bob = await house.register("bob")
    for name in ("alice", "nobody"):
        wrong = {"username": name, "password": "not the password"}
        found = [(await alice.call("POST", "/auth/login", wrong)).status_code for _ in range(FAILURES + 5)]
        assert found[:FAILURES] == [401] * FAILURES
        assert found[-1] == 429

    right = await alice.call("POST", "/auth/login", {"username": "alice", "password": PASSWORD})
    others = await bob.call("POST", "/auth/login", {"username": "bob", "password": PASSWORD})

    assert code(right) == (429, "rate_limited")
    assert others.status_code == 200


async def test_a_forged_address_counts_for_nothing(house: House, alice: Person) -> None:
    wrong = {"username": "alice", "password": "not the password"}

    found = [
        (
            await alice.call("POST", "/auth/login", wrong, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        ).status_code
        for n in range(FAILURES + 5)
    ]

    assert found[-1] == 429


async def test_two_instances_count_together_and_apart_while_redis_is_frozen(
    database: str, tmp_path: Path
) -> None:
    most = OF_USER["search"]
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        async with (
            open_house(database, tmp_path, redis_url=valkey.url) as here,
            open_house(database, tmp_path, redis_url=valkey.url) as there,
        ):
            alice, bob = await here.register("alice"), await here.register("bob")
            visitors = [
                there.person(await one.post("/auth/login", {"username": one.name, "password": PASSWORD}))
                for one in (alice, bob)
            ]
            assert 200 in await statuses(alice, most + SLACK)
            assert 429 in await statuses(visitors[0], 5)

            assert valkey.pid is not None
            os.kill(valkey.pid, signal.SIGSTOP)
            try:
                found = await statuses(bob, most + SLACK)
                assert found[: most - 4] == [200] * (most - 4)
                assert 429 in found
                assert await statuses(visitors[1], 1) == [200]
            finally:
                os.kill(valkey.pid, signal.SIGCONT)
