"""Bans, mutes, hidden messages and reports: what takes a right away takes it at once, everywhere, until its end."""

from datetime import datetime
from typing import Any

import asyncpg
import pytest

from tests.handlers.town import Town, code
from tests.house import PASSWORD, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEVER = "9999-12-31T00:00:00Z"


async def pass_time(town: Town, statement: str, *values: Any) -> None:
    """What ends is over by now."""
    connection = await asyncpg.connect(town.dsn)
    await connection.execute(statement, *values)
    await connection.close()


async def facts(person: Person, channel: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await person.get(f"/channels/{channel}/events"))["events"]
    return events


async def test_who_is_banned_is_out_and_stays_out_until_the_ban_is_over(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    ban = f"/channels/{channel}/bans/{carol.id}"

    async with carol.listen(f"/ws/channels/{channel}") as ear, carol.listen() as own:
        put = await bob.call("PUT", ban, {"reason": "spam", "hours": 2})
        assert await ear.closed() == 4502
        told = await own.next("membership.banned")

    assert put.status_code == 204
    assert (told["channel_id"], told["reason"]) == (channel, "spam")
    joining = await carol.call("POST", f"/channels/{channel}/join")
    assert code(joining) == (403, "forbidden")
    end = datetime.fromisoformat(told["until"])
    why = f"You are banned from this channel until {end:%Y-%m-%d %H:%M} UTC: spam"
    assert joining.json()["detail"] == why
    assert code(await dave.call("PUT", f"/channels/{channel}/members/{carol.id}")) == (403, "forbidden")
    (listed,) = (await bob.get(f"/channels/{channel}/bans"))["items"]
    assert (listed["user_id"], listed["reason"], listed["created_by"]) == (carol.id, "spam", bob.id)
    deed = (await town.admin.get("/audit", channel_id=channel, action="member.banned"))["items"][0]
    assert (deed["user_id"], deed["detail"]["reason"]) == (carol.id, "spam")

    await pass_time(town, "update restraints set until = now() where user_id = $1", carol.id)

    assert (await carol.call("POST", f"/channels/{channel}/join")).status_code == 200
    assert (await bob.get(f"/channels/{channel}/bans"))["items"] == []


async def test_a_ban_can_be_taken_back_and_be_made_before_somebody_comes(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob)
    ban = f"/channels/{channel}/bans/{carol.id}"

    assert (await bob.call("PUT", ban)).status_code == 204
    assert (await bob.get(f"/channels/{channel}/bans"))["items"][0]["until"] == NEVER
    joining = await carol.call("POST", f"/channels/{channel}/join")
    assert code(joining) == (403, "forbidden")
    assert joining.json()["detail"] == "You are banned from this channel."
    assert (await bob.call("DELETE", ban)).status_code == 204
    assert code(await bob.call("DELETE", ban)) == (404, "not_found")
    assert (await carol.call("POST", f"/channels/{channel}/join")).status_code == 200


async def test_nobody_restrains_their_equals_their_betters_or_themselves(town: Town) -> None:
    bob, mod, other, carol = [await town.newcomer(name) for name in ("bob", "mod", "other", "carol")]
    channel = await town.room(bob, mod, other, carol)
    for one in (mod, other):
        await bob.call("PUT", f"/channels/{channel}/members/{one.id}", {"role": "moderator"})
    before = await town.rows()

    for kind in ("bans", "mutes"):
        for who, whom in ((mod, other), (mod, bob), (mod, mod), (carol, other), (carol, carol)):
            answer = await who.call("PUT", f"/channels/{channel}/{kind}/{whom.id}")
            assert code(answer) == (403, "forbidden")
        assert code(await mod.call("PUT", f"/channels/{channel}/{kind}/999999")) == (404, "not_found")

    assert await town.rows() == before


async def test_who_is_muted_reads_and_says_nothing_even_after_coming_back(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await carol.say(channel, "before")
    path = f"/channels/{channel}/messages/{said['seq']}"

    async with carol.listen(f"/ws/channels/{channel}") as ear, carol.listen() as own:
        await bob.call("PUT", f"/channels/{channel}/mutes/{carol.id}", {"reason": "loud", "hours": 1})
        told = await own.next("membership.muted")
        post = await ear.ask("message.post", client_id="m1", text="hello")
        await bob.say(channel, "heard")
        heard = await ear.next("message.posted")
    for _ in range(2):
        refused = [
            await carol.call("POST", f"/channels/{channel}/messages", {"client_id": "m2", "text": "x"}),
            await carol.call("PATCH", path, {"text": "x"}),
            await carol.call("PUT", f"{path}/reactions/👍"),
            await carol.call("PUT", f"{path}/pin"),
            await carol.call("POST", f"/channels/{channel}/sketches", {"title": "x"}),
            await carol.call("POST", f"/channels/{channel}/commands", {"client_id": "m3", "text": "/me x"}),
        ]
        assert [code(answer) for answer in refused] == [(403, "forbidden")] * len(refused)
        await carol.call("POST", f"/channels/{channel}/leave")
        await carol.call("POST", f"/channels/{channel}/join")

    assert (told["channel_id"], told["reason"], post["code"]) == (channel, "loud", "forbidden")
    assert heard["message"]["text"] == "heard"
    membership = (await carol.get(f"/channels/{channel}"))["membership"]
    assert (membership["muted_until"], membership["mute_reason"]) == (told["until"], "loud")
    assert (await carol.get(path))["text"] == "before"
    await bob.call("DELETE", f"/channels/{channel}/mutes/{carol.id}")
    assert "muted_until" not in (await carol.get(f"/channels/{channel}"))["membership"]
    await carol.say(channel, "after")


async def test_a_mute_ends_by_itself(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    await bob.call("PUT", f"/channels/{channel}/mutes/{carol.id}", {"hours": 1})

    await pass_time(town, "update members set muted_until = now() where user_id = $1", carol.id)

    await carol.say(channel, "after")
    assert "muted_until" not in (await carol.get(f"/channels/{channel}"))["membership"]


async def test_a_hidden_message_says_nothing_to_anybody_but_moderators(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    said = await carol.say(channel, f"a sekrit for @{dave.name}")
    path = f"/channels/{channel}/messages/{said['seq']}"

    async with dave.listen(f"/ws/channels/{channel}") as ear:
        assert (await bob.call("PUT", f"{path}/hidden")).status_code == 204
        fact = await ear.next("message.edited")

    assert (fact["message"]["text"], fact["message"]["hidden_by"]) == ("", bob.id)
    assert fact in await facts(dave, channel)
    assert "sekrit" not in str(await facts(bob, channel))
    for who in (carol, dave):
        assert (await who.get(path)) == fact["message"]
        listed = (await who.get(f"/channels/{channel}/messages"))["items"]
        assert "sekrit" not in str(listed)
        assert (await who.get("/search", q="sekrit"))["items"] == []
    assert (await dave.get(f"/channels/{channel}"))["membership"]["mentions"] == 0
    assert (await bob.get(path))["text"] == said["text"]
    assert (await bob.get(f"/channels/{channel}/messages"))["items"][-1]["text"] == said["text"]
    for answer in (
        await carol.call("PATCH", path, {"text": "again"}),
        await dave.call("PUT", f"{path}/reactions/👍"),
        await bob.call("PUT", f"{path}/pin"),
    ):
        assert code(answer) == (409, "conflict")


async def test_a_hidden_message_is_shown_again_as_it_was(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await carol.say(channel, f"words for @{bob.name}")
    path = f"/channels/{channel}/messages/{said['seq']}"
    await bob.call("PUT", f"{path}/hidden")
    (deed,) = (await town.admin.get("/audit", channel_id=channel, action="message.hidden"))["items"]
    assert (deed["actor_id"], deed["user_id"], deed["detail"]) == (
        bob.id,
        carol.id,
        {"message_seq": said["seq"]},
    )
    head = (await bob.get(f"/channels/{channel}"))["head_seq"]
    await bob.call("PUT", f"{path}/hidden")  # again: nobody is told
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == head

    async with carol.listen(f"/ws/channels/{channel}") as ear:
        assert (await bob.call("DELETE", f"{path}/hidden")).status_code == 204
        fact = await ear.next("message.edited")

    assert fact["message"] == said == await carol.get(path)
    assert len((await carol.get("/search", q="words"))["items"]) == 1


async def test_a_hidden_message_that_is_deleted_is_kept_for_moderators(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await carol.say(channel, "gone soon")
    path = f"/channels/{channel}/messages/{said['seq']}"
    await bob.call("PUT", f"{path}/hidden")

    assert (await carol.call("DELETE", path)).status_code == 204

    (version,) = (await bob.get(f"{path}/versions"))["items"]
    assert version["text"] == "gone soon"
    tombstone = await bob.get(path)
    assert (tombstone["text"], "hidden_at" in tombstone) == ("", False)
    assert code(await bob.call("DELETE", f"{path}/hidden")) == (404, "not_found")


async def test_a_report_reaches_the_moderators_and_is_resolved(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    said = await carol.say(channel, "buy now")
    report = f"/channels/{channel}/messages/{said['seq']}/report"

    async with bob.listen() as ear:
        made = await dave.call("POST", report, {"reason": "spam", "note": "again!"})
        told = await ear.next("report.created")
    again = await dave.call("POST", report, {"reason": "abuse"})

    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json() == made.json()
    assert (told["report_id"], told["message_seq"]) == (made.json()["id"], said["seq"])
    assert (await bob.get(f"/channels/{channel}/reports", state="open"))["items"] == [made.json()]
    assert code(await carol.call("GET", f"/channels/{channel}/reports")) == (403, "forbidden")
    everywhere = (await town.admin.get("/reports", state="open"))["items"]
    assert made.json() in everywhere
    assert "buy now" not in str(everywhere)
    assert code(await bob.call("GET", "/reports")) == (403, "forbidden")
    path = f"/channels/{channel}/reports/{made.json()['id']}"
    resolved = (await bob.call("PATCH", path, {"state": "resolved", "note": "hidden"})).json()
    assert (resolved["state"], resolved["resolved_by"], resolved["resolution"]) == (
        "resolved",
        bob.id,
        "hidden",
    )
    assert (await bob.get(f"/channels/{channel}/reports", state="open"))["items"] == []
    assert (await bob.call("PATCH", path, {"state": "open"})).json()["resolved_by"] is None
    other = await town.room(bob)
    assert code(await bob.call("PATCH", path.replace(str(channel), str(other), 1), {"state": "open"})) == (
        404,
        "not_found",
    )


async def test_who_is_banned_from_the_workspace_is_out_everywhere(town: Town) -> None:
    carol = await town.newcomer("carol")
    login = {"username": carol.name, "password": PASSWORD}

    async with carol.listen() as ear:
        put = await town.admin.call("PUT", f"/users/{carol.id}/ban", {"reason": "spam", "hours": 1})
        assert await ear.closed() == 4500

    assert put.status_code == 204
    assert code(await carol.call("GET", "/users/me")) == (401, "unauthenticated")
    assert code(await town.nobody.post("/auth/login", json=login)) == (401, "unauthenticated")
    refresh = {"refresh_token": carol.session["refresh_token"]}
    assert code(await town.nobody.post("/auth/refresh", json=refresh)) == (401, "unauthenticated")
    listed = (await town.admin.get("/bans"))["items"]
    assert [(one["user_id"], one["reason"]) for one in listed if one["user_id"] == carol.id] == [
        (carol.id, "spam")
    ]

    await pass_time(town, "update users set banned_until = now() where id = $1", carol.id)

    assert (await town.nobody.post("/auth/login", json=login)).status_code == 200
    assert code(await town.admin.call("DELETE", f"/users/{carol.id}/ban")) == (404, "not_found")


async def test_only_admins_ban_from_the_workspace_and_none_bans_an_admin(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    before = await town.rows()

    assert code(await bob.call("PUT", f"/users/{carol.id}/ban")) == (403, "forbidden")
    assert code(await bob.call("DELETE", f"/users/{carol.id}/ban")) == (403, "forbidden")
    assert code(await bob.call("GET", "/bans")) == (403, "forbidden")
    assert code(await town.admin.call("PUT", f"/users/{town.admin.id}/ban")) == (409, "conflict")
    assert code(await town.admin.call("PUT", "/users/999999/ban")) == (404, "not_found")

    assert await town.rows() == before
    assert (await town.admin.call("PUT", f"/users/{carol.id}/ban")).status_code == 204
    assert (await town.admin.call("DELETE", f"/users/{carol.id}/ban")).status_code == 204
    assert (await town.again(carol)).id == carol.id


async def test_a_file_of_a_hidden_message_is_for_moderators_alone(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    where, headers = f"/files?channel_id={channel}&name=a.txt", {"Content-Type": "text/plain"}
    made = await carol.call("POST", where, content=b"words", headers=headers)
    said = await carol.say(channel, "see", attachments=[made.json()["id"]])
    path = f"/channels/{channel}/messages/{said['seq']}"
    file = f"/files/{made.json()['id']}"
    await bob.call("PUT", f"{path}/hidden")

    assert (await dave.get(path))["attachments"] == []
    assert code(await dave.call("GET", file)) == (404, "not_found")
    assert (await bob.call("GET", file)).content == b"words"
    assert code(await town.admin.call("GET", file)) == (404, "not_found")  # not a member
    await bob.call("PUT", f"/channels/{channel}/members/{town.admin.id}")
    assert (await town.admin.call("GET", file)).content == b"words"
    await bob.call("DELETE", f"{path}/hidden")
    assert (await dave.get(path)) == said
    assert (await dave.call("GET", file)).content == b"words"
