"""The two text sockets: sign-in before the upgrade is accepted, hello, then frames until it ends.

The loop waits for nothing but the next frame and short calls, so pings, pongs and the close are always seen.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from starlette.websockets import WebSocket

from connections.asgi_writer import AsgiWriter
from connections.connection import Connection, Writer
from connections.protocol import EXTENSION
from handlers.auth import SUBPROTOCOL, sign_in
from handlers.frames import Conversation
from handlers.state import State
from models import frames, wire
from models.accounts import Actor
from models.errors import Invalid, NotFound
from models.facts import channel_topic, session_label, user_label, user_topic
from models.ids import MAX_ID, ChannelId, Seq

SIGN_IN_AGAIN = 4500
BROKEN_FRAMES = 4501
REMOVED = 4502
PING_SECONDS = 20

log = structlog.get_logger()


async def system_socket(websocket: WebSocket[State]) -> None:
    """/ws/system: everything of one user over one socket."""
    actor = await sign_in(websocket)
    async with _accepted(websocket, actor) as socket:
        await socket.listen_to_user(is_silent=False)
        await socket.greet()
        await socket.converse()


async def channel_socket(websocket: WebSocket[State]) -> None:
    """/ws/channels/{channel_id}[?after=SEQ]: one channel, subscribed at once; what is missing follows the hello."""
    actor = await sign_in(websocket)
    channel, after = _channel(websocket), _after(websocket)
    await websocket.state["members"].reader(actor, channel)
    async with _accepted(websocket, actor, channel) as socket:
        await socket.listen_to_user(is_silent=True)
        await socket.follow(channel, after)
        await socket.converse()


class Socket:
    """One accepted socket, from hello to close."""

    def __init__(
        self, websocket: WebSocket[State], writer: Writer, actor: Actor, only: ChannelId | None
    ) -> None:
        self._websocket = websocket
        self._state = websocket.state
        self._manager = websocket.state["manager"]
        self._actor = actor
        self.connection = Connection(secrets.token_urlsafe(9), writer, _labels(actor), self._dropped)
        self._conversation = Conversation(self._state, self.connection, actor, only, self._renew)
        self._is_for_one_channel = only is not None
        self._expiry = self._watch_expiry()

    async def listen_to_user(self, *, is_silent: bool) -> None:
        """To the user's own log, where the end of sessions is told; its head is of when the session was checked."""
        head = self._actor.head_seq

        async def admit() -> int:
            return head

        topic = user_topic(self._actor.user_id)
        resumed = await self._manager.subscribe(
            self.connection, topic, admit, head, is_silent=is_silent, answers=False
        )
        self._manager.start(resumed.subscription)

    async def greet(self, channel: ChannelId | None = None, head: int | None = None) -> None:
        user = await self._state["users"].get(self._actor, self._actor.user_id)
        self.connection.send(
            wire.encode(
                frames.Hello(
                    user=user,
                    connection_id=self.connection.id,
                    epoch=self._state["epoch"],
                    ping_seconds=PING_SECONDS,
                    channel_id=channel,
                    head_seq=None if head is None else Seq(head),
                )
            )
        )

    async def follow(self, channel: ChannelId, after: int | None) -> None:
        async def admit() -> int:
            return (await self._state["members"].reader(self._actor, channel)).head_seq

        resumed = await self._manager.subscribe(
            self.connection, channel_topic(channel), admit, after, answers=False
        )
        await self.greet(channel, resumed.head_seq)
        self._manager.start(resumed.subscription)

    async def converse(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                self._conversation.tell_error(Invalid("This socket speaks text frames."), None)
            else:
                await self._conversation.hear(text)

    def end(self) -> None:
        self._expiry.cancel()
        self._manager.disconnect(self.connection)

    def _dropped(self, topic: str) -> None:
        """A fact of the log ended a topic for this socket: its session or its place in a channel is gone."""
        if topic == user_topic(self._actor.user_id):
            self._manager.close(self.connection, SIGN_IN_AGAIN, "sign in again")
        elif self._is_for_one_channel:
            self._manager.close(self.connection, REMOVED, "removed from the channel")

    def _renew(self, actor: Actor) -> None:
        self._actor = actor
        self.connection.labels = _labels(actor)
        self._expiry.cancel()
        self._expiry = self._watch_expiry()

    def _watch_expiry(self) -> asyncio.TimerHandle:
        seconds = max(0.0, self._actor.expires_at - time.time())
        return asyncio.get_running_loop().call_later(
            seconds, lambda: self._manager.close(self.connection, SIGN_IN_AGAIN, "sign in again")
        )


@asynccontextmanager
async def _accepted(
    websocket: WebSocket[State], actor: Actor, only: ChannelId | None = None
) -> AsyncIterator[Socket]:
    offered = websocket.scope.get("subprotocols", ())
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    async with _writer(websocket) as writer:
        socket = Socket(websocket, writer, actor, only)
        websocket.state["manager"].connect(socket.connection)
        try:
            yield socket
        finally:
            socket.end()


@asynccontextmanager
async def _writer(websocket: WebSocket[State]) -> AsyncIterator[Writer]:
    """Our own protocol where uvicorn runs it, else the server's `send`."""
    own: Any = websocket.scope.get("extensions", {}).get(EXTENSION)
    if own is not None:
        yield own
    else:
        async with AsgiWriter(websocket.send) as writer:
            yield writer


def _labels(actor: Actor) -> frozenset[str]:
    return frozenset((user_label(actor.user_id), session_label(actor.session_id)))


def _channel(websocket: WebSocket[State]) -> ChannelId:
    channel = int(websocket.path_params["channel_id"])
    if not 0 < channel <= MAX_ID:
        raise NotFound("There is no such channel.")
    return ChannelId(channel)


def _after(websocket: WebSocket[State]) -> int | None:
    after = websocket.query_params.get("after")
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and int(after) <= MAX_ID):
        raise Invalid("`after` is a seq.", {"after": "Expected a whole number"})
    return int(after)
