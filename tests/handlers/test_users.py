"""Users as others see them, and what admins may do to them."""

import pytest

from tests.handlers.town import Town, code
from tests.house import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_user_changes_how_others_see_them(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")

    changed = await bob.call("PATCH", "/users/me", {"display_name": "Bob B.", "status": "at lunch"})

    assert changed.status_code == 200
    seen = await carol.get(f"/users/{bob.id}")
    assert seen == changed.json() == await bob.get("/users/me")
    assert (seen["display_name"], seen["status"], seen["username"]) == ("Bob B.", "at lunch", bob.name)


async def test_ones_other_devices_hear_that_one_changed_and_nobody_else_does(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    async with bob.listen() as phone, carol.listen() as other:
        await bob.call("PATCH", "/users/me", {})
        await bob.call("PATCH", "/users/me", {"status": "at lunch"})
        told = await phone.next("user.updated")
        await other.ask("ping")
        await phone.ask("ping")

    assert told == {"type": "user.updated", "user_id": bob.id}
    assert [frame for frame in (*other.kept, *phone.kept) if frame["type"] == "user.updated"] == []


async def test_a_user_makes_nobody_an_admin_least_of_all_themselves(town: Town) -> None:
    mallory, bob = await town.newcomer("mallory"), await town.newcomer()

    assert code(await mallory.call("PATCH", "/users/me", {"role": "admin"})) == (422, "invalid")
    assert code(await mallory.call("PATCH", f"/users/{mallory.id}", {"role": "admin"})) == (403, "forbidden")
    assert code(await mallory.call("PATCH", f"/users/{bob.id}", {"disabled": True})) == (403, "forbidden")
    assert code(await mallory.call("DELETE", f"/users/{bob.id}")) == (403, "forbidden")
    assert code(await mallory.call("DELETE", "/users/999999")) == (403, "forbidden")
    assert (await mallory.get("/users/me"))["role"] == "member"


async def test_the_list_leads_page_by_page_through_everybody_once(town: Town) -> None:
    ids = [(await town.newcomer("paged")).id for _ in range(5)]
    found: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = await town.admin.get("/users", q="PAGED", limit=2, **cursor)
        assert len(page["items"]) <= 2
        found += [user["id"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert found == ids


@pytest.mark.parametrize("q", ["%", "_", "\\", "' or true --", "null"])
async def test_a_search_knows_no_wildcards(town: Town, q: str) -> None:
    assert all(
        q in user["username"] + user["display_name"]
        for user in (await town.admin.get("/users", q=q))["items"]
    )


async def test_a_disabled_user_is_out_at_once_until_enabled_and_signed_in_again(town: Town) -> None:
    bob = await town.newcomer()
    async with bob.listen() as ear:
        disabled = await town.admin.call("PATCH", f"/users/{bob.id}", {"disabled": True})

        assert disabled.json()["disabled"] is True
        assert await ear.closed() == 4500
    credentials = {"username": bob.name, "password": PASSWORD}
    refused = [
        await bob.call("GET", "/users/me"),
        await town.nobody.post("/auth/login", json=credentials),
        await town.nobody.post("/auth/refresh", json={"refresh_token": bob.session["refresh_token"]}),
    ]
    assert [code(answer) for answer in refused] == [(401, "unauthenticated")] * 3

    await town.admin.call("PATCH", f"/users/{bob.id}", {"disabled": False})

    assert code(await bob.call("GET", "/users/me")) == (401, "unauthenticated")
    assert (await town.again(bob)).id == bob.id


async def test_a_change_of_role_takes_effect_through_a_new_sign_in(town: Town) -> None:
    bob = await town.newcomer()
    async with bob.listen() as ear:
        await town.admin.call("PATCH", f"/users/{bob.id}", {"role": "admin"})
        assert await ear.closed() == 4500

    promoted = await town.again(bob)

    assert (await promoted.get("/users/me"))["role"] == "admin"
    assert (await promoted.call("PATCH", f"/users/{bob.id}", {"role": "member"})).status_code == 200
    assert code(await promoted.call("GET", "/users/me")) == (401, "unauthenticated")


async def test_a_deleted_user_leaves_the_name_and_the_channels_but_not_the_messages(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    said = await bob.say(channel, "I was here")
    direct = await bob.post("/direct", {"user_ids": [carol.id]})
    async with bob.listen() as his, carol.listen(f"/ws/channels/{channel}") as hers:
        assert (await town.admin.call("DELETE", f"/users/{bob.id}")).status_code == 204

        assert await his.closed() == 4500
        assert (await hers.next("member.left"))["user_id"] == bob.id
        assert (await hers.next("member.changed"))["role"] == "owner"
    ghost = await carol.get(f"/users/{bob.id}")
    assert (ghost["username"], ghost["display_name"], ghost["deleted"]) == (
        "deleted user",
        "deleted user",
        True,
    )
    assert await carol.get(f"/channels/{channel}/messages/{said['seq']}") == said
    assert [m["user_id"] for m in (await carol.get(f"/channels/{channel}/members"))["items"]] == [carol.id]
    assert (await carol.get(f"/channels/{channel}"))["member_count"] == 1
    assert (await carol.get(f"/channels/{direct['id']}"))["member_count"] == 2
    assert (await carol.get("/users", q=bob.name))["items"] == []


async def test_the_name_of_a_deleted_user_is_free_and_everything_else_about_them_is_gone(town: Town) -> None:
    bob = await town.newcomer()
    await town.admin.call("DELETE", f"/users/{bob.id}")

    answers = [
        await bob.call("GET", "/users/me"),
        await town.nobody.post("/auth/login", json={"username": bob.name, "password": PASSWORD}),
        await town.nobody.post("/auth/login", json={"username": "deleted user", "password": PASSWORD}),
        await town.nobody.post("/auth/refresh", json={"refresh_token": bob.session["refresh_token"]}),
    ]
    assert [code(answer) for answer in answers] == [(401, "unauthenticated")] * 4
    for method, body in (("DELETE", None), ("PATCH", {"disabled": False})):
        assert code(await town.admin.call(method, f"/users/{bob.id}", body)) == (404, "not_found")
    again = await town.house.register(bob.name)
    assert again.id != bob.id


async def test_the_last_admin_stays(town: Town) -> None:
    path = f"/users/{town.admin.id}"
    for method, body in (("PATCH", {"role": "member"}), ("PATCH", {"disabled": True}), ("DELETE", None)):
        assert code(await town.admin.call(method, path, body)) == (409, "conflict")

    assert (await town.admin.get("/users/me"))["role"] == "admin"


@pytest.mark.parametrize(
    "user", ["0", "01", "-1", "1.0", "9007199254740992", "9" * 20, "9" * 5000, "me2", "%00"]
)
async def test_what_cannot_be_an_id_is_not_found(town: Town, user: str) -> None:
    assert code(await town.admin.call("GET", f"/users/{user}")) == (404, "not_found")
