"""People and REST calls of a run, by protocol.md alone."""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Any

import httpx

PASSWORD = "correct horse battery"
SECONDS = 6.0

PATIENCE_SECONDS = 120.0
"""Longer than anything that a nemesis does lasts."""


class NoAnswer(Exception):
    """No instance answered with anything but its own trouble; the text has the last one."""


class Door:
    """REST at any instance: a call goes to one of them, by chance."""

    def __init__(
        self, ports: Sequence[int], rng: random.Random, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._ports = ports
        self._patience = patience_seconds
        self._rng = rng
        self._http = httpx.AsyncClient(trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str = "",
        port: int | None = None,
        seconds: float = SECONDS,
    ) -> httpx.Response:
        """Raises httpx's errors, after which nobody knows what became of it."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{port or self._rng.choice(self._ports)}/api/v1{path}"
        return await self._http.request(method, url, json=body, headers=headers, timeout=seconds)

    async def insist(
        self, method: str, path: str, body: Any = None, token: str = "", port: int | None = None
    ) -> httpx.Response:
        """Again and again until an instance gives an answer that isn't its own trouble. Raises NoAnswer."""
        until = time.monotonic() + self._patience
        while True:
            try:
                answer = await self.call(method, path, body, token, port)
                if answer.status_code < 500:
                    return answer
                trouble = f"{answer.status_code} {answer.text}"
            except httpx.TransportError as error:
                trouble = repr(error)
            if time.monotonic() > until:
                raise NoAnswer(f"{method} {path} for {self._patience:g} s: {trouble}")
            await asyncio.sleep(0.1)

    async def made(self, path: str, body: Any, token: str = "") -> Any:
        """While nothing is broken yet."""
        answer = await self.call("POST", path, body, token, seconds=self._patience)
        assert answer.is_success, answer.text
        return answer.json()


class Account:
    """Somebody, and the token they have now."""

    def __init__(self, door: Door, session: dict[str, Any]) -> None:
        self._door = door
        self.name: str = session["user"]["username"]
        self.id: int = session["user"]["id"]
        self.token: str = session["access_token"]

    async def sign_in(self) -> None:
        """Again, when the token has run out."""
        answer = await self._door.insist("POST", "/auth/login", {"username": self.name, "password": PASSWORD})
        self.token = answer.json()["access_token"]


class Town:
    """The accounts and channels of a run; the first account owns every channel."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.accounts: list[Account] = []
        self.channels: list[int] = []
        self.members: dict[int, list[int]] = {}

    @property
    def owner(self) -> Account:
        return self.accounts[0]

    async def settle(self, accounts: int, channels: int, memberships: int) -> None:
        """Each but the owner is a member of so many channels; `members` has their places in `accounts`."""
        for number in range(accounts):
            body = {"username": f"person{number}", "password": PASSWORD}
            self.accounts.append(Account(self.door, await self.door.made("/auth/register", body)))
        for number in range(channels):
            made = await self.door.made("/channels", {"name": f"channel {number}"}, self.owner.token)
            self.channels.append(made["id"])
        for place, account in enumerate(self.accounts[1:], 1):
            for step in range(memberships):
                channel = self.channels[(place * memberships + step) % channels]
                await self.put(channel, account)
                self.members.setdefault(channel, []).append(place)

    async def put(self, channel: int, account: Account) -> None:
        answer = await self.door.insist(
            "PUT", f"/channels/{channel}/members/{account.id}", {}, self.owner.token
        )
        assert answer.is_success, answer.text

    def channels_of(self, place: int) -> list[int]:
        return [channel for channel in self.channels if place in self.members.get(channel, ())]
