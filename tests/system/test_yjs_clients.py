"""The unmodified y-websocket provider and pycrdt's own at two instances: whatever they do, all come to one picture."""

import anyio
from pycrdt import Provider
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.house import Person
from tests.sketcher import sketching
from tests.system.yjs_clients import yjs_clients
from tests.yjs import Pen

STYLE = {"kind": "rectangle", "color": "#e03131"}
PLACE = [1, 2, 0, 1, 3]


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
