"""Search: every way to ask, only what one may read, as fresh as the log, and in pages."""

from typing import Any

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def found(person: Person, q: str = "", **query: Any) -> list[str]:
    return [hit["message"]["text"] for hit in (await person.get("/search", q=q, **query))["items"]]


async def test_words_phrases_and_beginnings_are_found_the_newest_first(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    texts = ["the quick brown fox", "the brown quick fox", "Foxes are quick", "Füchse, quick!"]
    for text in texts:
        await bob.say(channel, text)

    assert await found(bob, "quick") == texts[::-1]
    assert await found(bob, '"quick brown"') == texts[:1]
    assert await found(bob, "QUICK fox") == [texts[2], texts[1], texts[0]]
    assert await found(bob, "fox quick") == [texts[1], texts[0]]  # only the last word may go on
    assert await found(bob, "füch") == texts[3:]
    assert await found(bob, "nothing") == []


async def test_a_search_finds_what_was_said_just_now_and_not_what_was_taken_back(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    for number in range(20):
        seq = (await bob.say(channel, f"zebra {number}"))["seq"]
        path = f"/channels/{channel}/messages/{seq}"
        assert await found(bob, f"zebra {number}") == [f"zebra {number}"]

        await bob.call("PATCH", path, {"text": f"giraffe {number}"})
        assert await found(bob, "zebra") == []
        assert await found(bob, f"giraffe {number}") == [f"giraffe {number}"]

        await bob.call("DELETE", path)
        assert await found(bob, "giraffe") == []


async def test_a_message_that_was_edited_before_it_was_indexed_is_found_as_it_is(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    seq = (await bob.say(channel, "walrus"))["seq"]
    await bob.call("PATCH", f"/channels/{channel}/messages/{seq}", {"text": "narwhal"})

    assert await found(bob, "walrus") == []
    assert await found(bob, "narwhal") == ["narwhal"]


async def test_nobody_finds_what_they_may_not_read(town: Town) -> None:
    bob, carol, mallory = [await town.newcomer(name) for name in ("bob", "carol", "mallory")]
    public, private = await town.room(bob, carol), await town.room(bob, carol, visibility="private")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    for channel in (public, private, direct):
        await bob.say(channel, "pangolin")
    name = (await bob.get(f"/channels/{private}"))["name"].replace(" ", "")

    assert len(await found(carol, "pangolin")) == 3
    for query in ({}, {"channel_id": public}, {"channel_id": private}, {"from": bob.name}, {"cursor": "1_1"}):
        assert await found(mallory, "pangolin", **query) == []
    assert await found(mallory, f"in:{name} pangolin") == await found(mallory, "in:never pangolin") == []
    await carol.post(f"/channels/{private}/leave")
    assert len(await found(carol, "pangolin")) == 2


async def test_filters_narrow_by_author_channel_time_and_kind(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    one = await bob.channel(f"lemurs-{bob.id}")
    two = await town.room(bob)
    await bob.call("PUT", f"/channels/{one}/members/{carol.id}")
    await bob.say(one, "lemur of bob")
    await carol.say(one, "lemur of carol https://example.org/x")
    await bob.say(two, "lemur elsewhere")

    assert await found(bob, f"lemur from:{carol.name}") == ["lemur of carol https://example.org/x"]
    assert await found(bob, f"from:@{carol.name.upper()}") == ["lemur of carol https://example.org/x"]
    assert await found(bob, "lemur from:me") == ["lemur elsewhere", "lemur of bob"]
    assert await found(bob, "lemur", **{"from": str(carol.id)}) == await found(
        bob, f"from:{carol.name} lemur"
    )
    assert await found(bob, f"in:#lemurs-{bob.id} lemur from:me") == ["lemur of bob"]
    assert await found(bob, "lemur", channel_id=two) == ["lemur elsewhere"]
    assert await found(bob, "lemur has:link") == await found(bob, "lemur", has="link")
    assert await found(bob, "lemur has:link") == ["lemur of carol https://example.org/x"]
    assert await found(bob, "lemur has:file") == []
    assert await found(bob, "lemur before:2020-01-01") == await found(bob, "lemur after:2090-01-01") == []
    assert len(await found(bob, "lemur after:2020-01-01 before:2090-01-01")) == 3
    assert await found(bob, "lemur from:nobody-of-this-name") == []


async def test_pages_hold_each_hit_once(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    for number in range(25):
        await bob.say(channel, f"okapi {number}")
    pages: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await bob.get("/search", q="okapi", limit=7, **cursor)
        pages += [hit["message"]["text"] for hit in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert pages == [f"okapi {number}" for number in reversed(range(25))]


async def test_a_highlight_marks_what_matched_and_a_text_cannot_forge_it(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    await bob.say(channel, "a tapir\ue001 \ue000here <b>tapir</b>")

    answer = await bob.get("/search", q="tapir")
    (hit,) = answer["items"]

    assert answer["complete"]
    assert hit["channel_id"] == channel
    assert hit["highlight"].count("\ue000tapir\ue001") == 2
    assert hit["highlight"].count("\ue000") == hit["highlight"].count("\ue001") == 2


SIGNS = [
    "'",
    "\\",
    "a' | 'b",
    "a:*",
    "!a",
    "a & | b",
    "()",
    "' or 1=1 --",
    ":*",
    "\\'",
    "'''",
    '"',
    '""',
    '" "',
]
SIGNS += ["a\\", "<->", "in:", "%"]


@pytest.mark.parametrize("q", SIGNS)
async def test_signs_of_the_query_language_are_only_text(town: Town, q: str) -> None:
    bob = await town.newcomer()
    await bob.say(await town.room(bob), "something else entirely")

    answer = await bob.call("GET", "/search", params={"q": q})

    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        assert answer.json()["items"] == []


@pytest.mark.parametrize("q", ["", "   ", "has:x", "before:yesterday"])
async def test_a_search_for_nothing_or_in_wrong_words_is_refused(town: Town, q: str) -> None:
    assert code(await town.admin.call("GET", "/search", params={"q": q})) == (422, "invalid")
