"""Devices and several instances: each is told once, and what a dead instance left behind is told by another."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.chat import Draft, PostMessage
from models.ids import ChannelId, UserId
from server.embedded_valkey import EmbeddedValkey
from services.push_deliveries import AT_ONCE
from store.chat import ChatStore
from store.pool import open_database
from store.queries import load_queries
from tests.device import Device, Push, answers, subscribe, until
from tests.handlers.pushing import OPEN, rest, told
from tests.handlers.town import code
from tests.house import House, Person, open_house, visit
from tests.target import Target


@pytest.fixture
async def houses(database: str, tmp_path: Path, valkey: EmbeddedValkey) -> AsyncIterator[tuple[House, House]]:
    """Two instances on one database and one bus, whose push services may be on this machine."""
    flags = {"redis_url": valkey.url, **OPEN}
    async with (
        open_house(database, tmp_path, **flags) as here,
        open_house(database, tmp_path, **flags) as there,
    ):
        yield here, there


@pytest.fixture
async def push() -> AsyncIterator[Push]:
    async with Push() as opened:
        yield opened


async def test_two_instances_tell_each_device_once(
    houses: tuple[House, House], push: Push, database: str
) -> None:
    here, there = houses
    alice, bob = await here.register("alice"), await here.register("bob")
    carol = await there.register("carol")
    devices = {person.name: push.device(person.name) for person in (bob, carol)}
    for person in (bob, carol):
        await subscribe(person, devices[person.name])
    places = [await alice.channel(f"room {number}") for number in range(AT_ONCE)]
    for channel in places:
        for person in (bob, carol):
            await alice.call("PUT", f"/channels/{channel}/members/{person.id}", {})
    elsewhere = await visit(alice, there)

    said = [
        (alice if number % 2 else elsewhere).say(channel, "@channel", f"c{number}")
        for number, channel in enumerate(places)
    ]
    await asyncio.gather(*said)
    for device in devices.values():
        await told(push, device, len(places))
    await rest(database)

    for device in devices.values():
        assert sorted(one["channel_id"] for one in push.notices(device)) == places


async def test_who_is_at_the_other_instance_is_there(
    houses: tuple[House, House], push: Push, database: str
) -> None:
    here, there = houses
    alice, bob, carol = [await here.register(name) for name in ("alice", "bob", "carol")]
    device, other = push.device("bob"), push.device("carol")
    await subscribe(bob, device)
    await subscribe(carol, other)
    channel = await alice.channel()
    for person in (bob, carol):
        await person.post(f"/channels/{channel}/join")
    async with (await visit(bob, there)).listen() as ear:
        await ear.ask("ping")

        async def is_known() -> bool:
            online = (await alice.get(f"/channels/{channel}/presence"))["items"]
            return bob.id in [one["user_id"] for one in online]

        await until(5, is_known)
        await alice.say(channel, "hello @channel")
        await told(push, other)
        await bob.post(f"/channels/{channel}/read", {"seq": 99})
        await rest(database)

    assert push.notices(device) == []


async def test_what_an_instance_committed_before_it_died_is_told_by_another(
    houses: tuple[House, House], push: Push, database: str
) -> None:
    here, _ = houses
    alice, bob = await here.register("alice"), await here.register("bob")
    device = push.device("bob")
    await subscribe(bob, device)
    direct = (await alice.post("/direct", {"user_ids": [bob.id]}))["id"]
    draft = Draft(ChannelId(direct), UserId(alice.id), PostMessage("c1", "last words"))

    async with open_database(database, load_queries(), 2) as dead:
        await ChatStore(dead).append([draft])

    async def is_told() -> bool:
        return len(push.notices(device)) == 1

    await until(15, is_told)
    await rest(database)
    assert [one["body"] for one in push.notices(device)] == ["last words"]


async def test_what_was_on_its_way_when_an_instance_stopped_is_told_by_the_next(
    database: str, tmp_path: Path, push: Push
) -> None:
    async with open_house(database, tmp_path, **OPEN) as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        device = push.device("bob")
        await subscribe(bob, device)
        direct = (await alice.post("/direct", {"user_ids": [bob.id]}))["id"]
        push.answer = answers(429, Retry_After="2")
        await alice.say(direct, "hello")
        await push.count(1)
    push.answer = answers(201)
    async with open_house(database, tmp_path, **OPEN):
        await told(push, device, 2)
        await rest(database)

    assert [one["body"] for one in push.notices(device)] == ["hello", "hello"]


async def test_without_the_operators_word_this_machine_is_called_by_no_name(
    database: str, tmp_path: Path
) -> None:
    async with Target() as target, open_house(database, tmp_path, hook_retry_seconds=0.01) as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        port = target.url.rpartition(":")[2]
        refused = await bob.call("POST", "/push/subscriptions", Device(f"{target.url}/x").subscription)
        await subscribe(bob, Device(f"https://2130706433:{port}/x"))
        direct = (await alice.post("/direct", {"user_ids": [bob.id]}))["id"]
        await alice.say(direct, "hello")

        async def is_given_up() -> bool:
            return await counted(alice, "given_up") == 1

        await until(20, is_given_up)

    assert code(refused) == (422, "invalid")
    assert target.heard == []


async def test_where_the_operator_wants_no_text_sent_none_is(
    database: str, tmp_path: Path, push: Push
) -> None:
    async with open_house(database, tmp_path, push="private", **OPEN) as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        device = push.device("bob")
        await subscribe(bob, device)
        direct = (await alice.post("/direct", {"user_ids": [bob.id]}))["id"]
        await alice.say(direct, "a sekrit")

        assert [one["body"] for one in await told(push, device)] == ["New message"]


async def counted(person: Person, outcome: str) -> float:
    shown = (await person._http.get(f"{person.url}/metrics")).text
    (line,) = [one for one in shown.splitlines() if f'pushes_total{{outcome="{outcome}"}}' in one]
    return float(line.rpartition(" ")[2])
