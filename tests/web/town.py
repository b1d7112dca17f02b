"""People and channels made over REST, for tests that begin where somebody already uses the page."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser

from tests.databases import NewDatabase
from tests.house import House, Person
from tests.web.servers import MODULE, Server
from tests.web.visitor import Visitor, open_visitor

_numbers = itertools.count(1)


class Town:
    """One server's people. The first is alice, its admin."""

    def __init__(self, url: str) -> None:
        self.house = House(url)
        self.url = url
        self.alice: Person

    async def __aenter__(self) -> Self:
        await self.house.__aenter__()
        self.alice = await self.house.register("alice")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.house.__aexit__()

    async def newcomer(self, name: str = "bob") -> Person:
        return await self.house.register(f"{name}{next(_numbers)}")

    async def room(self, *members: Person, name: str = "room", **more: Any) -> int:
        """A channel of alice's, with these members."""
        channel = await self.alice.channel(f"{name} {next(_numbers)}", **more)
        for member in members:
            await self.alice.call("PUT", f"/channels/{channel}/members/{member.id}", {})
        return channel

    @asynccontextmanager
    async def at_the_page(
        self, browser: Browser, person: Person, path: str = "/", url: str = "", **options: Any
    ) -> AsyncIterator[Visitor]:
        """The person, signed in and on that view. `url` is where the page is reached, if not at the server itself."""
        async with open_visitor(browser, url or self.url, **options) as visitor:
            await visitor.sign_in(person.name)
            await visitor.open(path)
            yield visitor


@asynccontextmanager
async def open_town(
    new_database: NewDatabase, data_dir: Path, module: str = MODULE, **variables: str
) -> AsyncIterator[tuple[Server, Town]]:
    """A server of its own, and its people."""
    async with new_database() as dsn:
        with Server(data_dir, dsn, module, **variables) as server:
            async with Town(server.url) as town:
                yield server, town
