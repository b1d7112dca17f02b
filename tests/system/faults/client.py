"""A client as protocol.md wants it: it posts under its own names, asks again when it isn't answered, and resumes.

Which wire it speaks over is not its business, nor which instance it comes to: any.
"""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.system.faults.accounts import Account
from tests.system.faults.history import LEFT, Frame, Recorder, Recv, Sub, frame_of, hash_of, key_of
from tests.system.faults.outbox import AGAIN_SECONDS, Outbox, Post
from tests.system.faults.wires import Maker, Refused, Wire

REMOVED, SIGN_IN_AGAIN = 4502, 4500


@dataclass(frozen=True, slots=True)
class Habits:
    """`flaps`: cuts its connection after so many seconds at most. `naps`: stops reading for as long, now and then."""

    flaps: float = 0.0
    naps: float = 0.0
    is_single: bool = False


class Client:
    """One client at its channels. `counts` tells what happened to it."""

    def __init__(
        self,
        name: str,
        account: Account,
        channels: Sequence[int],
        maker: Maker,
        habits: Habits,
        ports: Sequence[int],
        recorder: Recorder,
        rng: random.Random,
    ) -> None:
        self.name = name
        self.habits = habits
        self.channels = channels
        self.counts: Counter[str] = Counter()
        self.returns: list[float] = []
        """When it came back after it had been sent away."""
        self.is_stopping = False
        self.twins: list[Client] = []
        self.outbox = Outbox(name, account, recorder, self.counts, self._say)
        self._last: dict[int, int] = dict.fromkeys(channels, 0)
        self._account = account
        self._maker = maker
        self._ports = ports
        self._recorder = recorder
        self._rng = rng
        self._numbers = itertools.count(1)
        self._subs: dict[int, int] = {}
        self._heads: dict[int, int] = {}
        self._asked: dict[int, int] = {}
        self._put_out: set[int] = set()
        self._rows: dict[int, list[tuple[int, int]]] = {}
        self._was_sent_away = False
        self._begin()

    def _begin(self) -> None:
        """Of one connection."""
        self._wire: Wire | None = None
        self._early: list[bytes] = []
        self._pause = self._rng.uniform(0, 0.1)
        self._port = self._rng.choice(self._ports)

    # What the load asks of it.

    def post(self) -> None:
        """A new one, which its twins send as well."""
        key = f"{self.name}-{next(self._numbers)}"
        text = f"{key} {'x' * self._rng.choice((8, 40, 120))}"
        post = Post(self._rng.choice(self.channels), key, text)
        for client in (self, *self.twins):
            client.outbox.add(post)

    def check(self) -> None:
        """Once a second: nothing waits for an answer for ever."""
        if self._wire is not None and self.outbox.is_stalled:
            self.counts["stalled"] += 1
            self._wire.drop()

    def has_heard(self, heads: dict[int, int]) -> bool:
        return all(self._last[channel] >= heads[channel] for channel in self.channels)

    # One life of the connection after the other.

    async def run(self) -> None:
        while True:
            try:
                await self._live()
            except Refused as refused:
                self.counts[f"refused {refused.status}"] += 1
                if refused.status == 401:
                    await self._account.sign_in()
                await asyncio.sleep(AGAIN_SECONDS)
            except (OSError, TimeoutError):
                self.counts["unreachable"] += 1
                await asyncio.sleep(self._rng.uniform(0.02, 0.2))

    async def _live(self) -> None:
        self._begin()
        self._lost = asyncio.get_running_loop().create_future()
        wire = await self._maker.open(self._port, self._path(), self._account.token, self)
        self.counts["connects"] += 1
        if self._was_sent_away:
            self._was_sent_away = False
            self.returns.append(time.monotonic())
        self._wire = wire
        for text in self._early:
            self.heard(text)
        habit = asyncio.create_task(self._be_oneself(wire))
        try:
            code = await self._lost
        finally:
            habit.cancel()
            self._end()
        self.counts[f"closed {code}"] += 1
        if code == SIGN_IN_AGAIN:
            await self._account.sign_in()
        await asyncio.sleep(AGAIN_SECONDS if code == REMOVED else self._pause)

    def _path(self) -> str:
        if self.habits.is_single:
            return f"/ws/channels/{self.channels[0]}?after={self._last[self.channels[0]]}"
        return "/ws/system"

    async def _be_oneself(self, wire: Wire) -> None:
        while self.habits.flaps and not self.is_stopping:
            await asyncio.sleep(self._rng.uniform(0.2, self.habits.flaps))
            self.counts["flaps"] += 1
            wire.drop()
        while self.habits.naps and not self.is_stopping:
            await asyncio.sleep(self._rng.uniform(0.2, self.habits.naps))
            self.counts["naps"] += 1
            wire.read(False)
            await asyncio.sleep(self._rng.uniform(0.2, self.habits.naps))
            wire.read(True)

    def lost(self, code: int) -> None:
        if not self._lost.done():
            self._lost.set_result(code)

    def _end(self) -> None:
        self._flush()
        self.outbox.close()
        self._wire = None
        self._subs.clear()
        self._put_out.clear()

    # Frames.

    def heard(self, text: bytes) -> None:
        if self._wire is None:
            self._early.append(text)
            return
        frame = frame_of(text)
        if frame.channel_id in self._subs and frame.seq and frame.ref is None:
            self._take(frame.channel_id, frame)
        elif frame.type in ("ok", "error"):
            self._answered(frame)
        elif frame.type == "hello":
            self._greeted(frame)
        elif frame.type == "reconnect":
            self.counts["sent away"] += 1
            self._was_sent_away = True

    def _greeted(self, hello: Frame) -> None:
        if self.habits.is_single:
            self._subscribed(self.channels[0], hello.head_seq, self._last[self.channels[0]], [])
        else:
            for channel in self.channels:
                self._subscribe(channel)
        self.outbox.open(self._port)

    def _subscribe(self, channel: int) -> None:
        self._asked[channel] = self._last[channel]
        self._say(type="subscribe", ref=f"@{channel}", channel_id=channel, after=self._last[channel])

    def _subscribe_later(self, channel: int) -> None:
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._subscribe_if, self._wire, channel)

    def _subscribe_if(self, wire: Wire | None, channel: int) -> None:
        if wire is not None and wire is self._wire and channel not in self._subs.keys() - self._put_out:
            self._subscribe(channel)

    def _subscribed(self, channel: int, head: int, after: int, events: list[Frame]) -> None:
        self._flush()
        self._subs[channel] = number = next(self._numbers)
        self._heads[channel] = head
        self._put_out.discard(channel)
        self._recorder.add(
            Sub(time.monotonic(), self.name, self._account.id, channel, number, head, after, self._port)
        )
        for fact in events:
            self._take(channel, fact)

    def _answered(self, frame: Frame) -> None:
        if frame.type == "error":
            self.counts[f"error {frame.code}"] += 1
        if frame.ref is None or not frame.ref.startswith("@"):
            self.outbox.answered(frame)
        elif frame.type == "ok":
            channel = int(frame.ref[1:])
            self._subscribed(channel, frame.head_seq, self._asked[channel], frame.events or [])
        else:
            self._subscribe_later(int(frame.ref[1:]))

    def _say(self, **frame: Any) -> None:
        if self._wire is not None:
            self._wire.send(msgspec.json.encode(frame))

    # Facts.

    def _take(self, channel: int, fact: Frame) -> None:
        if not self._rows:
            asyncio.get_running_loop().call_soon(self._flush)
        self._rows.setdefault(channel, []).append((fact.seq, hash_of(fact)))
        self._last[channel] = fact.seq
        is_out = key_of(fact) == f"{LEFT}{self._account.id}" and fact.seq > self._heads[channel]
        if is_out and not self.habits.is_single:
            self.counts["removed"] += 1
            self._put_out.add(channel)
            self._subscribe_later(channel)

    def _flush(self) -> None:
        rows, self._rows = self._rows, {}
        for channel, heard in rows.items():
            self._recorder.add(Recv(time.monotonic(), self.name, channel, self._subs[channel], heard))
