"""Incoming webhooks: what works with Slack works here, and a secret opens one channel and no more."""

import asyncio
import json
import subprocess
from typing import Any

import httpx
import pytest

from models.ids import HOOK_USER
from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def new_hook(owner: Person, channel: int, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await owner.post(f"/channels/{channel}/hooks/incoming", {"name": "builds", **more})
    return made


async def send(url: str, payload: Any = None, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.post(url, json=payload, **more) if not more else await http.post(url, **more)


async def last(person: Person, channel: int) -> dict[str, Any]:
    found: dict[str, Any] = (await person.get(f"/channels/{channel}/messages", limit=1))["items"][0]
    return found


async def test_the_curl_of_slacks_documentation_posts_a_message_unchanged(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    url = (await new_hook(bob, channel))["url"]
    legacy = (
        'payload={"channel": "#general", "username": "webhookbot", "text": "This is posted to #general and comes '
        'from a bot named webhookbot.", "icon_emoji": ":ghost:"}'
    )
    linked = (
        'payload={"text": "A very important thing has occurred! '
        '<https://alert-system.com/alerts/1234|Click here> for details!"}'
    )
    plain = ["-H", "Content-type: application/json", "--data", '{"text":"Hello, World!"}']
    commands = [
        ["curl", "-sS", "-X", "POST", *parts, url]
        for parts in (plain, ["--data-urlencode", legacy], ["--data-urlencode", linked])
    ]

    told = []
    for command in commands:
        running = await _in_thread(command)
        assert running == "ok"
        told.append(await last(bob, channel))

    assert [message["text"] for message in told] == [
        "Hello, World!",
        "This is posted to #general and comes from a bot named webhookbot.",
        "A very important thing has occurred! [Click here](https://alert-system.com/alerts/1234) for details!",
    ]
    assert [message["via"]["name"] for message in told] == ["builds", "webhookbot", "builds"]
    assert told[1]["via"]["icon"] == ":ghost:"
    assert {message["author_id"] for message in told} == {HOOK_USER}


async def _in_thread(command: list[str]) -> str:
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=20, check=True)
    return done.stdout.decode()


async def test_what_a_hook_posts_is_a_fact_like_any_message(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    hook = await new_hook(bob, channel)

    async with bob.listen(f"/ws/channels/{channel}") as ear:
        answer = await send(hook["url"], {"text": f"hi @{bob.name}"})
        fact = await ear.next("message.posted")

    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert fact["message"] == await last(bob, channel)
    assert fact in (await bob.get(f"/channels/{channel}/events"))["events"]
    assert fact["message"]["mentions"] == [bob.id]
    assert fact["message"]["via"] == {"kind": "incoming", "id": hook["id"], "name": "builds"}
    found = await bob.get(f"/channels/{channel}")
    assert (found["membership"]["unread"], found["membership"]["mentions"]) == (1, 1)
    assert (await bob.get(f"/users/{HOOK_USER}"))["bot"] is True


async def test_a_hook_addresses_everybody_only_where_it_may(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    hook = await new_hook(bob, channel)

    for text in ("<!channel> fire", "@channel fire", "<!here> fire"):
        await send(hook["url"], {"text": text})
        assert "broadcast" not in await last(bob, channel)
    await bob.call("PATCH", f"/channels/{channel}/hooks/incoming/{hook['id']}", {"may_broadcast": True})
    await send(hook["url"], {"text": "<!channel> fire"})

    assert (await last(bob, channel))["broadcast"] == "channel"
    assert (await bob.get(f"/channels/{channel}"))["membership"]["mentions"] == 1


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "invalid_payload"),
        (b"x", 400, "invalid_payload"),
        (b"payload=", 400, "invalid_payload"),
        (b"payload=%ff", 400, "invalid_payload"),
        (b"other=1", 400, "invalid_payload"),
        (b"[]", 400, "invalid_payload"),
        (b'{"text": "\\ud800"}', 400, "invalid_payload"),
        (b'{"text": NaN}', 400, "invalid_payload"),
        (b"{" * 60_000, 400, "invalid_payload"),
        (b"{}", 400, "no_text"),
        (b'{"text": ""}', 400, "no_text"),
        (b'{"text": "\\u0000 \\n"}', 400, "no_text"),
        (b'{"text": {"$ne": 1}}', 400, "no_text"),
        (b'{"blocks": []}', 400, "no_text"),
        (json.dumps({"text": "x" * 8001}).encode(), 413, "msg_too_long"),
        (json.dumps({"text": "x", "blocks": [{}] * 101}).encode(), 413, "msg_too_long"),
        (b'{"text": "' + b"x" * 300_000 + b'"}', 413, "msg_too_long"),
    ],
)
async def test_a_payload_that_says_nothing_is_refused_in_slacks_words(
    town: Town, body: bytes, status: int, word: str
) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    hook = await new_hook(bob, channel)
    before = await town.rows()

    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        answer = await send(hook["url"], content=body, headers={"Content-Type": kind})
        assert (answer.status_code, answer.text) == (status, word), kind

    assert await town.rows() == before


async def test_a_secret_that_was_changed_or_deleted_opens_nothing(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    hook = await new_hook(bob, channel)
    path = f"/channels/{channel}/hooks/incoming/{hook['id']}"

    rotated = await bob.post(f"{path}/rotate")

    assert (await send(hook["url"], {"text": "x"})).status_code == 404
    assert (await send(rotated["url"], {"text": "x"})).text == "ok"
    (listed,) = (await bob.get(f"/channels/{channel}/hooks/incoming"))["items"]
    assert listed["url"] is None
    assert listed["last_used_at"] is not None
    assert (await bob.call("DELETE", path)).status_code == 204
    answer = await send(rotated["url"], {"text": "x"})
    assert (answer.status_code, answer.text) == (404, "no_service")
    assert code(await bob.call("DELETE", path)) == (404, "not_found")
    deeds = (await town.admin.get("/audit", channel_id=channel))["items"]
    assert [deed["action"] for deed in deeds][:3] == ["hook.deleted", "hook.updated", "hook.created"]
    assert rotated["url"].rpartition("/")[2] not in str(deeds)


async def test_a_hook_of_another_channel_is_not_found(town: Town) -> None:
    bob = await town.newcomer()
    mine, other = await town.room(bob), await town.room(bob)
    hook = await new_hook(bob, mine)

    for method, more in (("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")):
        path = f"/channels/{other}/hooks/incoming/{hook['id']}{more}"
        assert code(await bob.call(method, path, {} if method == "PATCH" else None)) == (404, "not_found")


async def test_an_archived_channel_a_deleted_one_and_slow_mode_say_so(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    hook = await new_hook(bob, channel)

    await bob.call("PATCH", f"/channels/{channel}", {"slow_seconds": 60})
    first, soon = await send(hook["url"], {"text": "x"}), await send(hook["url"], {"text": "y"})
    await bob.call("PATCH", f"/channels/{channel}", {"slow_seconds": 0, "archived": True})
    archived = await send(hook["url"], {"text": "z"})
    await bob.call("DELETE", f"/channels/{channel}")
    gone = await send(hook["url"], {"text": "z"})

    assert first.text == "ok"
    assert (soon.status_code, soon.text) == (429, "rate_limited")
    assert 50 <= int(soon.headers["Retry-After"]) <= 60
    assert (archived.status_code, archived.text) == (410, "channel_is_archived")
    assert (gone.status_code, gone.text) == (404, "no_service")


async def test_only_a_post_is_answered(town: Town) -> None:
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{town.house.url}/hooks/{'x' * 43}")).status_code == 405
        assert (await http.post(f"{town.house.url}/hooks/{'x' * 65}", json={})).status_code in (404, 405)
        assert (await http.post(f"{town.house.url}/hooks/nobody", json={"text": "x"})).text == "no_service"
