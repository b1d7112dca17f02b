"""/ws/sketches/{sketch_id}: y-websocket's wire, so any Yjs client can join who may read the channel, or has a link.

The socket listens to three topics: the sketch's for what is drawn, and, silently, its channel's and its user's for the
facts that end it.
"""

import asyncio
import secrets
import time
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from connections.connection import BUSY, Connection, Writer
from connections.framing import BINARY
from connections.protocol import EXTENSION, SocketProtocol
from handlers.auth import actor_of
from handlers.limits import limit_address
from handlers.scopes import may
from handlers.sockets import REMOVED, SIGN_IN_AGAIN, accept, admit, at_once, labels
from handlers.state import State
from models import frames, wire
from models.accounts import Actor
from models.errors import Fault, NotFound, RateLimited
from models.facts import channel_topic, link_label, sketch_label, sketch_topic, user_label, user_topic
from models.ids import MAX_ID, Seq, SketchId
from models.sketches import Sketch
from services.sketch_room import Room
from services.sketch_seat import Ended, Seat

MESSAGE_BYTES = 4 * 2**20 + 64
"""What one message may have: an update at its largest, and the few bytes before it."""

BROKEN, OTHER_EPOCH = 4501, 4503

_LINK_PROTOCOL = "link."


class Visitor(NamedTuple):
    """Who is at the door; `head` is that of the channel's log when the right to look was checked."""

    actor: Actor | None
    user: dict[str, Any] | None
    owner: str
    labels: frozenset[str]
    head: Seq
    may_draw: bool = False


async def sketch_socket(websocket: WebSocket[State]) -> None:
    """Draw together on one sketch."""
    sketches = websocket.state["sketches"]
    token = link_token(websocket)
    if token:
        await limit_address(websocket, "follow_link")
    actor = None if token else await admit(websocket)
    sketch = await sketches.shown_by(token) if token else await sketches.find(_sketch_id(websocket))
    if sketch.id != _sketch_id(websocket):
        raise NotFound("There is no such sketch.")
    async with websocket.state["manager"].holding(channel_topic(sketch.channel_id)):
        visitor = await (_member(websocket, actor, sketch) if actor else _guest(websocket, token or ""))
        async with websocket.state["rooms"].holding(sketch) as room:
            own = websocket.scope.get("extensions", {}).get(EXTENSION)
            if isinstance(own, SocketProtocol):
                own.message_bytes = MESSAGE_BYTES
            await accept(websocket, lambda writer: SketchSocket(websocket, writer, visitor, room))


