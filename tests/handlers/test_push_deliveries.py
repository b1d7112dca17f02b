"""Who is told at their devices, once, and of nothing that they may not read at that moment."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from tests.databases import NewDatabase
from tests.device import Push, answers, signed_by, subscribe
from tests.handlers.pushing import OPEN, rest, set_level, told
from tests.handlers.town import Town, open_town

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOUD = {"do_not_disturb": None}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One whose push services may be on this machine."""
    async with (
        new_database() as dsn,
        open_town(dsn, tmp_path_factory.mktemp("town"), **OPEN) as opened,
    ):
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def push() -> AsyncIterator[Push]:
    async with Push() as opened:
        yield opened


async def test_a_direct_message_is_told_encrypted_signed_and_for_a_day(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    await subscribe(carol, device)
    direct = await bob.post("/direct", {"user_ids": [carol.id]})

    said = await bob.say(direct["id"], "**hello** _there_")

    assert await told(push, device) == [
        {"title": bob.name, "body": "hello there", "channel_id": direct["id"], "seq": said["seq"]}
    ]
    (headers, body), *_ = push.heard
    assert b"hello" not in body
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "86400", "high")
    assert 0 < len(headers["Topic"]) <= 32
    claims = signed_by(headers["Authorization"], (await bob.get("/instance"))["push_key"])
    assert (claims["aud"], claims["sub"]) == (push.url, "mailto:admin@example.org")


