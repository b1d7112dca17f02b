"""Bots: made by admins, let in by tokens, held to the scopes of these, and out at once when one is revoked."""

import re
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from handlers.scopes import PEOPLE_ALONE, scope_of
from models.ids import BOT_IDS
from server.routes import DOORS
from tests.handlers.town import Town, code
from tests.house import PASSWORD, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = ["read", "post", "sketch", "manage"]


async def new_bot(town: Town, *scopes: str, **more: Any) -> Person:
    """A bot of the town's admin, signed in by a new token."""
    made = await town.admin.post("/bots", {"username": f"bot{len(await names(town))}", **more})
    token = await town.admin.post(
        f"/bots/{made['id']}/tokens", {"name": "first", "scopes": list(scopes) or ALL}
    )
    session = {"user": made, "access_token": token["token"], "session_id": token["id"]}
    return town.house.person(session)


async def names(town: Town) -> list[str]:
    return [bot["username"] for bot in (await town.admin.get("/bots", limit=200))["items"]]


async def test_what_a_bot_says_is_marked_live_in_the_history_and_in_the_log(town: Town) -> None:
    bob, bot = await town.newcomer(), await new_bot(town)
    channel = await town.room(bob, bot)

    async with bob.listen(f"/ws/channels/{channel}") as ear:
        said = await bot.say(channel, "beep")
        fact = await ear.next("message.posted")

    assert bot.id in BOT_IDS
    assert said["bot"] is True
    assert fact["message"] == said == await bob.get(f"/channels/{channel}/messages/{said['seq']}")
    assert fact in (await bob.get(f"/channels/{channel}/events"))["events"]
    assert (await bob.get(f"/users/{bot.id}"))["bot"] is True
    assert "bot" not in await bob.get(f"/users/{bob.id}")
    assert "bot" not in await bob.say(channel, "and a person")


async def test_a_token_is_shown_once_and_kept_as_a_digest(town: Town) -> None:
    bot = await new_bot(town, "read")

    (listed,) = (await town.admin.get(f"/bots/{bot.id}/tokens"))["items"]

    assert bot.token.startswith("clk_")
    assert len(bot.token) > 40
    assert listed["token"] is None
    assert listed["scopes"] == ["read"]
    await bot.get("/users/me")
    (listed,) = (await town.admin.get(f"/bots/{bot.id}/tokens"))["items"]
    assert listed["last_used_at"] is not None
    deeds = (await town.admin.get("/audit", user_id=bot.id))["items"]
    assert [deed["action"] for deed in deeds] == ["token.created", "bot.created"]
    assert bot.token not in str(deeds)


async def test_a_revoked_token_opens_nothing_more_and_its_sockets_close(town: Town) -> None:
    bot = await new_bot(town)
    other = await town.admin.post(f"/bots/{bot.id}/tokens", {"name": "second", "scopes": ["read"]})

    async with bot.listen() as ear:
        path = f"/bots/{bot.id}/tokens/{bot.session['session_id']}"
        assert (await town.admin.call("DELETE", path)).status_code == 204
        assert await ear.closed() == 4500

    assert code(await bot.call("GET", "/users/me")) == (401, "unauthenticated")
    with pytest.raises(InvalidStatus):
        async with bot.listen():
            pass
    assert code(await town.admin.call("DELETE", path)) == (404, "not_found")
    bot.token = other["token"]
    assert (await bot.get("/users/me"))["id"] == bot.id


@pytest.mark.parametrize("change", ["disable", "delete"])
async def test_a_bot_that_is_disabled_or_deleted_is_out(town: Town, change: str) -> None:
    bot = await new_bot(town)

    async with bot.listen() as ear:
        if change == "disable":
            await town.admin.call("PATCH", f"/users/{bot.id}", {"disabled": True})
        else:
            await town.admin.call("DELETE", f"/users/{bot.id}")
        assert await ear.closed() == 4500

    assert code(await bot.call("GET", "/users/me")) == (401, "unauthenticated")


