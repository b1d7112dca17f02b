"""Devices that are told: named by their own sessions alone, at addresses of the internet, and gone with the session."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from store.push import SUBSCRIPTIONS
from tests.databases import NewDatabase
from tests.device import Device, decoded, subscribe
from tests.handlers.good import BROWSER_KEY
from tests.handlers.town import Town, code
from tests.house import PASSWORD, Person, open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

_numbers = iter(range(1_000_000))


def device() -> Device:
    return Device(f"https://push.example.org/{next(_numbers)}")


async def mine(person: Person) -> list[str]:
    return [one["id"] for one in (await person.get("/push/subscriptions"))["items"]]


async def kept(town: Town, user: int) -> int:
    """Rows, whatever the doors say."""
    connection = await asyncpg.connect(town.dsn)
    try:
        return int(
            await connection.fetchval("select count(*) from push_subscriptions where user_id = $1", user)
        )
    finally:
        await connection.close()


async def test_a_device_is_named_listed_and_taken_back(town: Town) -> None:
    bob, browser = await town.newcomer(), device()

    made = await bob.call("POST", "/push/subscriptions", browser.subscription)
    again = await bob.call("POST", "/push/subscriptions", {**browser.subscription, "shows_text": False})

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json().keys() == {"id", "session_id", "service", "shows_text", "created_at"}
    assert (made.json()["service"], made.json()["session_id"]) == (
        "push.example.org",
        bob.session["session_id"],
    )
    assert again.json() == {**made.json(), "shows_text": False}
    assert (await bob.get("/push/subscriptions"))["items"] == [again.json()]
    path = f"/push/subscriptions/{made.json()['id']}"
    assert (await bob.call("DELETE", path)).status_code == 204
    assert code(await bob.call("DELETE", path)) == (404, "not_found")
    assert await mine(bob) == []


async def test_somebody_elses_device_is_not_there(town: Town) -> None:
    bob, mallory = await town.newcomer(), await town.newcomer("mallory")
    made = await subscribe(bob, device())
    path = f"/push/subscriptions/{made['id']}"

    theirs, never = await mallory.call("DELETE", path), await mallory.call("DELETE", f"{path[:-1]}z")

    assert code(theirs) == code(never) == (404, "not_found")
    assert theirs.json()["detail"] == never.json()["detail"]
    assert await mine(mallory) == []
    assert await mine(bob) == [made["id"]]


async def test_a_browser_belongs_to_who_signed_in_last(town: Town) -> None:
    bob, carol, browser = await town.newcomer(), await town.newcomer("carol"), device()
    first = await subscribe(bob, browser)

    then = await subscribe(carol, browser)

    assert then["id"] != first["id"]
    assert (await mine(bob), await mine(carol)) == ([], [then["id"]])


async def test_one_more_than_there_can_be_is_a_conflict(town: Town) -> None:
    bob = await town.newcomer()
    browsers = [device() for _ in range(SUBSCRIPTIONS + 1)]
    await asyncio.gather(*(subscribe(bob, browser) for browser in browsers[:-1]))

    refused = await bob.call("POST", "/push/subscriptions", browsers[-1].subscription)

    assert code(refused) == (409, "conflict")
    assert (await bob.call("POST", "/push/subscriptions", browsers[0].subscription)).status_code == 200
    assert len(await mine(bob)) == SUBSCRIPTIONS


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://[::ffff:192.168.1.1]/x",
        "https://bob:x@push.example.org/x",
        "http://push.example.org/x",
    ],
)
async def test_an_endpoint_inside_or_in_the_clear_is_refused(town: Town, url: str) -> None:
    bob = await town.newcomer()

    answer = await bob.call("POST", "/push/subscriptions", Device(url).subscription)

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["endpoint"]
    assert await mine(bob) == []


async def test_a_key_off_the_curve_is_refused(town: Town) -> None:
    bob, good = await town.newcomer(), device().subscription
    keys = {**good["keys"], "p256dh": BROWSER_KEY[:-4] + "AAAA"}

    answer = await bob.call("POST", "/push/subscriptions", {**good, "keys": keys})

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["keys.p256dh"]


async def test_what_ends_a_session_ends_its_devices(town: Town) -> None:
    ends: dict[str, Callable[[Person, Person], Awaitable[httpx.Response]]] = {
        "signs out": lambda bob, other: other.call("POST", "/auth/logout"),
        "is revoked": lambda bob, other: bob.call(
            "POST", "/auth/revoke", {"session_id": other.session["session_id"]}
        ),
        "has another password": lambda bob, other: bob.call(
            "PATCH", "/users/me", {"password": f"{PASSWORD} 2", "current_password": PASSWORD}
        ),
    }
    for end in ends.values():
        bob = await town.newcomer()
        other = await town.again(bob)
        stays, goes = await subscribe(bob, device()), await subscribe(other, device())
        assert await mine(bob) == [stays["id"], goes["id"]]

        assert (await end(bob, other)).is_success

        assert await mine(bob) == [stays["id"]]
        assert await kept(town, bob.id) == 1


async def test_who_may_not_sign_in_has_no_devices(town: Town) -> None:
    for how in ({"disabled": True}, None):
        bob = await town.newcomer()
        await subscribe(bob, device())

        if how:
            await town.admin.call("PATCH", f"/users/{bob.id}", how)
        else:
            await town.admin.call("PUT", f"/users/{bob.id}/ban", {"reason": "spam"})

        assert await kept(town, bob.id) == 0


async def test_no_bot_has_devices(town: Town) -> None:
    bot = await town.admin.post("/bots", {"username": "pusher"})
    scopes = {"name": "all", "scopes": ["read", "post", "manage"]}
    token = (await town.admin.post(f"/bots/{bot['id']}/tokens", scopes))["token"]

    answer = await town.nobody.post(
        "/push/subscriptions", json=device().subscription, headers={"Authorization": f"Bearer {token}"}
    )

    assert code(answer) == (403, "forbidden")


async def test_every_instance_has_the_one_key_and_keeps_it(new_database: NewDatabase, tmp_path: Path) -> None:
    async with new_database() as dsn:
        async with open_house(dsn, tmp_path / "a") as here, open_house(dsn, tmp_path / "b") as there:
            alice = await here.register("alice")
            keys = [
                (await house.person(alice.session).get("/instance"))["push_key"] for house in (here, there)
            ]
        async with open_house(dsn, tmp_path / "c") as later:
            keys.append((await later.person(alice.session).get("/instance"))["push_key"])

    assert len(set(keys)) == 1
    assert len(decoded(keys[0])) == 65


async def test_where_it_is_off_no_browser_is_offered_anything(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    async with new_database() as dsn, open_house(dsn, tmp_path, push="off") as house:
        alice = await house.register("alice")

        assert "push_key" not in await alice.get("/instance")
        refused = await alice.call("POST", "/push/subscriptions", device().subscription)

    assert code(refused) == (403, "forbidden")
    assert "CHALKLINE_PUSH" in refused.json()["detail"]
