"""The unmodified y-websocket provider and pycrdt's own at two instances: whatever they do, all come to one picture."""

import asyncio
import os
import random
import signal
from typing import Any

import anyio
import pytest
from pycrdt import Provider
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from server.embedded_valkey import EmbeddedValkey
from tests.house import Person
from tests.sketcher import sketching
from tests.system.yjs_clients import YjsClients, yjs_clients
from tests.yjs import Pen

STYLE = {"kind": "rectangle", "color": "#e03131"}
PLACE = [1, 2, 0, 1, 3]
SEEDS = 10


async def new_sketch(who: Person) -> int:
    channel = await who.channel()
    return int((await who.post(f"/channels/{channel}/sketches", {"title": "wall"}))["id"])


async def test_they_see_each_others_strokes_and_states(twins: tuple[Person, Person]) -> None:
    alice, elsewhere = twins
    sketch = await new_sketch(alice)
    async with yjs_clients() as node:
        await node.open("a", alice, sketch)
        await node.open("b", elsewhere, sketch)
        await node.do("set", "a", key="x", style=STYLE, place=PLACE)
        await node.do("say", "a", state={"cursor": [1, 2], "user": {"name": "somebody else"}})

        assert await node.do("sees", "b", key="x")
        assert await node.do("scene", "b") == {"el": {"x": STYLE}, "geo": {"x": PLACE}}
        assert await node.do("hears", "b", number=2)
        states = await node.do("states", "b")
        assert {"cursor": [1, 2], "user": {"id": alice.id, "username": "alice", "name": "alice"}} in states
        await node.do("disconnect", "a")
        assert await node.do("hears", "b", number=1)


async def test_offline_edits_are_merged_and_only_ones_own_are_undone(twins: tuple[Person, Person]) -> None:
    alice, elsewhere = twins
    sketch = await new_sketch(alice)
    async with yjs_clients() as node:
        await node.open("a", alice, sketch)
        await node.open("b", elsewhere, sketch)
        await node.do("disconnect", "a")
        await node.do("set", "a", key="offline", style=STYLE, place=PLACE)
        await node.do("set", "b", key="online", style=STYLE, place=PLACE)
        await node.do("connect", "a")
        assert await node.do("sees", "a", key="online")
        assert await node.do("sees", "b", key="offline")

        await node.do("undo", "a")

        assert await node.do("sees", "b", key="offline", gone=True)
        assert "online" in (await node.do("scene", "a"))["el"]
        await node.do("redo", "a")
        assert await node.do("sees", "b", key="offline")


async def test_a_client_goes_on_at_another_instance(twins: tuple[Person, Person]) -> None:
    alice, elsewhere = twins
    sketch = await new_sketch(alice)
    async with yjs_clients() as node:
        await node.open("a", alice, sketch)
        await node.do("set", "a", key="before", style=STYLE, place=PLACE)
        await node.open("a", elsewhere, sketch, what="move")
        await node.do("set", "a", key="after", style=STYLE, place=PLACE)
        await node.open("b", alice, sketch)

        assert await node.do("sees", "b", key="before")
        assert await node.do("sees", "b", key="after")


class Channel:
    """What pycrdt's provider wants of a socket."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self.path = "sketch"

    def __aiter__(self) -> "Channel":
        return self

    async def __anext__(self) -> bytes:
        return await self.recv()

    async def send(self, message: bytes) -> None:
        await self._websocket.send(message)

    async def recv(self) -> bytes:
        message = await self._websocket.recv()
        assert isinstance(message, bytes)
        return message


async def test_pycrdts_own_provider_draws_along(twins: tuple[Person, Person]) -> None:
    alice, elsewhere = twins
    sketch = await new_sketch(alice)
    pen = Pen()
    async with sketching(alice, sketch) as hers:
        await hers.draw("before")
        await hers.all_saved()
        url = f"{elsewhere.url.replace('http', 'ws', 1)}/ws/sketches/{sketch}"
        protocols = [Subprotocol("chalkline.v1"), Subprotocol(f"bearer.{elsewhere.token}")]
        async with connect(url, subprotocols=protocols) as websocket, Provider(pen.doc, Channel(websocket)):
            with anyio.fail_after(10):
                while "before" not in pen.el:  # noqa: ASYNC110 - it has no way to tell
                    await anyio.sleep(0.01)
            pen.draw("by the provider")
            await hers.sees("by the provider")

            assert pen.scene() == hers.pen.scene()


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_whatever_happens_all_come_to_one_picture(
    twins: tuple[Person, Person], valkey: EmbeddedValkey, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time
    sketch = await new_sketch(twins[0])
    async with yjs_clients() as node:
        for name in "abc":
            await node.open(name, chance.choice(twins), sketch)
        pens = [Pen(), Pen()]
        for turn in range(4):
            if turn == seed % 4:
                os.kill(valkey.pid or 0, signal.SIGKILL)
            await scribble(node, twins, pens, sketch, chance)
            await asyncio.to_thread(valkey.revive)
        async with sketching(twins[0], sketch) as last:
            for name in "abc":
                await node.open(name, chance.choice(twins), sketch, what="move")
            for pen in pens:
                async with sketching(chance.choice(twins), sketch, pen) as one:
                    await one.all_saved()
            await agree(node, twins, last.pen, sketch)


async def scribble(
    node: YjsClients, twins: tuple[Person, Person], pens: list[Pen], sketch: int, chance: random.Random
) -> None:
    """Edits of everyone, some while they are away; a socket of pycrdt's ends without a goodbye."""
    away = chance.choice("abc")
    await node.do("disconnect", away)
    for pen in pens:
        async with sketching(chance.choice(twins), sketch, pen) as one:
            for _ in range(chance.randrange(6)):
                await one.draw(f"e{chance.randrange(12)}", color=f"#{chance.randrange(10**6):06}")
            if chance.random() < 0.3 and pen.el.to_py():
                del pen.el[chance.choice(sorted(pen.el.to_py() or {}))]
                await one.give(pen.updates[-1])
            one.websocket.transport.abort()
    for name in "abc":
        for _ in range(chance.randrange(8)):
            key, color = f"e{chance.randrange(12)}", f"#{chance.randrange(10**6):06}"
            what = chance.choice(("set", "set", "set", "delete", "undo"))
            await node.do(what, name, key=key, style={**STYLE, "color": color}, place=PLACE)
    if chance.random() < 0.5:
        await node.open(chance.choice("abc".replace(away, "")), chance.choice(twins), sketch, what="move")
    await node.do("connect", away)


async def agree(node: YjsClients, twins: tuple[Person, Person], pen: Pen, sketch: int) -> None:
    """Every client, both instances and the replay of the log."""
    async with asyncio.timeout(20):
        while True:
            scenes: list[Any] = [await node.do("scene", name) for name in "abc"]
            scenes.append({root: picture for root, picture in pen.scene().items() if root != "meta"})
            for twin in twins:
                async with sketching(twin, sketch) as fresh:
                    scenes.append(
                        {root: picture for root, picture in fresh.pen.scene().items() if root != "meta"}
                    )
            if all(scene == scenes[0] for scene in scenes):
                break
            await asyncio.sleep(0.05)
    assert not any([await node.do("pending", name) for name in "abc"])
