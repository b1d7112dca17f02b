"""What is unread and who was mentioned, in channels and threads, on every device, after every change."""

from typing import Any

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def counts(person: Person, channel: int) -> tuple[int, int]:
    membership = (await person.get(f"/channels/{channel}"))["membership"]
    listed = {one["id"]: one["membership"] for one in (await person.get("/channels"))["items"]}
    assert listed[channel] == membership
    return membership["unread"], membership["mentions"]


async def threads(person: Person, **query: Any) -> list[tuple[int, int, int, int]]:
    """(thread, last_read_seq, unread, mentions) of each that the person follows."""
    found = (await person.get("/threads", **query))["items"]
    return [(one["thread"], one["last_read_seq"], one["unread"], one["mentions"]) for one in found]


async def test_a_mention_names_members_alone_and_is_counted(town: Town) -> None:
    bob, carol, mallory = [await town.newcomer(name) for name in ("bob", "carol", "mallory")]
    channel = await town.room(bob, carol)

    said = await bob.say(channel, f"@{carol.name.upper()}, @{mallory.name} and @nobody: `@{bob.name}`")
    plain = await bob.say(channel, "nothing")

    assert said["mentions"] == [carol.id]
    assert "mentions" not in plain
    assert await bob.get(f"/channels/{channel}/messages/{said['seq']}") == said
    assert await counts(carol, channel) == (2, 1)
    assert await counts(bob, channel) == (0, 0)


