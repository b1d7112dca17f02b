"""Who is there, over all instances: what each holds open is leased to the others, and forgotten when it falls silent.

Every instance says now and then whom it holds, and at once, but gathered, who came and went. One that isn't heard for
LEASE_SECONDS holds nobody. Whoever is gone for less than GRACE_SECONDS, to reload a page, has not been away.
"""

import asyncio
import math
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from connections.bus import Bus
from models.facts import Entry

TOPIC = "presence"
TICK_SECONDS = 0.5
GRACE_SECONDS = 3.0
RENEW_SECONDS = 4.0
LEASE_SECONDS = 10.0

Changed = Callable[[list[str], list[str]], object]
"""Told who has come and who has gone."""


class Report(msgspec.Struct, frozen=True):
    """What one instance tells the others: whom it holds, all of them or only what changed."""

    instance: str
    here: list[str]
    gone: list[str] = []
    is_whole: bool = False


class Presence:
    """Owners are opaque names. Belongs to a manager, which calls `arrive` and `leave` and runs `run`."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._me = secrets.token_hex(6)
        self._sockets: Counter[str] = Counter()
        self._leaving: dict[str, float] = {}
        self._here: set[str] = set()  # as told to the others
        self._others: dict[str, set[str]] = {}
        self._leases: dict[str, float] = {}
        self._known: set[str] = set()  # as told to `changed`
        self._renewed = -math.inf
        self.changed: Changed = _nobody

    def arrive(self, owner: str) -> None:
        self._sockets[owner] += 1
        self._leaving.pop(owner, None)

    def leave(self, owner: str) -> None:
        self._sockets[owner] -= 1
        if not self._sockets[owner]:
            del self._sockets[owner]
            self._leaving[owner] = time.monotonic()

    def sockets_of(self, owner: str) -> int:
        """How many this owner has open here."""
        return self._sockets[owner]

    @property
    def sockets(self) -> int:
        return self._sockets.total()

    @property
    def online(self) -> set[str]:
        """Everyone, wherever their sockets are."""
        return self._here.union(self._sockets, *self._others.values())

    def heard(self, entries: Sequence[Entry]) -> None:
        """From another instance."""
        for entry in entries:
            report = msgspec.json.decode(entry.payload, type=Report)
            if report.instance not in self._leases:
                self._renewed = -math.inf  # it is new here: it shall know soon whom we hold
            self._leases[report.instance] = time.monotonic()
            held = set() if report.is_whole else self._others.get(report.instance, set())
            self._others[report.instance] = (held | set(report.here)) - set(report.gone)

    async def run(self) -> None:
        await self._bus.listen(TOPIC)
        while True:
            self.tick(time.monotonic())
            await asyncio.sleep(TICK_SECONDS)

    def tick(self, now: float) -> None:
        """Tells what has changed since the last one."""
        came, gone = self._settle(now)
        if now - self._renewed > RENEW_SECONDS:
            self._renewed = now
            self._report(sorted(self._here), [], is_whole=True)
        elif came or gone:
            self._report(came, gone, is_whole=False)
        for instance in [one for one, heard in self._leases.items() if now - heard > LEASE_SECONDS]:
            del self._leases[instance], self._others[instance]
        online = self.online
        if online != self._known:
            self.changed(sorted(online - self._known), sorted(self._known - online))
            self._known = online

    def _settle(self, now: float) -> tuple[list[str], list[str]]:
        came = [owner for owner in self._sockets if owner not in self._here]
        gone = [owner for owner, left in self._leaving.items() if now - left > GRACE_SECONDS]
        self._here |= set(came)
        self._here -= set(gone)
        for owner in gone:
            del self._leaving[owner]
        return came, gone

    def _report(self, here: list[str], gone: list[str], *, is_whole: bool) -> None:
        report = Report(self._me, here, gone, is_whole)
        self._bus.publish(TOPIC, [Entry(0, msgspec.json.encode(report))])


def _nobody(came: list[str], gone: list[str]) -> None:
    pass
