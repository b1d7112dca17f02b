"""Messages over REST: posted once, read in order, told whole."""

import asyncio
from typing import Any

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def seqs(person: Person, channel: int, **query: Any) -> list[int]:
    return [m["seq"] for m in (await person.get(f"/channels/{channel}/messages", **query))["items"]]


async def test_a_message_comes_back_as_it_was_said(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    text = "tab\tline\nа́ 👩‍👩‍👧‍👦 \u202eabc \U0010ffff'; drop table messages; --"

    said = await bob.say(channel, text, "c-1", reply_to=None)
    reply = await bob.say(channel, "yes", "c-2", reply_to=2, thread=2)

    assert (said["text"], said["seq"], said["client_id"], said["author_id"]) == (text, 2, "c-1", bob.id)
    assert (said["kind"], said["edited_at"], said["deleted_at"]) == ("text", None, None)
    assert said["created_at"].endswith("Z")
    assert (reply["reply_to"], reply["thread"]) == (2, 2)
    root = said | {"reply_count": 1, "last_reply_seq": 3}
    assert await bob.get(f"/channels/{channel}/messages/2") == root
    assert (await bob.get(f"/channels/{channel}/messages"))["items"] == [root, reply]


@pytest.mark.parametrize("text", ["x", "x" * 8000, "😀" * 8000, "\n", " "])
async def test_a_text_has_1_to_8000_characters(town: Town, text: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)

    assert (await bob.say(channel, text))["text"] == text


@pytest.mark.parametrize("text", ["", "x" * 8001, "a\x00b", "a\x1bb", "a\rb", "\x7f", "\x85"])
async def test_a_text_outside_the_bounds_is_refused_and_takes_no_seq(town: Town, text: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)

    answer = await bob.call("POST", f"/channels/{channel}/messages", {"client_id": "x", "text": text})

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["text"]
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == 1


async def test_a_replay_is_the_first_message_and_other_content_is_a_conflict(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    path, body = f"/channels/{channel}/messages", {"client_id": "c", "text": "hello"}
    for number in range(40):
        await bob.say(channel, f"{number}")
    first = await bob.call("POST", path, {**body, "reply_to": 3})

    again = await bob.call("POST", path, {**body, "reply_to": 3})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    for other in (
        {"text": "other", "reply_to": 3},
        {"text": "hello"},
        {"text": "hello", "reply_to": 4},
        {"text": "hello", "thread": 3},
        {
            "text": "hello",
            "reply_to": 2,
            "thread": 31,
        },  # 2 * 31 + 31 == 3 * 31: once the same to the database
    ):
        assert code(await bob.call("POST", path, {"client_id": "c", **other})) == (409, "conflict")


async def test_a_client_id_belongs_to_its_author_and_channel(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    one, two = await town.room(bob, carol), await town.room(bob)

    said = [
        await bob.say(one, "a", "same"),
        await carol.say(one, "b", "same"),
        await bob.say(two, "c", "same"),
    ]

    assert [message["text"] for message in said] == ["a", "b", "c"]


async def test_thirty_retries_at_once_are_one_message(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    body = {"client_id": "once", "text": "hello"}

    answers = await asyncio.gather(
        *(bob.call("POST", f"/channels/{channel}/messages", body) for _ in range(30))
    )

    assert sorted(answer.status_code for answer in answers) == [*[200] * 29, 201]
    assert len({answer.text for answer in answers}) == 1
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == 2


async def test_a_reply_to_nothing_is_refused_and_takes_no_seq(town: Town) -> None:
    bob = await town.newcomer()
    channel, other = await town.room(bob), await town.room(bob)
    await bob.say(other, "elsewhere")
    root = await bob.say(channel, "root")
    branch = await bob.say(channel, "in the thread", thread=root["seq"])

    for more in (
        {"reply_to": 1},  # a fact, but no message
        {"reply_to": 999},
        {"thread": 2**53 - 1},
        {"thread": branch["seq"]},
        {"attachments": ["no-such-file"]},
    ):
        body = {"client_id": "x", "text": "x", **more}
        answer = await bob.call("POST", f"/channels/{channel}/messages", body)
        assert code(answer) == (404, "not_found")

    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == branch["seq"]


async def test_history_is_ascending_whichever_way_it_is_asked_for(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    for number in range(2, 22):
        await bob.say(channel, f"{number}")

    assert await seqs(bob, channel) == list(range(2, 22))
    assert await seqs(bob, channel, limit=3) == [19, 20, 21]
    assert await seqs(bob, channel, before=10, limit=3) == [7, 8, 9]
    assert await seqs(bob, channel, after=10, limit=3) == [11, 12, 13]
    assert await seqs(bob, channel, after=10, before=13) == [11, 12]
    assert await seqs(bob, channel, around=10, limit=5) == [8, 9, 10, 11, 12]
    assert await seqs(bob, channel, around=10, limit=1) == [10]
    assert await seqs(bob, channel, around=2, limit=4) == [2, 3, 4, 5]
    assert await seqs(bob, channel, after=21) == await seqs(bob, channel, before=0) == []
    assert await seqs(bob, channel, before=2**53 - 1, limit=1) == [21]


@pytest.mark.parametrize(("query", "forward"), [({}, False), ({"before": 20}, False), ({"after": 0}, True)])
async def test_a_cursor_leads_through_all_of_history_once(
    town: Town, query: dict[str, int], forward: bool
) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    for number in range(2, 12):
        await bob.say(channel, f"{number}")
    found: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = await bob.get(f"/channels/{channel}/messages", limit=3, **query, **cursor)
        numbers = [message["seq"] for message in page["items"]]
        found = found + numbers if forward else numbers + found
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert found == list(range(2, 12))


async def test_the_events_are_every_fact_in_order_without_a_gap(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    await bob.say(channel, "hello")
    await bob.call("PATCH", f"/channels/{channel}", {"description": "new"})
    await carol.post(f"/channels/{channel}/leave")

    whole = await bob.get(f"/channels/{channel}/events")
    part = await bob.get(f"/channels/{channel}/events", after=2, limit=2)

    kinds = ["member.joined", "member.joined", "message.posted", "channel.updated", "member.left"]
    assert [(fact["seq"], fact["type"]) for fact in whole["events"]] == list(enumerate(kinds, 1))
    assert part["events"] == whole["events"][2:4]
    assert (whole["head_seq"], part["head_seq"], whole["epoch"]) == (5, 5, part["epoch"])
    assert {fact["channel_id"] for fact in whole["events"]} == {channel}
