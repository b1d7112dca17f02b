"""Clients over real sockets that write down what they do and hear. They share no code with the server.

A client that loses its socket connects again and goes on: a sender with the post that was not acknowledged, a
subscriber after the last fact that it has.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.system.faults.history import (
    Frame,
    Recorder,
    Recv,
    Row,
    Sub,
    events_of,
    frame_of,
    hash_said,
    row_of,
)

LOST = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, EOFError)
PATIENCE = 30.0
PASSWORD = "correct horse battery"


class Account:
    """Somebody signed in at an address; REST without a socket."""

    def __init__(self, url: str, session: dict[str, Any]) -> None:
        self.url = url
        self.id: int = session["user"]["id"]
        self.token: str = session["access_token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self._answer(method, path, body)
        return answer.json() if answer.content else None

    async def _answer(self, method: str, path: str, body: Any = None) -> httpx.Response:
        async with httpx.AsyncClient(
            base_url=f"{self.url}/api/v1", timeout=PATIENCE, headers=self.headers
        ) as http:
            answer = await http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer

    async def log(self, channel: int) -> list[Row]:
        """The whole log of a channel, page by page."""
        rows: list[Row] = []
        while True:
            after = rows[-1].seq if rows else 0
            answer = await self._answer("GET", f"/channels/{channel}/events?after={after}&limit=1000")
            events = events_of(answer.content).events
            rows += map(row_of, events)
            if not events:
                return rows

    def connect(self, path: str) -> connect:
        return connect(
            self.url.replace("http", "ws", 1) + path,
            additional_headers=self.headers,
            open_timeout=PATIENCE,
            close_timeout=1,
            max_queue=None,
        )


async def sign_up(url: str, name: str, *, path: str = "register") -> Account:
    """Or, with another path, sign in."""
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=PATIENCE) as http:
        answer = await http.post(f"/auth/{path}", json={"username": name, "password": PASSWORD})
    assert answer.is_success, answer.text
    return Account(url, answer.json())


class Sender:
    """Posts one message after the other, until it is told to stop and all is acknowledged."""

    def __init__(
        self, account: Account, channel: int, name: str, history: Recorder, acked: Callable[[], None]
    ) -> None:
        self.account, self.channel, self.name, self.history = account, channel, name, history
        self.connections = 0
        self.is_stopping = False
        self._acked = acked
        self._posts = 0
        self._pending: dict[str, str] | None = None

    async def run(self) -> None:
        while not (self.is_stopping and self._pending is None):
            with suppress(*LOST):
                async with self.account.connect("/ws/system") as socket:
                    self.connections += 1
                    await self._post_on(socket)
            await asyncio.sleep(0.01)

    async def _post_on(self, socket: ClientConnection) -> None:
        while True:
            if self._pending is None:
                if self.is_stopping:
                    return
                self._pending = self._next()
            await socket.send(json.dumps(self._pending))
            answer = await _answer(socket, self._pending["ref"])
            self._settle(self._pending["ref"], answer)

    def _next(self) -> dict[str, Any]:
        self._posts += 1
        name = f"{self.name}-{self._posts}"
        hashed = hash_said(self.account.id, name, f"text of {name}")
        self.history.send("invoke", self.name, self.channel, name, hashed=hashed)
        return {
            "type": "message.post",
            "ref": name,
            "channel_id": self.channel,
            "client_id": name,
            "text": f"text of {name}",
        }

    def _settle(self, name: str, answer: dict[str, Any]) -> None:
        if answer["type"] == "ok":
            self._pending = None
            self.history.send("ok", self.name, self.channel, name, seq=answer["seq"])
            self._acked()
        elif answer["code"] != "unavailable":
            self._pending = None
            self.history.send("fail", self.name, self.channel, name, why=answer["code"])


async def _answer(socket: ClientConnection, ref: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame.get("ref") == ref:
                return frame


class Subscriber:
    """Listens to one channel, from its first fact on."""

    def __init__(self, account: Account, channel: int, name: str, history: Recorder) -> None:
        self.account, self.channel, self.name, self.history = account, channel, name, history
        self.connections = 0
        self.seq = 0
        self._came = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            with suppress(*LOST):
                path = f"/ws/channels/{self.channel}?after={self.seq}"
                async with self.account.connect(path) as socket:
                    self.connections += 1
                    async for frame in socket:
                        self._hear(frame_of(frame))
            await asyncio.sleep(0.01)

    def _hear(self, frame: Frame) -> None:
        now = time.monotonic()
        if frame.type == "hello":
            user, head = self.account.id, frame.head_seq
            self.history.add(Sub(now, self.name, user, self.channel, self.connections, head, self.seq))
        elif frame.seq:
            self.seq = frame.seq
            row = row_of(frame)
            self.history.add(Recv(now, self.name, self.channel, self.connections, [(row.seq, row.hashed)]))
            self._came.set()

    async def reach(self, seq: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.seq < seq:
                self._came.clear()
                await self._came.wait()