async def test_channel_reaches_every_member_and_here_those_who_are_online(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    async with carol.listen():
        everybody = await bob.say(channel, "@channel look")
        present = await bob.say(channel, "@here look")

    assert (everybody["broadcast"], present["broadcast"]) == ("channel", "here")
    assert "mentions" not in everybody
    assert present["mentions"] == [carol.id]
    assert await counts(carol, channel) == (2, 2)
    assert await counts(dave, channel) == (2, 1)


async def test_an_edit_mentions_anew_and_a_deletion_nobody(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    seq = (await bob.say(channel, "hello"))["seq"]
    path = f"/channels/{channel}/messages/{seq}"

    edited = (await bob.call("PATCH", path, {"text": f"hello @{carol.name}"})).json()
    assert edited["mentions"] == [carol.id]
    assert await counts(carol, channel) == (1, 1)

    assert "mentions" not in (await bob.call("PATCH", path, {"text": "hello"})).json()
    assert await counts(carol, channel) == (1, 0)

    await bob.call("PATCH", path, {"text": f"hello @{carol.name}"})
    await bob.call("DELETE", path)
    assert await counts(carol, channel) == (0, 0)


async def test_reading_is_told_to_ones_other_sockets_and_may_go_back(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    first = (await bob.say(channel, "one"))["seq"]
    last = (await bob.say(channel, f"two @{carol.name}"))["seq"]
    async with carol.listen() as phone, (await town.again(carol)).listen() as desk, bob.listen() as other:
        await phone.ask("channel.read", channel_id=channel, seq=last)
        read = await desk.next("channel.read")
        await phone.ask("channel.read", channel_id=channel, seq=last)  # nothing new: nobody is told
        await carol.post(f"/channels/{channel}/read", {"seq": first})
        back = await desk.next("channel.read")
        await other.ask("ping")

    place = {"type": "channel.read", "user_id": carol.id, "channel_id": channel, "head_seq": last}
    assert read == {**place, "last_read_seq": last, "unread": 0, "mentions": 0}
    assert back == {**place, "last_read_seq": first, "unread": 1, "mentions": 1}
    assert [frame for frame in other.kept if frame["type"] == "channel.read"] == []
    assert await counts(carol, channel) == (1, 1)


async def test_a_thread_has_followers_and_unread_of_its_own(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    root = (await bob.say(channel, "root"))["seq"]
    await carol.post(f"/channels/{channel}/read", {"seq": root})

    one = await carol.say(channel, "one", thread=root)
    two = await carol.say(channel, f"two @{dave.name}", thread=root)

    assert await threads(bob) == [(root, root, 2, 0)]
    assert await threads(carol) == [(root, one["seq"], 0, 0)]
    assert await threads(dave) == [(root, two["seq"] - 1, 1, 1)]
    assert await counts(dave, channel) == (1, 0)  # replies count in their thread alone
    found = await bob.get(f"/channels/{channel}/threads/{root}")
    assert [message["seq"] for message in found["items"]] == [root, one["seq"], two["seq"]]
    assert (found["items"][0]["reply_count"], found["items"][0]["last_reply_seq"]) == (2, two["seq"])


async def test_one_thread_is_asked_for_alone_and_only_by_who_follows_it(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel, other = await town.room(bob, carol), await town.room(bob, carol)
    first = (await bob.say(channel, "first"))["seq"]
    second = (await bob.say(channel, "second"))["seq"]
    await bob.say(other, "in the other channel")
    for thread in (first, second):
        await carol.say(channel, "reply", thread=thread)
    await carol.say(other, "reply", thread=first)

    assert await threads(bob, channel_id=channel, thread=first) == [(first, first, 1, 0)]
    assert [one[0] for one in await threads(bob, channel_id=channel)] == [second, first]
    mallory = await town.newcomer("mallory")
    assert await threads(mallory, channel_id=channel, thread=first) == []
    assert await threads(bob, channel_id=channel, thread=2**40) == []


async def test_a_reply_that_goes_to_the_channel_too_counts_in_both(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    root = (await carol.say(channel, "root"))["seq"]

    said = await bob.say(channel, f"@{carol.name}", thread=root, to_channel=True)

    assert said["to_channel"] is True
    assert await counts(carol, channel) == (1, 1)
    assert await threads(carol) == [(root, root, 1, 1)]
    body = {"client_id": "c", "text": "x", "to_channel": True}
    assert code(await bob.call("POST", f"/channels/{channel}/messages", body)) == (422, "invalid")


async def test_reading_a_thread_is_told_and_leaves_the_channel_as_it_is(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    root = (await carol.say(channel, "root"))["seq"]
    reply = (await bob.say(channel, "reply", thread=root))["seq"]
    await bob.say(channel, "in the channel")
    async with carol.listen() as ear:
        await ear.ask("channel.read", channel_id=channel, thread=root, seq=reply)
        told = await ear.next("channel.read")
        missing = await ear.ask("channel.read", channel_id=channel, thread=999, seq=1)

    assert (told["thread"], told["last_read_seq"], told["unread"]) == (root, reply, 0)
    assert missing["code"] == "not_found"
    assert await threads(carol) == [(root, reply, 0, 0)]
    assert await threads(carol, unread=True) == []
    assert await counts(carol, channel) == (1, 0)


async def test_who_unfollows_a_thread_is_brought_back_by_a_mention_alone(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    root = (await carol.say(channel, "root"))["seq"]
    await bob.say(channel, "one", thread=root)
    assert (await carol.call("DELETE", f"/channels/{channel}/threads/{root}/follow")).status_code == 204

    await bob.say(channel, "two", thread=root)
    assert await threads(carol) == []
    await bob.say(channel, f"@{carol.name}", thread=root)
    assert [thread[0] for thread in await threads(carol)] == [root]


async def test_who_left_the_channel_has_none_of_its_threads(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    root = (await carol.say(channel, "root"))["seq"]
    await bob.say(channel, "secret", thread=root)
    await carol.post(f"/channels/{channel}/leave")

    assert await threads(carol) == []
    assert code(await carol.call("GET", f"/channels/{channel}/threads/{root}")) == (403, "forbidden")
    assert "mentions" not in await bob.say(channel, f"@{carol.name}", thread=root)


async def test_a_thread_begins_at_a_message_that_is_there(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    root = (await bob.say(channel, "root"))["seq"]
    reply = (await bob.say(channel, "reply", thread=root))["seq"]
    await bob.call("DELETE", f"/channels/{channel}/messages/{root}")

    for thread in (1, reply, 999):
        assert code(await bob.call("GET", f"/channels/{channel}/threads/{thread}")) == (404, "not_found")
        assert code(await bob.call("PUT", f"/channels/{channel}/threads/{thread}/follow")) == (
            404,
            "not_found",
        )
    body = {"client_id": "late", "text": "x", "thread": root}
    assert code(await bob.call("POST", f"/channels/{channel}/messages", body)) == (404, "not_found")
    assert len((await bob.get(f"/channels/{channel}/threads/{root}"))["items"]) == 2


async def test_levels_and_quiet_hours_are_kept_and_told_to_oneself(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with bob.listen() as ear:
        await bob.call("PATCH", f"/channels/{channel}/membership", {"notifications": "all"})
        told = await ear.next("membership.updated")
    hours = {"start": "22:00", "end": "07:30", "timezone": "Europe/Berlin"}
    kept = await bob.call("PUT", "/users/me/preferences", {"do_not_disturb": hours})
    wrong = await bob.call(
        "PUT", "/users/me/preferences", {"do_not_disturb": hours | {"timezone": "Mars/Olympus"}}
    )

    assert (told["channel_id"], told["notifications"]) == (channel, "all")
    assert (await bob.get(f"/channels/{channel}"))["membership"]["notifications"] == "all"
    assert kept.json() == await bob.get("/users/me/preferences") == {"do_not_disturb": hours}
    assert code(wrong) == (422, "invalid")
    await bob.call("PATCH", f"/channels/{channel}/membership", {"notifications": None})
    assert "notifications" not in (await bob.get(f"/channels/{channel}"))["membership"]
