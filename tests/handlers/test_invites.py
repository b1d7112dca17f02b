"""Who may register: everybody, those with an invitation, or nobody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.handlers.town import Town, code, open_town
from tests.house import PASSWORD, open_house


@pytest.fixture
async def club(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    """An instance for the invited; its first user needed no invitation."""
    async with open_town(database, tmp_path, registration="invite") as opened:
        yield opened


async def register(town: Town, name: str, invite: str | None) -> httpx.Response:
    body = {"username": name, "password": PASSWORD} | ({} if invite is None else {"invite": invite})
    return await town.nobody.post("/auth/register", json=body)


async def test_an_invitation_lets_in_as_many_as_it_says(club: Town) -> None:
    invite = (await club.admin.post("/auth/invites", {"uses": 2}))["invite"]

    answers = await asyncio.gather(*(register(club, f"guest{n}", invite) for n in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 403, 403, 403, 403]
    assert (await club.admin.get("/auth/invites"))["items"] == []


async def test_without_a_valid_invitation_nobody_comes_in_and_nothing_is_written(club: Town) -> None:
    taken_back = await club.admin.post("/auth/invites")
    await club.admin.call("DELETE", f"/auth/invites/{taken_back['id']}")
    before = await club.rows()

    for invite in (None, "", "no such code", "a\u0000b", taken_back["invite"], taken_back["id"]):
        assert code(await register(club, "mallory", invite)) == (403, "forbidden")

    assert await club.rows() == before


async def test_a_taken_name_uses_up_no_invitation(club: Town) -> None:
    invite = (await club.admin.post("/auth/invites"))["invite"]

    assert code(await register(club, "ALICE", invite)) == (409, "conflict")
    assert (await register(club, "bob", invite)).status_code == 201


async def test_invitations_are_for_admins_and_their_codes_are_shown_once(club: Town) -> None:
    made = await club.admin.post("/auth/invites", {"uses": 3, "hours": 1})
    bob = club.house.person((await register(club, "bob", made["invite"])).json())

    for method, path in (
        ("POST", "/auth/invites"),
        ("GET", "/auth/invites"),
        ("DELETE", f"/auth/invites/{made['id']}"),
    ):
        assert code(await bob.call(method, path)) == (403, "forbidden")
    assert (await club.admin.get("/auth/invites"))["items"] == [{**made, "invite": None, "uses_left": 2}]
    for unknown in ("no-such-invite", "a%00b", "x" * 65):
        assert code(await club.admin.call("DELETE", f"/auth/invites/{unknown}")) == (404, "not_found")


async def test_where_registration_is_closed_nobody_registers(database: str, tmp_path: Path) -> None:
    async with (
        open_house(database, tmp_path, registration="closed") as house,
        httpx.AsyncClient(base_url=f"{house.url}/api/v1") as http,
    ):
        answer = await http.post("/auth/register", json={"username": "alice", "password": PASSWORD})

    assert code(answer) == (403, "forbidden")
