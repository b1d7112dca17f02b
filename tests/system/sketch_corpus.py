"""Everything that is wrong with what a socket of a sketch may say, said to a real server: who says it is sent away with
the right code, and nobody else notices.

`python -m tests.system.sketch_corpus` prints each case, its close code, whether the server lives, and its memory.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from bench.processes import KIB, memory_of
from models import yjs
from tests.corpus import MESSAGES, UPDATES
from tests.house import House, Person
from tests.server.running import run
from tests.sketcher import LOST, Sketcher, sketching
from tests.yjs import NULL, block, struct, update_of

Act = Callable[[Sketcher], Awaitable[None]]

BROKEN, TOO_BIG, TOO_MUCH, OTHER_EPOCH, LOST_CODE = 4501, 1009, 4029, 4503, 1006
MEGABYTES = 64 * 2**20


class Case(NamedTuple):
    """`codes` are those it may be closed with; None among them: it stays, and what it said is dropped."""

    name: str
    act: Act
    codes: tuple[int | None, ...] = (BROKEN,)
    query: str = "?notices=1"


class Outcome(NamedTuple):
    """`is_unharmed`: the server lives, somebody else draws on, and nothing of the attacker's is in the sketch."""

    name: str
    code: int | None
    is_right: bool
    is_unharmed: bool
    mib: float

    def __str__(self) -> str:
        alive = "alive, peers untouched" if self.is_unharmed else "HARMED"
        code = f"{self.code or 'stays'}{'' if self.is_right else ' WRONG'}"
        return f"{self.name:<42} {code:<12} {alive:<24} {self.mib:7.1f} MiB"


def says(message: bytes) -> Act:
    return lambda his: his.send(message)


async def flood(his: Sketcher) -> None:
    for _ in range(2_000):
        await his.send(b"\x03")


async def gaps(his: Sketcher) -> None:
    for clock in range(5, 12):
        await his.send(yjs.sync_update(update_of(block(77, clock, struct(NULL, key=f"k{clock}")))))


async def foreign_deletions(his: Sketcher) -> None:
    for _ in range(6):
        await his.send(yjs.sync_update(update_of(deletions=b"\x01\x4d\x01\x00\x05")))


async def many_clients(his: Sketcher) -> None:
    for client in range(1000, 1100):
        await his.send(yjs.sync_update(update_of(block(client, 0, b"\x00\x01"))))


async def forged(his: Sketcher) -> None:
    """The state of somebody else's client: the first who named it has it."""
    state = yjs.State(1, 2**40, '{"user":{"id":1,"name":"alice"}}')
    await his.send(yjs.awareness([state]))
    await his.ask()
    await his.until(lambda: his.answered > 1)


async def nothing(his: Sketcher) -> None:
    """It is wrong already."""


def cases() -> Iterator[Case]:
    for name, update in UPDATES.items():
        size = len(update) >= MEGABYTES
        yield Case(name, says(yjs.sync_update(update)), (TOO_BIG, LOST_CODE) if size else (BROKEN,))
    for name, message in MESSAGES.items():
        yield Case(f"{name} (message)", says(message))
    yield Case("gaps, again and again", gaps)
    yield Case("deletions of what nobody knows", foreign_deletions)
    yield Case("100 new clients", many_clients, (TOO_MUCH,))
    yield Case("2,000 questions at once", flood, (TOO_MUCH,))
    yield Case("another epoch", nothing, (OTHER_EPOCH,), "?notices=1&epoch=another.1")
    yield Case("somebody else's state", forged, (None,))


async def tried(case: Case, alice: Person, mallory: Person, sketch: int, pid: int) -> Outcome:
    async with sketching(alice, sketch) as hers:
        await hers.say({"cursor": [1, 2]}, 1, client=1)
        code = await _code(case, mallory, sketch)
        is_unharmed = True
        try:
            await hers.draw(f"after {case.name}"[:60])
            await hers.all_saved()
            async with sketching(alice, sketch) as fresh:
                is_unharmed = fresh.pen.scene() == hers.pen.scene() and fresh.states[1]["cursor"] == [1, 2]
            is_unharmed = is_unharmed and all(key.startswith("after ") for key in hers.pen.el)
        except LOST:
            is_unharmed = False
    return Outcome(case.name, code, code in case.codes, is_unharmed, memory_of(pid).resident / KIB**2)


async def _code(case: Case, mallory: Person, sketch: int) -> int | None:
    code: int | None = None
    with suppress(AttributeError):  # asyncio's, where a transport is aborted that is gone already
        async with sketching(mallory, sketch, query=case.query) as his:
            with suppress(*LOST):
                await case.act(his)
            code = his.websocket.close_code if None in case.codes else await his.closed()
    return code


async def outcomes(place: Path) -> Sequence[Outcome]:
    """Of all cases, one after the other, at one server."""
    async with AsyncExitStack() as stack:
        words = ("serve", "--port", "0", "--data-dir", str(place), "--log-level", "error")
        server = stack.enter_context(run("server.cli", *words))
        house = await stack.enter_async_context(House(await asyncio.to_thread(server.url)))
        alice, mallory = [await house.register(name) for name in ("alice", "mallory")]
        channel = await alice.channel()
        await mallory.post(f"/channels/{channel}/join")
        sketch = (await alice.post(f"/channels/{channel}/sketches", {"title": "wall"}))["id"]
        pid = server.process.pid
        return [await tried(case, alice, mallory, sketch, pid) for case in cases()]


async def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        found = await outcomes(Path(name) / "data")
    for outcome in found:
        sys.stdout.write(f"{outcome}\n")
    wrong = [one for one in found if not (one.is_right and one.is_unharmed)]
    sys.stdout.write(f"{len(found)} cases, {len(wrong)} wrong, {found[-1].mib - found[0].mib:+.1f} MiB\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
