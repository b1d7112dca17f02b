"""Outgoing webhooks: told at least once, in order, signed, and by one instance at a time."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web

from models.ids import HOOK_USER
from services.hook_deliveries import TRIES
from tests.databases import NewDatabase
from tests.handlers.hooking import facts, new_hook, until
from tests.handlers.town import Town, code, open_town
from tests.house import open_house
from tests.target import Target, no, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN: dict[str, Any] = {
    "rate_limits": False,
    "outbound_networks": ("127.0.0.0/8",),
    "hook_retry_seconds": 0.01,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One whose webhooks may call this machine."""
    async with (
        new_database() as dsn,
        open_town(dsn, tmp_path_factory.mktemp("town"), **OPEN) as opened,
    ):
        yield opened


async def test_what_is_posted_is_told_in_order_and_signed(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        hook = await new_hook(bob, channel, target.url)
        for number in range(10):
            await bob.say(channel, f"{number}")
        await target.count(10)

    events = (await bob.get(f"/channels/{channel}/events"))["events"]
    assert facts(target) == [fact for fact in events if fact["type"] == "message.posted"]
    for headers, body in target.heard:
        stamp = headers["Chalkline-Timestamp"]
        said = f"v1:{stamp}:".encode() + body
        expected = hmac.new(hook["secret"].encode(), said, hashlib.sha256).hexdigest()
        assert headers["Chalkline-Signature"] == f"v1={expected}"
        assert abs(int(stamp) - time.time()) < 60
        assert headers["Content-Type"] == "application/json"
    assert len({headers["Chalkline-Delivery"] for headers, _ in target.heard}) == 10
    told = await until(bob, channel, waiting=0)
    assert (told["secret"], told["attempts"], told["last_error"]) == (None, 0, None)


async def test_only_the_events_and_words_that_were_chosen_are_told(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        events = ["message.posted", "reaction.added", "message.deleted"]
        await new_hook(bob, channel, target.url, events=events, triggers=["Build:", "!deploy"])
        for text in ("building", "build: now", "x build: x", "!deploy"):
            await bob.say(channel, text)
        said = await bob.say(channel, "!deployed")
        await until(bob, channel, waiting=0)  # a fact is told as its message is by then
        await bob.call("PUT", f"/channels/{channel}/messages/{said['seq']}/reactions/👍")
        await bob.call("PATCH", f"/channels/{channel}/messages/{said['seq']}", {"text": "build: edited"})
        await bob.call("DELETE", f"/channels/{channel}/messages/{said['seq']}")
        await target.count(4)
        await until(bob, channel, waiting=0)

    told = facts(target)
    assert [fact["message"]["text"] for fact in told[:2]] == ["build: now", "!deploy"]
    assert [fact["type"] for fact in told[2:]] == ["reaction.added", "message.deleted"]


async def test_an_answer_is_posted_once_as_a_reply_and_told_to_no_hook(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = says({"text": "pong @channel", "other": 1})
        hook = await new_hook(bob, channel, target.url)
        async with bob.listen(f"/ws/channels/{channel}") as ear:
            said = await bob.say(channel, "ping")
            await ear.next("message.posted")
            reply = (await ear.next("message.posted"))["message"]
        await until(bob, channel, waiting=0)

    assert len(target.heard) == 1
    assert (reply["text"], reply["reply_to"], reply["author_id"]) == ("pong @channel", said["seq"], HOOK_USER)
    assert reply["via"] == {"kind": "outgoing", "id": hook["id"], "name": "watcher"}
    assert "broadcast" not in reply


@pytest.mark.parametrize(
    "answer",
    [
        says({"text": "x" * 8001}),
        says({"text": {"$ne": 1}}),
        says({"text": "\0"}),
        says(["x"]),
        says({"text": "x", "pad": "x" * 70_000}),
        says({"text": ""}),
        says({"text": "x"}, content_type="text/html"),
    ],
)
async def test_an_answer_that_is_no_reply_posts_nothing(town: Town, answer: Any) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = answer
        await new_hook(bob, channel, target.url)
        said = await bob.say(channel, "ping")
        await until(bob, channel, waiting=0)

    assert len(target.heard) == 1
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == said["seq"]


async def test_a_target_that_fails_is_tried_again_and_what_it_never_takes_can_be_sent_later(
    town: Town,
) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = no
        hook = await new_hook(bob, channel, target.url)
        said = await bob.say(channel, "one")
        await target.count(TRIES)
        failing = await until(bob, channel, waiting=0)
        dead = f"/channels/{channel}/hooks/outgoing/{hook['id']}/dead"
        (letter,) = (await bob.get(dead))["items"]
        again = await bob.call("POST", f"{dead}/{said['seq']}/redeliver")
        target.answer = says({})
        taken = await bob.call("POST", f"{dead}/{said['seq']}/redeliver")

    assert (failing["last_error"], failing["disabled"]) == ("It answered with 500.", False)
    assert letter.keys() == {"seq", "attempts", "error", "died_at"}
    assert (letter["seq"], letter["attempts"], letter["error"]) == (
        said["seq"],
        TRIES,
        "It answered with 500.",
    )
    assert code(again) == (502, "target_failed")
    assert taken.status_code == 204
    assert code(await bob.call("POST", f"{dead}/{said['seq']}/redeliver")) == (404, "not_found")
    assert (await bob.get(dead))["items"] == []
    assert len(target.heard) == TRIES + 2
    assert len({headers["Chalkline-Delivery"] for headers, _ in target.heard}) == 1


async def test_a_dead_letter_that_nobody_wants_is_discarded(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = no
        hook = await new_hook(bob, channel, target.url)
        said = await bob.say(channel, "one")
        await target.count(TRIES)
        await until(bob, channel, waiting=0)
        dead = f"/channels/{channel}/hooks/outgoing/{hook['id']}/dead"
        answer = await bob.call("DELETE", f"{dead}/{said['seq']}")

    assert answer.status_code == 204
    assert (await bob.get(dead))["items"] == []
    assert code(await bob.call("DELETE", f"{dead}/{said['seq']}")) == (404, "not_found")
    assert len(target.heard) == TRIES


async def test_a_target_that_is_well_again_gets_what_it_missed(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = no
        await new_hook(bob, channel, target.url)
        for text in ("one", "two"):
            await bob.say(channel, text)
        await target.count(2)
        target.answer, heard = says({}), len(target.heard)
        well = await until(bob, channel, waiting=0)

    assert (well["failing_since"], well["last_error"], well["attempts"]) == (None, None, 0)
    assert [fact["message"]["text"] for fact in facts(target)[heard:]] == ["one", "two"]


async def test_a_hook_that_fails_for_a_day_is_disabled_until_somebody_starts_it(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        target.answer = no
        hook = await new_hook(bob, channel, target.url)
        connection = await asyncpg.connect(town.dsn)
        await connection.execute(
            "update outgoing_hooks set failing_since = now() - interval '25 hours' where id = $1", hook["id"]
        )
        await connection.close()
        await bob.say(channel, "one")
        await target.count(1)
        await until(bob, channel, disabled=True)
        await bob.say(channel, "two")
        target.answer = says({})
        path = f"/channels/{channel}/hooks/outgoing/{hook['id']}"
        heard = len(target.heard)
        await bob.call("PATCH", path, {"disabled": False})
        await target.count(heard + 2)

    assert heard == 1
    assert [fact["message"]["text"] for fact in facts(target)[1:]] == ["one", "two"]


async def test_nothing_is_lost_when_an_instance_stops_and_two_tell_each_fact_once(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    async with Target() as target, new_database() as dsn:
        target.answer = no
        async with open_house(dsn, tmp_path, **OPEN) as house:
            alice = await house.register("alice")
            channel = await alice.channel()
            await new_hook(alice, channel, target.url)
            for number in range(3):
                await alice.say(channel, f"{number}")
            await target.count(1)
        target.answer, before = says({}), len(target.heard)
        async with open_house(dsn, tmp_path, **OPEN) as here, open_house(dsn, tmp_path, **OPEN) as there:
            alice = here.person(alice.session)
            for house in (here, there):
                who = house.person(alice.session)
                for number in range(3, 13):
                    await who.say(channel, f"{number}", f"{house.url[-4:]}-{number}")
            await target.count(before + 23, 15)
            await until(alice, channel, waiting=0)

    told = [fact["seq"] for fact in facts(target)[before:]]
    assert told == sorted(set(told))
    assert len(told) == 23
    assert {fact["message"]["text"] for fact in facts(target)[:before]} == {"0"}


async def test_a_redirect_is_a_failure(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as inner, Target() as target:

        async def elsewhere(_: web.Request) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": inner.url})

        target.answer = elsewhere
        await new_hook(bob, channel, target.url)
        await bob.say(channel, "one")
        await target.count(2)

    assert inner.heard == []