@pytest.mark.parametrize("token", ["clk_", "clk_x", "clk_" + "x" * 43, "CLK_" + "x" * 43, "clk_\xe9"])
async def test_a_token_that_was_never_given_is_refused_in_the_usual_words(town: Town, token: str) -> None:
    headers = {b"Authorization": f"Bearer {token}".encode("latin-1")}

    answer = await town.nobody.request("GET", "/users/me", headers=headers)

    assert code(answer) == (401, "unauthenticated")
    assert answer.json()["detail"] == (await town.nobody.get("/users/me")).json()["detail"]


async def test_a_bot_has_no_password_and_no_session(town: Town) -> None:
    bot = await new_bot(town)

    for password in (PASSWORD, "", "x" * 1024):
        body = {"username": bot.name, "password": password}
        assert code(await town.nobody.post("/auth/login", json=body)) == (401, "unauthenticated")
    change = {"password": PASSWORD, "current_password": ""}
    assert code(await bot.call("PATCH", "/users/me", change)) == (403, "forbidden")
    assert code(await bot.call("POST", "/auth/refresh", {"refresh_token": bot.token})) == (
        401,
        "unauthenticated",
    )
    assert code(await town.admin.call("PATCH", f"/users/{bot.id}", {"role": "admin"})) == (409, "conflict")


@pytest.mark.parametrize("scope", ALL)
async def test_a_token_opens_the_doors_of_its_scope_and_no_other(town: Town, scope: str) -> None:
    bot = await new_bot(town, scope)
    lacking = opened = 0

    for method, path, door in DOORS:
        if not door.takes_sign_in:
            continue
        filled = re.sub(r"\{\w+:(\w+)\}", lambda part: {"id": "999999", "word": "x"}.get(part[1], "👍"), path)
        needed = scope_of(door.module, door.name, method)
        answer = await bot.call(method, filled, {})
        is_barred = answer.status_code == 403 and any(
            words in answer.json()["detail"] for words in ("lacks the scope", "No bot may")
        )
        assert is_barred == (needed != scope), (method, path, answer.text)
        lacking, opened = lacking + is_barred, opened + (not is_barred)

    assert lacking + opened == sum(door.takes_sign_in for _, _, door in DOORS)
    assert opened >= 3


async def test_a_socket_takes_the_scope_to_read_and_a_post_that_to_post(town: Town) -> None:
    bob = await town.newcomer()
    reader, poster = await new_bot(town, "read"), await new_bot(town, "post")
    channel = await town.room(bob, reader, poster)

    with pytest.raises(InvalidStatus) as refused:
        async with poster.listen():
            pass
    async with reader.listen() as ear:
        assert (await ear.ask("subscribe", channel_id=channel))["type"] == "ok"
        posted = await ear.ask("message.post", channel_id=channel, client_id="c1", text="hello")
        reacted = await ear.ask("reaction.add", channel_id=channel, seq=1, emoji="👍")
        renewed = await ear.ask("auth", token=reader.token)

    assert refused.value.response.status_code == 403
    assert (posted["code"], reacted["code"], renewed["type"]) == ("forbidden", "forbidden", "ok")
    assert (await poster.say(channel, "hello"))["bot"] is True


async def test_only_admins_make_bots_and_no_token_makes_another(town: Town) -> None:
    bob, bot = await town.newcomer(), await new_bot(town)
    before, body = await town.rows(), {"name": "x", "scopes": ["read"]}

    for who in (bob, bot):
        assert code(await who.call("POST", "/bots", {"username": "mine"})) == (403, "forbidden")
        assert code(await who.call("GET", "/bots")) == (403, "forbidden")
        assert code(await who.call("POST", f"/bots/{bot.id}/tokens", body)) == (403, "forbidden")
    assert code(await town.admin.call("POST", f"/bots/{bob.id}/tokens", body)) == (404, "not_found")
    assert code(await town.admin.call("POST", "/bots", {"username": bob.name})) == (409, "conflict")

    assert await town.rows() == before
    assert "accounts" in PEOPLE_ALONE


async def test_a_token_runs_out(town: Town) -> None:
    bot = await new_bot(town)
    body = {"name": "short", "scopes": ["read"], "hours": 1}

    made = await town.admin.post(f"/bots/{bot.id}/tokens", body)

    assert made["expires_at"] > made["created_at"]
