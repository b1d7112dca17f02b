"""Those who come by REST: some who post, and one who puts a member out and lets them in again."""

import asyncio
import itertools
import random
import time
from collections import Counter

import httpx

from tests.system.faults.accounts import Account, Door, Town
from tests.system.faults.history import Recorder, Removal, hash_said


class RestPoster:
    """Posts one after the other, each to any instance, until it is answered."""

    def __init__(
        self, name: str, account: Account, channel: int, door: Door, recorder: Recorder, pause: float
    ) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self._account = account
        self._channel = channel
        self._door = door
        self._recorder = recorder
        self._pause = pause

    async def run(self, is_over: asyncio.Event) -> None:
        """What was begun is finished."""
        for number in itertools.count(1):
            if is_over.is_set():
                return
            await self._post(f"{self.name}-{number}")
            await asyncio.sleep(self._pause)

    async def _post(self, key: str) -> None:
        body = {"client_id": key, "text": f"{key} by REST"}
        hashed = hash_said(self._account.id, key, body["text"])
        is_sure = True
        while True:
            self._recorder.send("invoke", self.name, self._channel, key, hashed=hashed)
            why = "lost"
            try:
                answer = await self._door.call(
                    "POST", f"/channels/{self._channel}/messages", body, self._account.token
                )
            except httpx.TransportError:
                self.counts["unreachable"] += 1
            else:
                self.counts[f"status {answer.status_code}"] += 1
                if answer.is_success:
                    seq = answer.json()["seq"]
                    self._recorder.send("ok", self.name, self._channel, key, seq=seq)
                    return
                why = str(answer.status_code)
                if answer.status_code == 401:
                    await self._account.sign_in()
                elif answer.status_code < 500:
                    self._recorder.send("fail" if is_sure else "info", self.name, self._channel, key, why=why)
                    return
            is_sure = False
            self._recorder.send("info", self.name, self._channel, key, why=why)
            await asyncio.sleep(0.1)


class Bouncer:
    """Puts a member out of a channel and lets them in again, over and over; in the end they are in."""

    def __init__(self, town: Town, places: list[int], recorder: Recorder, rng: random.Random) -> None:
        self.removals = 0
        self._town = town
        self._places = places
        self._recorder = recorder
        self._rng = rng

    async def run(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            account = self._town.accounts[self._rng.choice(self._places)]
            channel = self._rng.choice(self._town.channels_of(self._town.accounts.index(account)))
            path = f"/channels/{channel}/members/{account.id}"
            await self._sign_in_if_needed()
            await self._town.door.insist("DELETE", path, None, self._town.owner.token)
            self.removals += 1
            self._recorder.add(Removal(time.monotonic(), channel, account.id))
            await asyncio.sleep(self._rng.uniform(0.3, 1.5))
            await self._town.put(channel, account)
            await asyncio.sleep(self._rng.uniform(0.3, 1.5))

    async def _sign_in_if_needed(self) -> None:
        owner = self._town.owner
        answer = await self._town.door.insist("GET", "/users/me", None, owner.token)
        if answer.status_code == 401:
            await owner.sign_in()
