"""Signing up, in and out: what a session is worth, and when it ends."""

import asyncio
from itertools import chain

import httpx
import pytest

from tests.handlers.town import Town, code
from tests.house import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def refreshed(town: Town, token: str) -> httpx.Response:
    return await town.nobody.post("/auth/refresh", json={"refresh_token": token})


async def test_whoever_comes_first_is_admin_and_later_ones_are_members(town: Town) -> None:
    bob = await town.newcomer()

    assert town.admin.session["user"]["role"] == "admin"
    assert bob.session["user"]["role"] == "member"
    assert bob.session["token_type"] == "Bearer"
    assert bob.session["expires_in"] == 900


async def test_a_name_is_taken_in_every_form_that_reads_the_same(town: Town) -> None:
    for name in ("Straße", "Café"):
        made = await town.nobody.post("/auth/register", json={"username": name, "password": PASSWORD})
        assert made.status_code == 201, made.text
    before = await town.rows()

    for name in ("STRASSE", "straße", "CAFÉ"):
        answer = await town.nobody.post("/auth/register", json={"username": name, "password": PASSWORD})
        assert code(answer) == (409, "conflict")

    assert await town.rows() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "a"),
        ("username", "a" * 33),
        ("username", "a b"),
        ("username", "a\u200bb"),
        ("username", "bob\n"),
        ("username", "b\u0430" + "\u202e"),
        ("password", "1234567"),
        ("password", "1" * 1025),
        ("password", "ü" * 513),
        ("display_name", " bob"),
        ("display_name", ""),
        ("display_name", "b\u202eob"),
        ("display_name", "a" * 65),
    ],
)
async def test_a_registration_outside_the_bounds_names_the_field(town: Town, field: str, value: str) -> None:
    before = await town.rows()

    answer = await town.nobody.post(
        "/auth/register", json={"username": "newbob", "password": PASSWORD, field: value}
    )

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert await town.rows() == before


async def test_the_shortest_and_the_longest_of_names_and_passwords_are_accepted(town: Town) -> None:
    for name, password in (("zz", "12345678"), ("z" * 32, "ü" * 512), ("0_.-z", "1" * 1024)):
        made = await town.nobody.post("/auth/register", json={"username": name, "password": password})
        assert made.status_code == 201, made.text
        again = await town.nobody.post("/auth/login", json={"username": name, "password": password})
        assert again.status_code == 200


