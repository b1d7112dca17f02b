"""What owners can ask of those who post: archive, the right to post, slow mode."""

import asyncio

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def attempt(person: Person, channel: int, client_id: str) -> tuple[int, str | None]:
    body = {"client_id": client_id, "text": "x"}
    answer = await person.call("POST", f"/channels/{channel}/messages", body)
    return answer.status_code, answer.headers.get("Retry-After")


async def test_an_archived_channel_is_read_and_nothing_in_it_changes(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    seq = (await bob.say(channel, "x"))["seq"]
    path = f"/channels/{channel}"

    archived = (await bob.call("PATCH", path, {"archived": True})).json()

    assert archived["archived_at"] is not None
    assert (await bob.get(f"{path}/messages"))["items"][0]["seq"] == seq
    for method, more, body in (
        ("POST", "/messages", {"client_id": "c", "text": "x"}),
        ("PATCH", f"/messages/{seq}", {"text": "y"}),
        ("DELETE", f"/messages/{seq}", None),
        ("PUT", f"/messages/{seq}/reactions/👍", None),
        ("PUT", f"/messages/{seq}/pin", None),
    ):
        assert code(await bob.call(method, path + more, body)) == (409, "conflict")
    assert "archived_at" not in (await bob.call("PATCH", path, {"archived": False})).json()
    assert (await attempt(bob, channel, "again"))[0] == 201


async def test_where_only_moderators_post_members_read_and_react(town: Town) -> None:
    bob, carol, dave = [await town.newcomer(name) for name in ("bob", "carol", "dave")]
    channel = await town.room(bob, carol, dave)
    await bob.call("PUT", f"/channels/{channel}/members/{carol.id}", {"role": "moderator"})
    changed = (await bob.call("PATCH", f"/channels/{channel}", {"post_role": "moderator"})).json()

    assert changed["post_role"] == "moderator"
    assert [(await attempt(person, channel, "c"))[0] for person in (bob, carol, dave)] == [201, 201, 403]
    seq = changed["head_seq"] + 1
    assert (await dave.call("PUT", f"/channels/{channel}/messages/{seq}/reactions/👍")).status_code == 204
    await bob.call("PATCH", f"/channels/{channel}", {"post_role": "owner"})
    assert [(await attempt(person, channel, "d"))[0] for person in (bob, carol, dave)] == [201, 403, 403]


async def test_slow_mode_lets_a_member_post_once_in_so_many_seconds_and_says_when(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    await bob.call("PATCH", f"/channels/{channel}", {"slow_seconds": 60})

    at_once = await asyncio.gather(*(attempt(carol, channel, f"c{number}") for number in range(8)))
    replay = [number for number, (status, _) in enumerate(at_once) if status == 201]

    assert sorted(status for status, _ in at_once) == [201, *[429] * 7]
    assert all(55 <= int(retry or 0) <= 60 for status, retry in at_once if status == 429)
    assert (await attempt(carol, channel, f"c{replay[0]}"))[0] == 200
    assert [(await attempt(bob, channel, f"b{number}"))[0] for number in range(3)] == [201] * 3
    await bob.call("PATCH", f"/channels/{channel}", {"slow_seconds": 0})
    assert (await attempt(carol, channel, "last"))[0] == 201