class SketchSocket:
    """One accepted socket and its seat in the room. Fits handlers.sockets.Opened and services.sketch_seat.Peer."""

    def __init__(self, websocket: WebSocket[State], writer: Writer, visitor: Visitor, room: Room) -> None:
        self._state = state = websocket.state
        self._visitor = visitor
        self._room = room
        self._epoch = websocket.query_params.get("epoch")
        self.connection = Connection(
            secrets.token_urlsafe(9),
            writer,
            visitor.owner,
            visitor.labels | {sketch_label(room.sketch.id)},
            self._dropped,
            self._ended,
            BINARY,
        )
        self.seat = Seat(
            self,
            visitor.user,
            may_draw=visitor.may_draw,
            wants_notices=websocket.query_params.get("notices") == "1",
            is_limited=state["limits_rates"],
        )
        self._expiry: asyncio.TimerHandle | None = None
        self._watch_expiry(visitor.actor)
        state["manager"].connect(self.connection)

    async def set_up(self) -> None:
        sketch, actor = self._room.sketch, self._visitor.actor
        if self._epoch not in (None, "", sketch.epoch):
            self.close(OTHER_EPOCH, "another epoch: start over")
            return
        if actor is not None:
            await self._listen(user_topic(actor.user_id), actor.head_seq, is_silent=True)
        await self._listen(channel_topic(sketch.channel_id), self._visitor.head, is_silent=True)
        await self._listen(sketch_topic(sketch.id), self._room.seq, is_silent=False)
        if self.connection.is_open and not self._room.is_over:
            self._room.enter(self.seat)

    async def _listen(self, topic: str, head: int, *, is_silent: bool) -> None:
        manager = self._state["manager"]
        resumed = await manager.subscribe(
            self.connection, topic, partial(at_once, head), head, is_silent=is_silent, answers=False
        )
        manager.start(resumed.subscription)

    def hear(self, message: str | bytes) -> None:
        """Binary messages are the room's; a text one can only be a new token."""
        if not self.connection.is_open:
            return
        if isinstance(message, str):
            self._state["manager"].spawn(self._authenticate(message))
            return
        try:
            self._room.hear(self.seat, message)
        except Ended as end:
            self.close(end.code, end.reason)

    async def _authenticate(self, message: str) -> None:
        try:
            actor = await actor_of(self._state, wire.decode(message, frames.Auth).token)
        except Fault as fault:
            self.close(BROKEN if fault.code == "invalid" else SIGN_IN_AGAIN, "not a token that lets in")
            return
        if self._visitor.actor is None or actor.user_id != self._visitor.actor.user_id:
            self.close(SIGN_IN_AGAIN, "this token is somebody else's")
            return
        self.connection.labels = labels(actor) | {sketch_label(self._room.sketch.id)}
        self._watch_expiry(actor)

    # What the room asks of it.

    def send(self, message: bytes) -> None:
        self.connection.send(message)

    def close(self, code: int, reason: str) -> None:
        self._state["manager"].close(self.connection, code, reason)

    def hold(self) -> None:
        self.connection.hold(BUSY)

    def release(self) -> None:
        self.connection.release(BUSY)

    # Its end.

    def _dropped(self, topic: str) -> None:
        if topic.startswith("user:"):
            self.close(SIGN_IN_AGAIN, "sign in again")
        else:
            self.close(REMOVED, "removed, or the sketch is gone")

    def _ended(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        self._room.leave(self.seat)

    def _watch_expiry(self, actor: Actor | None) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        if actor is not None:
            seconds = max(0.0, actor.expires_at - time.time())
            loop = asyncio.get_running_loop()
            self._expiry = loop.call_later(seconds, self.close, SIGN_IN_AGAIN, "sign in again")


async def _member(websocket: WebSocket[State], actor: Actor, sketch: Sketch) -> Visitor:
    """Raises NotFound, or Forbidden, as everything in the channel does."""
    standing = await websocket.state["members"].reader(actor, sketch.channel_id)
    user = await websocket.state["users"].get(actor, actor.user_id)
    shown = {"id": user.id, "username": user.username, "name": user.display_name}
    may_draw = may(actor, "sketch") and not standing.is_muted
    return Visitor(actor, shown, user_label(actor.user_id), labels(actor), standing.head_seq, may_draw)


async def _guest(websocket: WebSocket[State], token: str) -> Visitor:
    link, head = await websocket.state["sketches"].link(token)
    owner = link_label(link)
    if websocket.state["manager"].presence.sockets_of(owner) >= websocket.state["max_sockets"]:
        raise RateLimited("Too many are following this link.", retry_after=30)
    return Visitor(None, None, owner, frozenset((owner,)), head)


def link_token(connection: HTTPConnection[Any]) -> str | None:
    """Of a link, from the subprotocol list or the header; it lets in whoever has it."""
    for protocol in connection.scope.get("subprotocols", ()):
        if protocol.startswith(_LINK_PROTOCOL):
            return str(protocol.removeprefix(_LINK_PROTOCOL))
    return connection.headers.get("X-Sketch-Link")


def _sketch_id(websocket: WebSocket[State]) -> SketchId:
    sketch = int(websocket.path_params["sketch_id"])
    if not 0 < sketch <= MAX_ID:
        raise NotFound("There is no such sketch.")
    return SketchId(sketch)