async def test_two_who_want_the_same_name_at_once_are_one_user(town: Town) -> None:
    body = {"username": "wanted", "password": PASSWORD}

    answers = await asyncio.gather(*(town.nobody.post("/auth/register", json=body) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]


async def test_an_unknown_user_and_a_wrong_password_get_the_same_answer(town: Town) -> None:
    bob = await town.newcomer()

    wrong = await town.nobody.post("/auth/login", json={"username": bob.name, "password": "not hers"})
    unknown = await town.nobody.post("/auth/login", json={"username": "nobody-here", "password": PASSWORD})

    assert code(wrong) == code(unknown) == (401, "unauthenticated")
    own = ("request_id",)
    assert {k: v for k, v in wrong.json().items() if k not in own} == {
        k: v for k, v in unknown.json().items() if k not in own
    }
    assert [k for k in wrong.headers if k != "date"] == [k for k in unknown.headers if k != "date"]


async def test_a_refresh_gives_new_tokens_for_the_same_session(town: Town) -> None:
    bob = await town.newcomer()

    answer = await refreshed(town, bob.session["refresh_token"])

    assert answer.status_code == 200
    session = answer.json()
    assert session["session_id"] == bob.session["session_id"]
    assert session["refresh_token"] != bob.session["refresh_token"]
    assert (await town.house.person(session).get("/users/me"))["id"] == bob.id


async def test_a_refresh_token_that_comes_again_ends_the_session_and_closes_its_sockets(town: Town) -> None:
    bob = await town.newcomer()
    async with bob.listen() as ear:
        new = (await refreshed(town, bob.session["refresh_token"])).json()

        answer = await refreshed(town, bob.session["refresh_token"])

        assert code(answer) == (401, "unauthenticated")
        assert await ear.closed() == 4500
    assert code(await refreshed(town, new["refresh_token"])) == (401, "unauthenticated")
    assert code(await town.house.person(new).call("GET", "/users/me")) == (401, "unauthenticated")


async def test_of_twenty_refreshes_with_one_token_exactly_one_wins(town: Town) -> None:
    bob = await town.newcomer()

    answers = await asyncio.gather(*(refreshed(town, bob.session["refresh_token"]) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 19]


async def test_a_logout_kills_both_tokens_at_once_and_leaves_other_sessions(town: Town) -> None:
    bob = await town.newcomer()
    other = await town.again(bob)
    async with bob.listen() as ear, other.listen() as elsewhere:
        assert (await bob.call("POST", "/auth/logout")).status_code == 204

        assert code(await bob.call("GET", "/users/me")) == (401, "unauthenticated")
        assert code(await refreshed(town, bob.session["refresh_token"])) == (401, "unauthenticated")
        assert await ear.closed() == 4500
        assert (await elsewhere.ask("ping"))["type"] == "pong"
    assert (await other.call("GET", "/users/me")).status_code == 200


@pytest.mark.parametrize("body", [{"all": True}, {"all": True, "session_id": "whatever"}])
async def test_revoking_all_ends_every_session_of_the_user_and_of_nobody_else(
    town: Town, body: dict[str, object]
) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    other = await town.again(bob)
    async with bob.listen() as one, other.listen() as two, carol.listen() as hers:
        assert (await bob.call("POST", "/auth/revoke", body)).status_code == 204

        assert await one.closed() == await two.closed() == 4500
        assert (await hers.ask("ping"))["type"] == "pong"
    assert code(await other.call("GET", "/users/me")) == (401, "unauthenticated")


async def test_nobody_revokes_the_session_of_another(town: Town) -> None:
    bob, mallory = await town.newcomer(), await town.newcomer("mallory")

    theirs = await mallory.call("POST", "/auth/revoke", {"session_id": bob.session["session_id"]})
    nothing = await mallory.call("POST", "/auth/revoke", {"session_id": "no-such-session"})

    assert code(theirs) == code(nothing) == (404, "not_found")
    assert theirs.json()["detail"] == nothing.json()["detail"]
    assert (await bob.call("GET", "/users/me")).status_code == 200


async def test_the_list_of_sessions_shows_where_one_is_signed_in(town: Town) -> None:
    bob = await town.newcomer()
    other = await town.again(bob)
    gone = await town.again(bob)
    await gone.post("/auth/logout")

    sessions = (await other.get("/auth/sessions"))["items"]

    assert {session["session_id"] for session in sessions} == {
        bob.session["session_id"],
        other.session["session_id"],
    }
    assert [s["session_id"] for s in sessions if s["current"]] == [other.session["session_id"]]
    assert {session["user_agent"] for session in sessions} == {f"python-httpx/{httpx.__version__}"}


async def test_a_new_password_ends_the_other_sessions_and_takes_the_place_of_the_old(town: Town) -> None:
    bob = await town.newcomer()
    other = await town.again(bob)
    change = {"password": "new horse battery", "current_password": PASSWORD}
    async with bob.listen() as here, other.listen() as there:
        assert (await bob.call("PATCH", "/users/me", change)).status_code == 200

        assert await there.closed() == 4500
        assert (await here.ask("ping"))["type"] == "pong"
    assert code(await refreshed(town, other.session["refresh_token"])) == (401, "unauthenticated")
    for password, status in ((PASSWORD, 401), ("new horse battery", 200)):
        answer = await town.nobody.post("/auth/login", json={"username": bob.name, "password": password})
        assert answer.status_code == status


async def test_who_keeps_signing_in_with_the_old_password_is_out_when_it_changes(town: Town) -> None:
    bob = await town.newcomer()

    credentials = {"username": bob.name, "password": PASSWORD}
    change = {"password": "new horse battery", "current_password": PASSWORD}
    changing = asyncio.create_task(bob.call("PATCH", "/users/me", change))

    async def keep_signing_in() -> list[httpx.Response]:
        answers = []
        while not changing.done():
            answers.append(await town.nobody.post("/auth/login", json=credentials))
        return [answer for answer in answers if answer.status_code == 200]

    signed_in = [*chain.from_iterable(await asyncio.gather(*(keep_signing_in() for _ in range(8))))]

    assert changing.result().status_code == 200
    assert signed_in
    for answer in signed_in:
        person = town.house.person(answer.json())
        assert code(await person.call("GET", "/users/me")) == (401, "unauthenticated")


@pytest.mark.parametrize("current", [None, "", "wrong horse"])
async def test_a_new_password_takes_the_current_one(town: Town, current: str | None) -> None:
    bob = await town.newcomer()
    change = {"display_name": "Robert", "password": "new horse battery"}
    change |= {} if current is None else {"current_password": current}

    answer = await bob.call("PATCH", "/users/me", change)

    assert code(answer) == (403, "forbidden")
    assert (await bob.get("/users/me"))["display_name"] == bob.name
    assert (await town.again(bob)).id == bob.id
