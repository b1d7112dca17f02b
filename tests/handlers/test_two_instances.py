"""Two instances on one database and one bus: what is said at one is heard at the other, with Redis and without."""

import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.embedded_valkey import EmbeddedValkey
from tests.house import PASSWORD, House, Person, open_house

AT_ONCE = 1.0
WITHOUT_REDIS = 3.0
"""Seconds, as protocol.md promises them."""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as running:
        yield running


@pytest.fixture
async def houses(database: str, tmp_path: Path, valkey: EmbeddedValkey) -> AsyncIterator[tuple[House, House]]:
    async with (
        open_house(database, tmp_path, redis_url=valkey.url) as here,
        open_house(database, tmp_path, redis_url=valkey.url) as there,
    ):
        yield here, there


@pytest.fixture(params=["redis", "frozen redis"])
def patience(
    request: pytest.FixtureRequest, valkey: EmbeddedValkey, houses: tuple[House, House]
) -> Iterator[float]:
    """How long a fact may take: with Redis at work, and with Redis frozen while the instances run."""
    assert valkey.pid is not None
    if request.param == "redis":
        yield AT_ONCE
        return
    os.kill(valkey.pid, signal.SIGSTOP)
    yield WITHOUT_REDIS
    os.kill(valkey.pid, signal.SIGCONT)


async def visit(person: Person, house: House) -> Person:
    """The same user at another instance, in a session of its own."""
    return house.person(await person.post("/auth/login", {"username": person.name, "password": PASSWORD}))


async def test_what_is_posted_at_one_is_heard_at_the_other_in_order(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    channel = await alice.channel()
    async with (await visit(alice, there)).listen(f"/ws/channels/{channel}") as ear:
        began = time.monotonic()
        for number in range(20):
            await alice.say(channel, f"{number}")
        facts = [await ear.next("message.posted") for _ in range(20)]

    assert time.monotonic() - began < patience
    assert [fact["seq"] for fact in facts] == list(range(2, 22))


async def test_a_session_that_ends_at_one_closes_its_sockets_at_the_other(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    visitor = await visit(alice, there)
    async with visitor.listen() as ear:
        began = time.monotonic()
        await alice.post("/auth/revoke", {"session_id": visitor.session["session_id"]})

        assert await ear.closed() == 4500

    assert time.monotonic() - began < patience
    assert (await alice.call("GET", "/users/me")).status_code == 200


async def test_who_is_removed_at_one_hears_nothing_more_at_the_other(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    bob = await there.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with bob.listen(f"/ws/channels/{channel}") as ear:
        await alice.say(channel, "before")
        began = time.monotonic()
        await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")
        await alice.say(channel, "after")

        assert await ear.closed() == 4502

    assert time.monotonic() - began < patience
    assert [frame["type"] for frame in ear.kept if "seq" in frame] == ["message.posted", "member.left"]


async def test_a_socket_resumes_at_the_other_instance_from_where_it_was(houses: tuple[House, House]) -> None:
    here, there = houses
    alice = await here.register("alice")
    visitor = await visit(alice, there)
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await alice.say(channel, "heard")
        last = (await ear.next("message.posted"))["seq"]
    for number in range(150):
        await alice.say(channel, f"missed {number}")

    async with visitor.listen(f"/ws/channels/{channel}?after={last}") as ear:
        facts = [await ear.next("message.posted") for _ in range(150)]

    assert [fact["seq"] for fact in facts] == list(range(last + 1, last + 151))


async def test_who_comes_to_one_is_present_at_the_other(houses: tuple[House, House]) -> None:
    here, there = houses
    alice = await here.register("alice")
    bob = await there.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with alice.listen(f"/ws/channels/{channel}") as ear, bob.listen():
        online: set[int] = set()
        while online != {alice.id, bob.id}:
            online |= set((await ear.next("presence.changed"))["online"])
