"""What a server says about itself before anybody has signed in."""

from importlib.metadata import version
from pathlib import Path

import httpx

from tests.house import House, open_house


async def test_a_server_says_that_it_waits_for_its_first_user(house: House) -> None:
    async with httpx.AsyncClient(base_url=f"{house.url}/api/v1") as http:
        before = (await http.get("/instance")).json()
        await house.register("alice")
        after = (await http.get("/instance")).json()

    assert len(before["push_key"]) == 87
    said = {
        "name": "Chalkline",
        "version": version("chalkline"),
        "registration": "open",
        "file_bytes": 100 * 2**20,
        "push_key": before["push_key"],
    }
    assert before == said | {"is_new": True}
    assert after == said | {"is_new": False}


async def test_a_server_says_what_its_operator_has_chosen(database: str, tmp_path: Path) -> None:
    async with (
        open_house(database, tmp_path, name="The Attic", registration="invite") as house,
        httpx.AsyncClient(base_url=f"{house.url}/api/v1") as http,
    ):
        found = (await http.get("/instance")).json()

    assert (found["name"], found["registration"]) == ("The Attic", "invite")
