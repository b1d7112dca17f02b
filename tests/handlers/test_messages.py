"""What happens to a message after it was posted: edits, tombstones, reactions and pins, live and from the log."""

from typing import Any

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def facts(person: Person, channel: int, after: int = 0) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await person.get(f"/channels/{channel}/events", after=after))["events"]
    return events


async def test_an_edit_is_told_to_all_and_the_text_before_is_for_moderators_alone(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await carol.say(channel, "a secret")
    path = f"/channels/{channel}/messages/{said['seq']}"

    async with bob.listen(f"/ws/channels/{channel}") as ear:
        edited = (await carol.call("PATCH", path, {"text": "nothing"})).json()
        fact = await ear.next("message.edited")

    assert edited["text"] == "nothing"
    assert edited["edited_at"] is not None
    assert edited | {"text": "a secret", "edited_at": None} == said
    assert fact == {"type": "message.edited", "channel_id": channel, "seq": 4, "message": edited}
    assert await facts(bob, channel, 3) == [fact]
    assert "a secret" not in str(await facts(bob, channel))
    assert code(await carol.call("GET", f"{path}/versions")) == (403, "forbidden")
    (version,) = (await bob.get(f"{path}/versions"))["items"]
    assert (version["number"], version["text"], version["replaced_by"]) == (1, "a secret", carol.id)


async def test_a_deleted_message_is_a_tombstone_wherever_it_is_read(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await carol.say(channel, f"a secret, @{bob.name}")
    path = f"/channels/{channel}/messages/{said['seq']}"
    await bob.call("PUT", f"{path}/reactions/👍")
    await bob.call("PUT", f"{path}/pin")
    await carol.call("PATCH", path, {"text": "another secret"})

    async with carol.listen(f"/ws/channels/{channel}") as ear:
        assert (await bob.call("DELETE", path)).status_code == 204
        fact = await ear.next("message.deleted")

    assert (fact["message_seq"], fact["by"]) == (said["seq"], bob.id)
    tombstone = await bob.get(path)
    assert tombstone["deleted_at"] == fact["deleted_at"]
    assert (tombstone["text"], tombstone["reactions"]) == ("", [])
    assert tombstone.keys() == {name for name in said if name != "mentions"}
    assert (await bob.get(f"/channels/{channel}/pins"))["items"] == []
    assert "secret" not in str(await facts(bob, channel))
    assert [version["text"] for version in (await bob.get(f"{path}/versions"))["items"]] == [
        said["text"],
        "another secret",
    ]


async def test_nothing_more_happens_to_a_tombstone(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    seq = (await bob.say(channel, "x"))["seq"]
    path = f"/channels/{channel}/messages/{seq}"
    assert (await bob.call("DELETE", path)).status_code == 204
    before = await facts(bob, channel)

    assert (await bob.call("DELETE", path)).status_code == 204
    for method, more, body in (
        ("PATCH", "", {"text": "y"}),
        ("PUT", "/reactions/👍", None),
        ("DELETE", "/reactions/👍", None),
        ("PUT", "/pin", None),
        ("DELETE", "/pin", None),
    ):
        assert code(await bob.call(method, path + more, body)) == (404, "not_found")

    assert await facts(bob, channel) == before


async def test_a_moderator_deletes_what_others_said_and_nobody_edits_it(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    await bob.call("PUT", f"/channels/{channel}/members/{carol.id}", {"role": "moderator"})
    seq = (await bob.say(channel, "x"))["seq"]
    path = f"/channels/{channel}/messages/{seq}"

    for person in (carol, dave):
        assert code(await person.call("PATCH", path, {"text": "y"})) == (403, "forbidden")
    assert code(await dave.call("DELETE", path)) == (403, "forbidden")
    assert (await carol.call("DELETE", path)).status_code == 204


async def test_in_a_direct_channel_nobody_deletes_what_others_said(town: Town) -> None:
    bob = await town.newcomer()
    channel = (await town.admin.post("/direct", {"user_ids": [bob.id]}))["id"]
    seq = (await bob.say(channel, "x"))["seq"]

    assert code(await town.admin.call("DELETE", f"/channels/{channel}/messages/{seq}")) == (403, "forbidden")


async def test_who_was_removed_changes_nothing_more(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    seq = (await carol.say(channel, "x"))["seq"]
    await bob.call("DELETE", f"/channels/{channel}/members/{carol.id}")

    answer = await carol.call("PATCH", f"/channels/{channel}/messages/{seq}", {"text": "y"})

    assert code(answer) == (403, "forbidden")


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤️", "❤", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
async def test_any_emoji_sequence_is_a_reaction_and_comes_back_as_it_was_sent(town: Town, emoji: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    seq = (await bob.say(channel, "x"))["seq"]
    path = f"/channels/{channel}/messages/{seq}"

    assert (await bob.call("PUT", f"{path}/reactions/{emoji}")).status_code == 204

    assert (await bob.get(path))["reactions"] == [{"emoji": emoji, "count": 1, "user_ids": [bob.id]}]


@pytest.mark.parametrize("text", ["a", "👍👍", ":+1:", "%20", "👍a", "%00", "<b>", "x" * 32])
async def test_what_is_no_emoji_is_refused(town: Town, text: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    seq = (await bob.say(channel, "x"))["seq"]

    answer = await bob.call("PUT", f"/channels/{channel}/messages/{seq}/reactions/{text}")

    assert code(answer) == (422, "invalid")


async def test_a_reaction_counts_once_a_user_and_emoji_and_repeats_tell_nobody(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    seq = (await bob.say(channel, "x"))["seq"]
    async with carol.listen(f"/ws/channels/{channel}") as ear:
        first = await ear.ask("reaction.add", seq=seq, emoji="👍")
        again = await ear.ask("reaction.add", seq=seq, emoji="👍")
        await bob.call("PUT", f"/channels/{channel}/messages/{seq}/reactions/👍")
        await ear.ask("reaction.add", seq=seq, emoji="🎉")
        gone = await ear.ask("reaction.remove", seq=seq, emoji="👍")
        gone_again = await ear.ask("reaction.remove", seq=seq, emoji="👍")
        bad = await ear.ask("reaction.add", seq=seq, emoji="no")

    assert first["seq"] == again["seq"] == 4
    assert gone["seq"] == gone_again["seq"] == 7
    assert (bad["type"], bad["code"]) == ("error", "invalid")
    assert [
        (fact["type"], fact["user_id"], fact["emoji"], fact["message_seq"])
        for fact in await facts(bob, channel, seq)
    ] == [
        ("reaction.added", carol.id, "👍", seq),
        ("reaction.added", bob.id, "👍", seq),
        ("reaction.added", carol.id, "🎉", seq),
        ("reaction.removed", carol.id, "👍", seq),
    ]
    assert (await bob.get(f"/channels/{channel}/messages/{seq}"))["reactions"] == [
        {"emoji": "👍", "count": 1, "user_ids": [bob.id]},
        {"emoji": "🎉", "count": 1, "user_ids": [carol.id]},
    ]


async def test_a_message_carries_twenty_kinds_of_reaction(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    seq = (await bob.say(channel, "x"))["seq"]
    path = f"/channels/{channel}/messages/{seq}/reactions"
    kinds = [chr(0x1F600 + number) for number in range(21)]
    for emoji in kinds[:20]:
        assert (await bob.call("PUT", f"{path}/{emoji}")).status_code == 204

    assert code(await bob.call("PUT", f"{path}/{kinds[20]}")) == (409, "conflict")
    assert (await carol.call("PUT", f"{path}/{kinds[0]}")).status_code == 204
    await bob.call("DELETE", f"{path}/{kinds[1]}")
    assert (await bob.call("PUT", f"{path}/{kinds[20]}")).status_code == 204


async def test_pins_are_facts_and_listed_the_newest_first(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    one, two = [(await bob.say(channel, text))["seq"] for text in ("one", "two")]
    async with bob.listen(f"/ws/channels/{channel}") as ear:
        for seq in (two, one, two):
            await carol.call("PUT", f"/channels/{channel}/messages/{seq}/pin")
        pins = (await bob.get(f"/channels/{channel}/pins"))["items"]
        unpinned = await ear.ask("message.unpin", seq=one)
        told = [await ear.next("message.pinned") for _ in range(2)]

    assert [(pin["seq"], pin["pinned_by"]) for pin in pins] == [(one, carol.id), (two, carol.id)]
    assert [(fact["message_seq"], fact["user_id"]) for fact in told] == [(two, carol.id), (one, carol.id)]
    assert pins[0]["pinned_at"] == told[1]["pinned_at"]
    assert unpinned["seq"] == told[1]["seq"] + 1
    assert [pin["seq"] for pin in (await bob.get(f"/channels/{channel}/pins"))["items"]] == [two]
    assert len([fact for fact in await facts(bob, channel) if fact["type"] == "message.pinned"]) == 2


async def test_a_replay_of_an_edited_post_is_the_message_as_it_is(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    said = await bob.say(channel, "first", "c")
    await bob.call("PATCH", f"/channels/{channel}/messages/{said['seq']}", {"text": "second"})

    again = await bob.call("POST", f"/channels/{channel}/messages", {"client_id": "c", "text": "first"})
    other = await bob.call("POST", f"/channels/{channel}/messages", {"client_id": "c", "text": "second"})

    assert (again.status_code, again.json()["text"]) == (200, "second")
    assert code(other) == (409, "conflict")


async def test_an_edit_to_the_same_text_is_no_edit(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    said = await bob.say(channel, "same")
    path = f"/channels/{channel}/messages/{said['seq']}"

    assert (await bob.call("PATCH", path, {"text": "same"})).json() == said
    assert (await bob.get(f"{path}/versions"))["items"] == []
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == said["seq"]
