"""One house for all tests of a module: each brings its own people and rooms, so that none is in another's way."""

import itertools
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jwt

from server.secret import signing_key
from server.settings import load_settings
from tests.house import NO_TLS, PATIENCE, House, Person, open_house

JSON = {"Content-Type": "application/json"}


class Town:
    """A house, its admin, and a look behind its walls: the rows it keeps and the key it signs with."""

    def __init__(self, house: House, dsn: str, key: bytes, admin: Person) -> None:
        self.house = house
        self.dsn = dsn
        self.key = key
        self.admin = admin
        self.nobody = httpx.AsyncClient(base_url=f"{house.url}/api/v1", timeout=PATIENCE, verify=NO_TLS)
        self._numbers = itertools.count(1)

    async def newcomer(self, name: str = "bob") -> Person:
        return await self.house.register(f"{name}{next(self._numbers)}")

    async def room(self, owner: Person, *members: Person, **more: Any) -> int:
        """A new channel of the owner's, with these members in it."""
        channel = await owner.channel(f"room {next(self._numbers)}", **more)
        for member in members:
            answer = await owner.call("PUT", f"/channels/{channel}/members/{member.id}")
            assert answer.status_code == 204, answer.text
        return channel

    async def again(self, person: Person) -> Person:
        """The same person in another session."""
        body = {"username": person.name, "password": "correct horse battery"}
        return self.house.person(await person.post("/auth/login", body))

    async def rows(self) -> dict[str, int]:
        """How many rows each table has, but for those that search fills by itself."""
        connection = await asyncpg.connect(self.dsn)
        try:
            tables = await connection.fetch(
                "select tablename from pg_tables where schemaname = 'public' and tablename <> all ($1)",
                ["message_index", "search_progress"],
            )
            return {
                name: await connection.fetchval(f'select count(*) from "{name}"')  # noqa: S608 - catalogue names
                for (name,) in tables
            }
        finally:
            await connection.close()

    def signed(self, person: Person, claims: Mapping[str, Any], key: bytes | None = None) -> str:
        """An access token as the house signs it, but for these claims; None leaves one out."""
        said = jwt.decode(person.token, options={"verify_signature": False}) | dict(claims)
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, key or self.key, algorithm="HS256")

    def expiring(self, person: Person, seconds: float) -> str:
        """A token that runs out so many seconds from now; the house's own leeway comes after that."""
        return self.signed(person, {"exp": math.ceil(time.time() + seconds)})


@asynccontextmanager
async def open_town(dsn: str, data_dir: Path, **flags: object) -> AsyncIterator[Town]:
    async with open_house(dsn, data_dir, **flags) as house:
        key = signing_key(load_settings({"data_dir": data_dir}))
        town = Town(house, dsn, key, await house.register("alice"))
        async with town.nobody:
            yield town


def code(answer: httpx.Response) -> tuple[int, str]:
    """An error's status and code, after a look at whether it is told as errors are."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:chalkline:error:{told['code']}"
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert told["title"]
    assert told["detail"]
    return answer.status_code, told["code"]
