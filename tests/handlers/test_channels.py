"""Channels: made, found, changed, deleted; and what of them is told to whom."""

import asyncio

import pytest

from tests.handlers.town import Town, code

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_makes_a_channel_owns_it(town: Town) -> None:
    bob = await town.newcomer()

    made = await bob.post("/channels", {"name": "Bob's place", "description": "two\nlines"})

    assert made["membership"] == {"role": "owner", "last_read_seq": 0, "unread": 0, "mentions": 0}
    assert (made["creator_id"], made["member_count"], made["head_seq"], made["kind"]) == (
        bob.id, 1, 1, "channel",
    )  # fmt: skip
    assert (made["visibility"], made["has_password"], made["description"]) == ("public", False, "two\nlines")
    assert await bob.get(f"/channels/{made['id']}") == made


@pytest.mark.parametrize(
    "name", ["", " a", "a ", "\u00a0", "a\nb", "a\n", "a\u200b", "a\u202eb", "a\ufeff", "x" * 81]
)
async def test_a_name_that_could_pass_for_another_is_refused(town: Town, name: str) -> None:
    before = await town.rows()

    answer = await town.admin.call("POST", "/channels", {"name": name})

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["name"]
    assert await town.rows() == before


async def test_a_name_is_taken_until_its_channel_is_deleted(town: Town) -> None:
    channel = await town.admin.channel("Ⅳ Straße")

    assert code(await town.admin.call("POST", "/channels", {"name": "IV STRASSE"})) == (409, "conflict")
    other = await town.room(town.admin)
    renamed = await town.admin.call("PATCH", f"/channels/{other}", {"name": "iv strasse"})
    assert code(renamed) == (409, "conflict")

    assert (await town.admin.call("DELETE", f"/channels/{channel}")).status_code == 204
    assert (await town.admin.call("PATCH", f"/channels/{other}", {"name": "iv strasse"})).status_code == 200


async def test_one_name_asked_for_by_many_at_once_is_one_channel(town: Town) -> None:
    answers = await asyncio.gather(
        *(town.admin.call("POST", "/channels", {"name": "contested"}) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]


async def test_a_change_tells_the_members_and_keeps_what_it_does_not_name(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol, description="before", password="open sesame")
    async with carol.listen(f"/ws/channels/{channel}") as ear:
        changed = (await bob.call("PATCH", f"/channels/{channel}", {"description": "after"})).json()

        fact = await ear.next("channel.updated")
    assert fact["channel"] == {**changed, "membership": None}
    assert changed == await bob.get(f"/channels/{channel}")
    assert changed["head_seq"] == fact["seq"]
    assert (changed["description"], changed["has_password"]) == ("after", True)
    assert (await bob.call("PATCH", f"/channels/{channel}", {"password": None})).json()[
        "has_password"
    ] is False


async def test_no_answer_and_no_fact_tells_a_password_or_its_hash(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob, password="open sesame")
    await bob.call("PATCH", f"/channels/{channel}", {"password": "new sesame"})

    events = await bob.call("GET", f"/channels/{channel}/events")
    answers = [events, await bob.call("GET", f"/channels/{channel}"), await bob.call("GET", "/channels")]

    for answer in answers:
        assert answer.status_code == 200
        assert "sesame" not in answer.text
        assert "argon2" not in answer.text


async def test_a_deleted_channel_is_gone_for_everyone_and_its_sockets_close(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    await bob.say(channel, "hello")
    async with carol.listen(f"/ws/channels/{channel}") as ear:
        assert (await bob.call("DELETE", f"/channels/{channel}")).status_code == 204
        assert await ear.closed() == 4502

    for person in (bob, carol, town.admin):
        for path in ("", "/messages", "/messages/3", "/members", "/events"):
            assert code(await person.call("GET", f"/channels/{channel}{path}")) == (404, "not_found")
        said = await person.call("POST", f"/channels/{channel}/messages", {"client_id": "x", "text": "x"})
        assert code(said) == (404, "not_found")
    assert channel not in [c["id"] for c in (await carol.get("/channels", scope="all", limit=200))["items"]]


async def test_the_lists_hold_what_one_may_see_and_no_private_channel_of_others(town: Town) -> None:
    bob, mallory = await town.newcomer(), await town.newcomer("mallory")
    public = await town.room(bob)
    private = await town.room(bob, visibility="private")

    async def listed(scope: str) -> set[int]:
        ids: set[int] = set()
        cursor: dict[str, str] = {}
        while True:
            page = await mallory.get("/channels", scope=scope, limit=3, **cursor)
            ids |= {channel["id"] for channel in page["items"]}
            if page["next_cursor"] is None:
                return ids
            cursor = {"cursor": page["next_cursor"]}

    assert await listed("joined") == set()
    everything = await listed("all")
    assert public in everything
    assert private not in everything
    assert (await mallory.get("/channels", scope="all", q="%"))["items"] == []


async def test_a_direct_channel_is_the_same_one_for_the_same_people(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]

    opened = await asyncio.gather(
        *(bob.post("/direct", {"user_ids": [carol.id, dave.id]}) for _ in range(4)),
        *(carol.post("/direct", {"user_ids": [dave.id, bob.id, bob.id, carol.id]}) for _ in range(4)),
    )

    assert len({channel["id"] for channel in opened}) == 1
    direct = opened[0]
    assert direct["direct_user_ids"] == sorted((bob.id, carol.id, dave.id))
    assert (direct["kind"], direct["visibility"], direct["name"]) == ("direct", "private", "")
    assert (await bob.post("/direct", {"user_ids": [carol.id]}))["id"] != direct["id"]


async def test_a_direct_channel_is_between_the_same_people_for_ever(town: Town) -> None:
    bob, carol, mallory = [await town.newcomer(name) for name in ("bob", "carol", "mallory")]
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    member = f"/channels/{direct}/members"

    refused = [
        await bob.call("PUT", f"{member}/{carol.id}", {"role": "owner"}),
        await bob.call("DELETE", f"{member}/{carol.id}"),
        await bob.call("PATCH", f"/channels/{direct}", {"name": "mine"}),
        await bob.call("DELETE", f"/channels/{direct}"),
    ]
    left = [
        await bob.call("PUT", f"{member}/{mallory.id}"),
        await bob.call("POST", f"/channels/{direct}/leave"),
        await bob.call("DELETE", f"{member}/{bob.id}"),
    ]

    assert [code(answer) for answer in refused] == [(403, "forbidden")] * 4
    assert [code(answer) for answer in left] == [(409, "conflict")] * 3
    assert code(await mallory.call("POST", f"/channels/{direct}/join")) == (404, "not_found")
    assert (await carol.get(f"/channels/{direct}"))["member_count"] == 2


async def test_a_direct_channel_with_somebody_who_is_not_there_is_not_made(town: Town) -> None:
    bob, gone = await town.newcomer(), await town.newcomer("gone")
    await town.admin.call("DELETE", f"/users/{gone.id}")
    before = await town.rows()

    for ids in ([999_999], [bob.id, gone.id], [2**53 - 1]):
        assert code(await bob.call("POST", "/direct", {"user_ids": ids})) == (404, "not_found")
    for ids in ([], list(range(1, 22))):
        assert code(await bob.call("POST", "/direct", {"user_ids": ids})) == (422, "invalid")

    assert await town.rows() == before
