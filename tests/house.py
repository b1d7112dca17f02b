"""A whole instance inside the test: the real app on the real protocol and a real socket, and people who use it."""

import asyncio
import contextlib
import itertools
import json
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from connections.protocol import SocketProtocol
from server.app import create_app
from server.http_protocol import HttpProtocol
from server.instance import KEEP_ALIVE_SECONDS
from server.settings import Settings, load_settings

PASSWORD = "correct horse battery"
PATIENCE = 10.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak no TLS: without it each of them would read all authorities of the machine, 30 ms of CPU."""


class Person:
    """Somebody signed in. `call` speaks REST; `listen` opens a socket."""

    def __init__(self, url: str, session: dict[str, Any]) -> None:
        self.url = url
        self.session = session
        self.id: int = session["user"]["id"]
        self.name: str = session["user"]["username"]
        self.token: str = session["access_token"]
        self._http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=PATIENCE, verify=NO_TLS)

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return await self._http.request(method, path, json=body, headers=headers, **more)

    async def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON; the status must be 200."""
        answer = await self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        """The answer's JSON, None where it is empty; the status must be a good one."""
        answer = await self.call("POST", path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def channel(self, name: str = "general", **more: Any) -> int:
        """The id of a new channel."""
        made = await self.post("/channels", {"name": name, **more})
        return int(made["id"])

    async def say(self, channel: int, text: str, client_id: str | None = None, **more: Any) -> Any:
        body = {"client_id": client_id or f"{self.name}-{next(_numbers)}", "text": text, **more}
        return await self.post(f"/channels/{channel}/messages", body)

    @asynccontextmanager
    async def listen(self, path: str = "/ws/system", **options: Any) -> AsyncIterator["Ear"]:
        """An open socket, after its hello."""
        options.setdefault("additional_headers", {"Authorization": f"Bearer {self.token}"})
        options.setdefault("max_queue", None)
        async with connect(self.url.replace("http", "ws", 1) + path, **options) as websocket:
            ear = Ear(websocket)
            ear.hello = await ear.next("hello")
            yield ear


class Ear:
    """One socket: `ask` sends a frame and waits for its answer; what comes meanwhile is kept for `next`."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self.hello: Any = None
        self._kept: list[Any] = []

    async def frame(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self.websocket.recv())

    async def next(self, kind: str = "") -> Any:
        """The next frame of this type (of any, without one); others are kept."""
        for index, frame in enumerate(self._kept):
            if not kind or frame["type"] == kind:
                return self._kept.pop(index)
        while True:
            frame = await self.frame()
            if not kind or frame["type"] == kind:
                return frame
            self._kept.append(frame)

    async def send(self, kind: str, **fields: Any) -> None:
        await self.websocket.send(json.dumps({"type": kind, **fields}))

    async def ask(self, kind: str, **fields: Any) -> Any:
        """The answer with this ask's ref: an ok, a pong or an error."""
        ref = f"r{next(_numbers)}"
        await self.send(kind, ref=ref, **fields)
        while True:
            frame = await self.frame()
            if frame.get("ref") == ref:
                return frame
            self._kept.append(frame)

    async def closed(self) -> int:
        """The code with which the server ends the socket; what comes before it is kept."""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    self._kept.append(json.loads(await self.websocket.recv()))
        assert self.websocket.close_code is not None
        return self.websocket.close_code

    @property
    def kept(self) -> list[Any]:
        return self._kept


class House:
    """One running instance."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._people: list[Person] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for person in self._people:
            await person.close()

    async def register(self, name: str) -> Person:
        """A new account. The first one is the admin."""
        async with httpx.AsyncClient(base_url=f"{self.url}/api/v1", timeout=PATIENCE, verify=NO_TLS) as http:
            answer = await http.post("/auth/register", json={"username": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return self.person(answer.json())

    def person(self, session: dict[str, Any]) -> Person:
        """Somebody with this session."""
        person = Person(self.url, session)
        self._people.append(person)
        return person


async def visit(person: Person, house: House) -> Person:
    """The same user at another instance, in a session of its own."""
    return house.person(await person.post("/auth/login", {"username": person.name, "password": PASSWORD}))


@asynccontextmanager
async def open_house(dsn: str, data_dir: Path, **flags: object) -> AsyncIterator[House]:
    """An instance on a free port, in this event loop; `flags` are settings."""
    settings = load_settings({"data_dir": data_dir, **flags})
    # With its protocol named: only then asyncio turns Nagle's algorithm off, which costs 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(_configuration(settings, dsn))
    serving = asyncio.create_task(server.serve([listener]))
    while not server.started:
        if serving.done():
            await serving
        await asyncio.sleep(0.005)
    async with House(f"http://127.0.0.1:{listener.getsockname()[1]}") as house:
        yield house
    server.should_exit = True
    await serving


def _configuration(settings: Settings, dsn: str) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings, database_url=dsn, redis_url=settings.redis_url),
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_max_size=65_536,
        ws_per_message_deflate=settings.compression,
        lifespan="on",
        log_config=None,
        proxy_headers=False,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2,
    )


_numbers = itertools.count(1)
