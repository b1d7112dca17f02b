"""Slash commands: built-in ones do what their doors do, and a workspace's own call a URL for the caller alone."""

import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from models.ids import HOOK_USER
from services.built_in_commands import BUILT_INS
from tests.databases import NewDatabase
from tests.handlers.town import Town, code, open_town
from tests.house import Person
from tests.target import Target, no, says

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One whose commands may call this machine."""
    async with (
        new_database() as dsn,
        open_town(
            dsn, tmp_path_factory.mktemp("town"), rate_limits=False, outbound_networks=("127.0.0.0/8",)
        ) as opened,
    ):
        yield opened


async def run(person: Person, channel: int, text: str, client_id: str = "c1", **more: Any) -> httpx.Response:
    body = {"client_id": client_id, "text": text, **more}
    return await person.call("POST", f"/channels/{channel}/commands", body)


async def own(town: Town, name: str, url: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await town.admin.post("/commands", {"name": name, "url": url, **more})
    return made


async def done(person: Person, channel: int, text: str) -> Any:
    """What a command that works answers."""
    answer = await run(person, channel, text, f"done-{next(_numbers)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_commands_that_say_something_post_it(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob)

    assert (await done(bob, channel, "/me waves"))["message"]["text"] == "_waves_"
    shrug = await done(bob, channel, "/shrug who knows")
    direct = await done(bob, channel, f"/msg @{carol.name} hello you")
    helped = await done(bob, channel, "/HELP")

    assert shrug["message"]["text"] == "who knows ¯\\\\\\_(ツ)\\_/¯"
    assert direct["message"]["text"] == "hello you"
    assert (await carol.get(f"/channels/{direct['channel_id']}"))["kind"] == "direct"
    assert all(f"`/{name}" in helped["text"] for name in BUILT_INS)
    listed = [one["name"] for one in (await bob.get("/commands"))["items"]]
    assert listed[: len(BUILT_INS) + 1] == [*BUILT_INS, "help"]


async def test_commands_about_the_channel_change_it(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel, other = await town.room(bob), await town.room(carol)
    name = (await carol.get(f"/channels/{other}"))["name"]

    await done(bob, channel, "/topic All about chalk")
    await done(bob, channel, f"/rename chalk {bob.id}")
    await done(bob, channel, f"/invite @{carol.name}")
    members = (await bob.get(f"/channels/{channel}/members"))["items"]
    await done(bob, channel, f"/remove {carol.name}")
    joined = await done(bob, channel, f"/join #{name.upper()}")
    await done(bob, other, "/leave")

    found = await bob.get(f"/channels/{channel}")
    assert {member["user_id"] for member in members} == {bob.id, carol.id}
    assert (found["description"], found["name"]) == ("All about chalk", f"chalk {bob.id}")
    assert found["member_count"] == 1
    assert joined["channel_id"] == other
    assert (await bob.call("GET", f"/channels/{other}/messages")).status_code == 403


async def test_commands_about_oneself_set_what_is_ones_own(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)

    await done(bob, channel, "/mute")
    muted = (await bob.get(f"/channels/{channel}"))["membership"]
    await done(bob, channel, "/unmute")
    await done(bob, channel, "/dnd 22:00-07:00 Europe/Berlin")
    quiet = await bob.get("/users/me/preferences")
    await done(bob, channel, "/dnd off")
    await done(bob, channel, "/status at lunch")

    assert muted["notifications"] == "none"
    assert "notifications" not in (await bob.get(f"/channels/{channel}"))["membership"]
    assert quiet["do_not_disturb"] == {"start": "22:00", "end": "07:00", "timezone": "Europe/Berlin"}
    assert (await bob.get("/users/me/preferences"))["do_not_disturb"] is None
    assert (await bob.get("/users/me"))["status"] == "at lunch"


async def test_a_command_gives_no_right_that_its_caller_lacks(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel, hidden = await town.room(bob, carol), await town.room(bob, visibility="private")
    name = (await bob.get(f"/channels/{hidden}"))["name"]
    refused = {
        "/topic mine": (403, "forbidden"),
        "/rename mine": (403, "forbidden"),
        f"/remove {bob.name}": (403, "forbidden"),
        f"/join {name}": (404, "not_found"),
        "/join nothing": (404, "not_found"),
        "/invite @nobody-here": (404, "not_found"),
        "/nothing": (404, "not_found"),
        "/me": (422, "invalid"),
        "/dnd sometimes": (422, "invalid"),
        "/dnd 22:00-07:00 Mars": (422, "invalid"),
        "/msg": (422, "invalid"),
        f"/msg {bob.name}": (422, "invalid"),
        f"/status {'x' * 101}": (422, "invalid"),
        "no slash": (422, "invalid"),
        " /me x": (422, "invalid"),
        "/": (422, "invalid"),
        "/ me": (422, "invalid"),
    }
    before = await town.rows()

    for text, expected in refused.items():
        assert code(await run(carol, channel, text)) == expected, text

    assert await town.rows() == before


async def test_a_repeated_command_posts_once(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)

    first, again = [(await run(bob, channel, "/me waves")).json() for _ in range(2)]

    assert first == again
    assert code(await run(bob, channel, "/me sings")) == (409, "conflict")


async def test_a_command_of_ones_own_calls_its_url_and_answers_the_caller_alone(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    async with Target() as target, carol.listen(f"/ws/channels/{channel}") as ear:
        made = await own(town, "weather", target.url, hint="city", description="Tells the weather")
        target.answer = says({"text": "Sun", "response_type": "ephemeral", "unknown": 1})
        async with bob.listen() as frames:
            answer = await frames.ask(
                "command.run", channel_id=channel, client_id="w1", text="/weather  Rome now"
            )
        assert await ear.ask("ping") == {
            "type": "pong",
            "ref": answer["ref"][:1] + str(int(answer["ref"][1:]) + 1),
        }

    ((headers, body),) = target.heard
    said = f"v1:{headers['Chalkline-Timestamp']}:".encode() + body
    expected = hmac.new(made["secret"].encode(), said, hashlib.sha256).hexdigest()
    assert headers["Chalkline-Signature"] == f"v1={expected}"
    assert json.loads(body) == {
        "type": "command",
        "command": "/weather",
        "text": "Rome now",
        "channel_id": channel,
        "user_id": bob.id,
        "username": bob.name,
        "thread": None,
    }
    assert answer == {"type": "ok", "ref": answer["ref"], "text": "Sun"}
    assert (await bob.get(f"/channels/{channel}"))["head_seq"] == 2
    assert ear.kept == []


async def test_an_answer_for_the_channel_is_posted_once(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        made = await own(town, "announce", target.url)
        target.answer = says({"text": "Heard!", "response_type": "in_channel"})
        first, again = [(await run(bob, channel, "/announce x")).json() for _ in range(2)]

    assert first["message"] == again["message"]
    assert first["message"]["via"] == {"kind": "command", "id": made["id"], "name": "/announce"}
    assert first["message"]["author_id"] == HOOK_USER
    assert len({headers["Chalkline-Delivery"] for headers, _ in target.heard}) == 1


async def test_a_target_that_fails_is_a_clear_error_without_its_words(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with Target() as target:
        await own(town, "broken", target.url)
        target.answer = no
        answer = await run(bob, channel, "/broken")
        async with bob.listen(f"/ws/channels/{channel}") as ear:
            frame = await ear.ask("command.run", client_id="b1", text="/broken")

    assert code(answer) == (502, "target_failed")
    assert (frame["type"], frame["code"]) == ("error", "target_failed")
    assert "secret" not in answer.text + str(frame)
    assert answer.json()["detail"] == "It answered with 500."


async def test_who_may_not_post_runs_no_command_that_could(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    await bob.call("PATCH", f"/channels/{channel}", {"post_role": "moderator"})
    async with Target() as target:
        await own(town, "loud", target.url)
        assert code(await run(carol, channel, "/loud")) == (403, "forbidden")
        assert code(await run(carol, channel, "/me waves")) == (403, "forbidden")
        assert (await run(bob, channel, "/loud", "c2")).status_code == 200

    assert len(target.heard) == 1


async def test_only_admins_make_commands_and_see_where_they_lead(town: Town) -> None:
    bob = await town.newcomer()
    made = await own(town, "hidden", "https://example.org/secret")
    before = await town.rows()

    shown = next(one for one in (await bob.get("/commands"))["items"] if one["name"] == "hidden")
    assert shown == {"name": "hidden", "hint": "", "description": "", "id": made["id"]}
    for call in (
        bob.call("POST", "/commands", {"name": "mine", "url": "https://example.org/"}),
        bob.call("PATCH", f"/commands/{made['id']}", {"hint": "x"}),
        bob.call("DELETE", f"/commands/{made['id']}"),
    ):
        assert code(await call) == (403, "forbidden")
    for name in ("hidden", "me", "help"):
        body = {"name": name, "url": "https://example.org/"}
        assert code(await town.admin.call("POST", "/commands", body)) == (409, "conflict")
    for url in ("http://169.254.169.254/", "http://[fd00::1]/"):
        body = {"name": "inside", "url": url}
        assert code(await town.admin.call("POST", "/commands", body)) == (422, "invalid")

    assert await town.rows() == before
    changed = await town.admin.call("PATCH", f"/commands/{made['id']}", {"hint": "x"})
    assert (changed.json()["hint"], "secret" in changed.json()) == ("x", False)
    assert (await town.admin.call("DELETE", f"/commands/{made['id']}")).status_code == 204
    assert code(await town.admin.call("DELETE", f"/commands/{made['id']}")) == (404, "not_found")


_numbers = itertools.count(1)
