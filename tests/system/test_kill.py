"""`kill -9` in the middle of everything: what was acknowledged is there, once, in its place."""

import asyncio
import random
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from tests.server.running import Running, run
from tests.system.faults.checker import check
from tests.system.faults.history import History, Read, Recorder
from tests.system.load import PATIENCE, Account, Sender, Subscriber, sign_up

KILLS = 20
SENDERS = 6
CHANNELS = 2


class Victim:
    """A server that is killed in the very moment of an acknowledgement, and started again at the same address."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self._place = place
        self._chance = chance
        self._port = "0"
        self._left = 0
        self._server: Running | None = None
        self.is_down = asyncio.Event()
        self.acks = 0

    def start(self, stack: AsyncExitStack) -> str:
        words = ("serve", "--port", self._port, "--data-dir", str(self._place), "--log-level", "warning")
        self._server = stack.enter_context(run("server.cli", *words))
        url = self._server.url()
        self._port = url.rsplit(":", 1)[1]
        return url

    def doom(self) -> None:
        """After so many more acknowledgements."""
        self.is_down.clear()
        self._left = self._chance.randint(10, 60)

    def acked(self) -> None:
        """Before its client posts again."""
        self.acks += 1
        self._left -= 1
        if self._left == 0 and self._server is not None:
            self._server.process.kill()
            self._server.process.wait()
            self.is_down.set()


async def test_what_was_acknowledged_survives_twenty_kills_in_a_row(tmp_path: Path) -> None:
    history, chance = Recorder(tmp_path / "history.jsonl"), random.Random(20)  # noqa: S311 - the same kills every time
    victim = Victim(tmp_path, chance)
    async with AsyncExitStack() as stack:
        url = await asyncio.to_thread(victim.start, stack)
        alice = await sign_up(url, "alice")
        channels = [
            (await alice.call("POST", "/channels", {"name": f"channel {n}"}))["id"] for n in range(CHANNELS)
        ]
        senders = [
            Sender(alice, channels[n % CHANNELS], f"s{n}", history, victim.acked) for n in range(SENDERS)
        ]
        readers = [Subscriber(alice, channel, f"reader of {channel}", history) for channel in channels]
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(reader.run()) for reader in readers]
            sending = [tasks.create_task(sender.run()) for sender in senders]
            for _ in range(KILLS):
                victim.doom()
                await victim.is_down.wait()
                await asyncio.to_thread(victim.start, stack)
            for sender in senders:
                sender.is_stopping = True
            await asyncio.wait(sending, timeout=PATIENCE)
            await read_all(alice, readers, history)
            for task in listening:
                task.cancel()

    history.close()
    assert {name: found for name, found in check(History(history.path)).items() if found} == {}
    assert victim.acks >= 10 * KILLS
    assert all(sender.connections >= KILLS // 2 for sender in senders)
    assert all(reader.connections >= KILLS // 2 for reader in readers)


async def read_all(alice: Account, readers: list[Subscriber], history: Recorder) -> None:
    """The logs as they are now; each subscriber gets the time to hear all of its own."""
    for reader in readers:
        rows = await alice.log(reader.channel)
        with suppress(TimeoutError):
            await reader.reach(rows[-1].seq)
        history.add(Read(time.monotonic(), 0, reader.channel, rows))
