"""A Yjs client written for the tests: y-websocket's wire over a socket of a house, with nothing hidden."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from models import yjs
from models.lib0 import Lib0Reader
from tests.house import PATIENCE, Person
from tests.yjs import Pen

LOST = (OSError, TimeoutError, EOFError, WebSocketException)
"""How a socket ends whose server was killed."""


class Sketcher:
    """Somebody at a sketch. What comes is applied to `pen` as it comes."""

    def __init__(self, websocket: ClientConnection, pen: Pen) -> None:
        self.websocket = websocket
        self.pen = pen
        self.sent = self.saved = 0
        self.answered = self.updates = 0
        self.notices: list[dict[str, Any]] = []
        self.states: dict[int, Any] = {}
        self._something = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def send(self, message: bytes) -> None:
        await self.websocket.send(message)

    async def give(self, update: bytes) -> None:
        self.sent += 1
        await self.send(yjs.sync_update(update))

    async def draw(self, element: str, **style: Any) -> None:
        await self.give(self.pen.draw(element, {"kind": "stroke", **style}))

    async def say(self, state: Any, clock: int, client: int | None = None) -> None:
        client = self.pen.doc.client_id if client is None else client
        text = state if isinstance(state, str) else json.dumps(state)
        await self.send(yjs.awareness([yjs.State(client, clock, text)]))

    async def ask(self) -> None:
        await self.send(yjs.sync_step_1(self.pen.doc.get_state()))

    async def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds), self._something:
            await self._something.wait_for(is_so)

    async def sees(self, *elements: str) -> None:
        await self.until(lambda: all(element in self.pen.el for element in elements))

    async def all_saved(self) -> None:
        await self.until(lambda: self.saved >= self.sent)

    async def closed(self) -> int:
        async with asyncio.timeout(PATIENCE):
            await self.websocket.wait_closed()
        assert self.websocket.close_code is not None
        return self.websocket.close_code

    async def end(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                message = await self.websocket.recv()
                assert isinstance(message, bytes)
                answer = self._take(Lib0Reader(message))
                if answer:
                    await self.send(answer)
                async with self._something:
                    self._something.notify_all()

    def _take(self, reader: Lib0Reader) -> bytes | None:
        kind = reader.number()
        if kind == yjs.SAVED:
            self.saved = reader.number()
        elif kind == yjs.NOTICE:
            self.notices.append(json.loads(reader.text()))
        elif kind == yjs.AWARENESS:
            for client, _, text in yjs.read_awareness(reader.bytes(), most=10_000):
                self.states[client] = json.loads(text)
        else:
            return self._sync(reader)
        return None

    def _sync(self, reader: Lib0Reader) -> bytes | None:
        step, data = reader.number(), reader.bytes()
        if step == yjs.STEP_1:
            self.sent += 1
            return yjs.sync_step_2(self.pen.doc.get_update(data))
        self.answered += step == yjs.STEP_2
        self.updates += step == yjs.UPDATE
        self.pen.hear(data)
        return None


@asynccontextmanager
async def sketching(
    who: Person | str, sketch: int, pen: Pen | None = None, query: str = "?notices=1", url: str = ""
) -> AsyncIterator[Sketcher]:
    """In sync with the server; `who` may be the token of a link, with the house's `url`."""
    protocol = f"bearer.{who.token}" if isinstance(who, Person) else f"link.{who}"
    url = url or (who.url if isinstance(who, Person) else "")
    address = f"{url.replace('http', 'ws', 1)}/ws/sketches/{sketch}{query}"
    async with connect(
        address,
        subprotocols=[Subprotocol("chalkline.v1"), Subprotocol(protocol)],
        max_size=None,
        max_queue=None,
    ) as websocket:
        sketcher = Sketcher(websocket, pen or Pen())
        with contextlib.suppress(
            TimeoutError, ConnectionClosed
        ):  # refused after the handshake: the test will see
            await sketcher.ask()
            await sketcher.until(lambda: sketcher.answered > 0 or websocket.close_code is not None, 3)
        try:
            yield sketcher
        finally:
            await sketcher.end()
