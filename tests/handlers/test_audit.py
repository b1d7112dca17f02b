"""The audit log: written with what was done or not at all, read by admins alone."""

import pytest

from tests.handlers.town import Town, code

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_done_to_others_is_written_down_with_who_and_from_where(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = (await carol.say(channel, "a secret"))["seq"]
    await bob.call("PUT", f"/channels/{channel}/members/{carol.id}", {"role": "moderator"})
    async with bob.listen() as ear:
        await ear.ask("message.delete", channel_id=channel, seq=said)
    await bob.call("DELETE", f"/channels/{channel}/members/{carol.id}")
    await town.admin.call("PATCH", f"/users/{carol.id}", {"disabled": True})

    deeds = (await town.admin.get("/audit", channel_id=channel))["items"]
    of_carol = (await town.admin.get("/audit", user_id=carol.id, action="user.updated"))["items"]

    assert [(deed["action"], deed["actor_id"], deed["user_id"]) for deed in reversed(deeds)] == [
        ("channel.created", bob.id, None),
        ("member.joined", bob.id, carol.id),
        ("member.changed", bob.id, carol.id),
        ("message.deleted", bob.id, None),
        ("member.left", bob.id, carol.id),
    ]
    assert {deed["address"] for deed in deeds} == {"127.0.0.1"}
    assert [(deed["actor_id"], deed["detail"]) for deed in of_carol] == [
        (town.admin.id, {"role": "member", "disabled": True})
    ]
    assert "secret" not in str(deeds)


async def test_what_was_refused_or_is_ones_own_is_not_written_down(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob)
    await carol.post(f"/channels/{channel}/join")
    await carol.call("DELETE", f"/channels/{channel}/members/{bob.id}")
    await carol.post(f"/channels/{channel}/leave")

    assert (await town.admin.get("/audit", actor_id=carol.id))["items"] == []


async def test_admins_alone_read_it_in_pages(town: Town) -> None:
    bob = await town.newcomer()
    for _ in range(5):
        await town.room(bob)

    first = await town.admin.get("/audit", actor_id=bob.id, limit=3)
    rest = await town.admin.get("/audit", actor_id=bob.id, limit=3, cursor=first["next_cursor"])

    assert [len(page["items"]) for page in (first, rest)] == [3, 2]
    assert rest["next_cursor"] is None
    assert (await town.admin.get("/audit", actor_id=bob.id, since="2090-01-01T00:00:00Z"))["items"] == []
    assert code(await bob.call("GET", "/audit")) == (403, "forbidden")