async def test_a_mention_is_told_and_ordinary_talk_is_not(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    channel = await town.room(bob, carol)
    await subscribe(carol, device)

    await bob.say(channel, "nothing of importance")
    await bob.say(channel, f"look @{carol.name}")
    await told(push, device)
    await bob.say(channel, "all of you @channel")
    await told(push, device, 2)
    await carol.say(channel, f"I name myself @{carol.name}")
    await bob.say(channel, "nothing more")
    await rest(town.dsn)

    name = (await bob.get(f"/channels/{channel}"))["name"]
    assert [(one["title"], one["body"]) for one in push.notices(device)] == [
        (f"{bob.name} in #{name}", f"look @{carol.name}"),
        (f"{bob.name} in #{name}", "all of you @channel"),
    ]
    topics = {headers["Topic"] for headers, _ in push.heard}
    assert len(topics) == 1


async def test_each_channels_level_is_kept_to(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    silent, loud = await town.room(bob, carol), await town.room(bob, carol)
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)
    await set_level(carol, silent, "none")
    await set_level(carol, direct, "mentions")
    await set_level(carol, loud, "all")

    await bob.say(silent, f"psst @{carol.name} and @channel")
    await bob.say(direct, "hello")
    await bob.say(loud, "no name in it")
    notices = await told(push, device)
    await rest(town.dsn)
    heard = push.heard[0][0]

    assert [one["body"] for one in notices] == ["no name in it"]
    assert heard["Urgency"] == "normal"
    assert push.notices(device) == notices


async def test_a_thread_calls_those_who_follow_it(town: Town, push: Push) -> None:
    people = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    bob, carol, dave = people
    devices = [push.device(person.name) for person in people]
    channel = await town.room(*people)
    root = await carol.say(channel, "who has the key?")
    for person, device in zip(people, devices, strict=True):
        await subscribe(person, device)
    await set_level(dave, channel, "all")

    said = await bob.say(channel, "I do", thread=root["seq"])
    notices = await told(push, devices[1])
    await carol.call("DELETE", f"/channels/{channel}/threads/{root['seq']}/follow")
    await bob.say(channel, "where are you?", thread=root["seq"])
    await rest(town.dsn)

    assert [(one["seq"], one["thread"]) for one in notices] == [(said["seq"], root["seq"])]
    assert [len(push.notices(device)) for device in devices] == [0, 1, 0]


async def test_quiet_hours_are_quiet(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)
    for start, end in (("00:00", "12:00"), ("12:00", "00:00")):  # the whole day, either way round
        hours = {"start": start, "end": end, "timezone": "UTC"}
        await carol.call("PUT", "/users/me/preferences", {"do_not_disturb": hours})
        await bob.say(direct, f"{start}")
        await rest(town.dsn)
    sent = len(push.notices(device))
    await carol.call("PUT", "/users/me/preferences", LOUD)
    await bob.say(direct, "good morning")
    await told(push, device, sent + 1)

    assert sent == 1  # of the two halves of a day one is now
    assert push.notices(device)[-1]["body"] == "good morning"


async def test_what_is_read_deleted_or_hidden_before_it_is_sent_is_not_told(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    channel = await town.room(bob, carol)
    await subscribe(carol, device)
    push.answer = answers(503)
    ends: list[Callable[[int], Awaitable[object]]] = [
        lambda seq: bob.call("DELETE", f"/channels/{channel}/messages/{seq}"),
        lambda seq: bob.call("PUT", f"/channels/{channel}/messages/{seq}/hidden"),
        lambda seq: carol.call("POST", f"/channels/{channel}/read", {"seq": seq}),
        lambda _: set_level(carol, channel, "none"),
    ]
    for end in ends:
        push.answer, tries = answers(429, Retry_After="2"), len(push.heard)
        said = await bob.say(channel, f"a sekrit @{carol.name}")
        await push.count(tries + 1)
        push.answer = answers(201)
        await end(said["seq"])
        await rest(town.dsn)
        assert len(push.heard) == tries + 1


async def test_who_is_removed_or_signed_out_is_told_nothing(town: Town, push: Push) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    devices = [push.device("carol"), push.device("dave")]
    channel = await town.room(bob, carol, dave)
    await subscribe(carol, devices[0])
    await subscribe(await town.again(dave), devices[1])
    push.answer = answers(429, Retry_After="2")
    await bob.say(channel, "a sekrit for @channel")
    await push.count(2)
    push.answer = answers(201)

    await bob.call("DELETE", f"/channels/{channel}/members/{carol.id}")
    await dave.post("/auth/revoke", {"all": True})
    await rest(town.dsn)
    await bob.say(channel, f"another one for @channel, @{carol.name} and @{dave.name}")
    await rest(town.dsn)

    assert len(push.heard) == 2


async def test_who_joins_later_is_told_from_then_on(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    await subscribe(carol, device)
    channel = await town.room(bob)
    await bob.say(channel, "before @channel")
    await carol.call("POST", f"/channels/{channel}/join")
    await bob.say(channel, "after @channel")
    await told(push, device)
    await rest(town.dsn)

    assert [one["body"] for one in push.notices(device)] == ["after @channel"]


async def test_who_is_there_is_not_told_until_they_are_gone_without_having_read(
    town: Town, push: Push
) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    here, there, away = push.device("here"), push.device("there"), push.device("away")
    channel = await town.room(bob, carol, dave)
    await subscribe(carol, here)
    await subscribe(await town.again(carol), there)
    await subscribe(dave, away)
    async with carol.listen() as ear:
        await ear.ask("ping")
        await bob.say(channel, "first @channel")
        await told(push, away)
        await carol.post(f"/channels/{channel}/read", {"seq": 99})
        await bob.say(channel, "second @channel")
        await told(push, away, 2)
        while_there = push.notices(here) + push.notices(there)

    assert while_there == []
    for device in (here, there):
        assert [one["body"] for one in await told(push, device)] == ["second @channel"]


async def test_of_what_comes_while_one_is_on_its_way_the_newest_is_told(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)
    push.answer = answers(429, Retry_After="1")
    await bob.say(direct, "one")
    await push.count(1)
    push.answer = answers(201)
    for text in ("two", "three"):
        await bob.say(direct, text)
    await told(push, device, 2)
    await rest(town.dsn)

    assert [one["body"] for one in push.notices(device)] == ["one", "three"]
