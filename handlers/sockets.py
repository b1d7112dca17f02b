"""The two text sockets: sign-in before the upgrade is accepted, hello, then frames until it ends.

On our own protocol a socket is adopted: frames come to its conversation by themselves, and this module's part is over
when it is set up. On another ASGI server a loop reads for it.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from starlette.websockets import WebSocket

from connections.asgi_writer import AsgiWriter
from connections.connection import Connection, Writer
from connections.manager import BEAT_SECONDS, CANNOT_PROMISE
from connections.protocol import EXTENSION, SocketProtocol
from connections.reader import Hear
from handlers.auth import SUBPROTOCOL, sign_in
from handlers.frames import Conversation
from handlers.scopes import demand
from handlers.state import State
from models import frames, wire
from models.accounts import Actor, User
from models.errors import Conflict, Invalid, NotFound, RateLimited, Unavailable
from models.facts import channel_topic, session_label, user_label, user_topic
from models.ids import MAX_ID, ChannelId, Seq

SIGN_IN_AGAIN = 4500
REMOVED = 4502

Greet = Callable[["Socket"], Awaitable[None]]


class Opened(Protocol):
    """A socket that was accepted, and is still to be set up."""

    @property
    def hear(self) -> Hear: ...

    async def set_up(self) -> None:
        """Raises NotFound for what has gone a moment ago, Unavailable."""

    def close(self, code: int, reason: str) -> None: ...


async def system_socket(websocket: WebSocket[State]) -> None:
    """/ws/system: everything of one user over one socket."""
    actor = await admit(websocket)

    async def greet(socket: Socket) -> None:
        await socket.listen_to_user(is_silent=False)

    await accept(websocket, lambda writer: Socket(websocket.state, writer, actor, None, greet))


async def channel_socket(websocket: WebSocket[State]) -> None:
    """/ws/channels/{channel_id}[?after=SEQ]: one channel, subscribed at once; what is missing follows the hello."""
    actor = await admit(websocket)
    channel, after = _channel(websocket), _after(websocket)
    async with websocket.state["manager"].holding(channel_topic(channel)):
        head = (await websocket.state["members"].reader(actor, channel)).head_seq

        async def greet(socket: Socket) -> None:
            await socket.listen_to_user(is_silent=True)
            await socket.follow(channel, head, after)

        await accept(websocket, lambda writer: Socket(websocket.state, writer, actor, channel, greet))


class Socket:
    """One accepted socket, from hello to close. Its manager tells it when it is over."""

    __slots__ = ("_actor", "_expiry", "_greeting", "_only", "_state", "connection", "conversation")

    def __init__(
        self, state: State, writer: Writer, actor: Actor, only: ChannelId | None, greeting: Greet
    ) -> None:
        self._state = state
        self._greeting = greeting
        self._actor = actor
        self._only = only
        owner = user_label(actor.user_id)
        self.connection = Connection(
            secrets.token_urlsafe(9), writer, owner, labels(actor), self._dropped, self._ended
        )
        self.conversation = Conversation(state, self.connection, actor, only, self._renew)
        self._expiry = self._watch_expiry()
        state["manager"].connect(self.connection)

    @property
    def hear(self) -> Hear:
        return self.conversation.hear

    async def set_up(self) -> None:
        await self._greeting(self)

    async def listen_to_user(self, *, is_silent: bool) -> None:
        """To the user's own log, where the end of sessions is told: from where it was when the session was checked."""
        head = self._actor.head_seq
        topic = user_topic(self._actor.user_id)
        manager = self._state["manager"]
        resumed = await manager.subscribe(
            self.connection, topic, partial(at_once, head), head, is_silent=is_silent, answers=False
        )
        if not is_silent:
            self._greet(await self._user())
        manager.start(resumed.subscription)

    async def follow(self, channel: ChannelId, head: Seq, after: int | None) -> None:
        """`head` is of when the right to read was checked, with the topic already listened to.

        An `after` beyond it comes from another life of the database, as the hello's epoch shows: the client is told
        to start over, and the socket is live from the head.
        """
        manager, topic = self._state["manager"], channel_topic(channel)
        is_foreign = after is not None and after > head
        resumed = await manager.subscribe(
            self.connection, topic, partial(at_once, head), None if is_foreign else after, answers=False
        )
        self._greet(await self._user(), channel, head)
        if is_foreign:
            self.conversation.tell_fault(Conflict(f"The newest fact is {head}: start over."))
        manager.start(resumed.subscription)

    async def _user(self) -> User:
        return await self._state["users"].get(self._actor, self._actor.user_id)

    def _greet(self, user: User, channel: ChannelId | None = None, head: Seq | None = None) -> None:
        self.connection.send(
            wire.encode(
                frames.Hello(
                    user=user,
                    connection_id=self.connection.id,
                    epoch=self._state["epoch"],
                    ping_seconds=2 * BEAT_SECONDS,
                    channel_id=channel,
                    head_seq=head,
                )
            )
        )

    def close(self, code: int, reason: str) -> None:
        self._state["manager"].close(self.connection, code, reason)

    def _dropped(self, topic: str) -> None:
        """A fact of the log ended a topic for this socket: its session or its place in a channel is gone."""
        if topic == user_topic(self._actor.user_id):
            self.close(SIGN_IN_AGAIN, "sign in again")
        elif self._only is not None:
            self.close(REMOVED, "removed from the channel")

    def _ended(self) -> None:
        self._expiry.cancel()
        self.conversation.end()

    def _renew(self, actor: Actor) -> None:
        self._actor = actor
        self.connection.labels = labels(actor)
        self._expiry.cancel()
        self._expiry = self._watch_expiry()

    def _watch_expiry(self) -> asyncio.TimerHandle:
        seconds = max(0.0, self._actor.expires_at - time.time())
        return asyncio.get_running_loop().call_later(seconds, self.close, SIGN_IN_AGAIN, "sign in again")


async def admit(websocket: WebSocket[State]) -> Actor:
    """Raises as `sign_in` does, and RateLimited for one socket too many."""
    actor = await sign_in(websocket)
    demand(actor, "read")
    open_already = websocket.state["manager"].presence.sockets_of(user_label(actor.user_id))
    if open_already >= websocket.state["max_sockets"]:
        raise RateLimited("You have too many sockets open.", retry_after=30)
    return actor


async def accept(websocket: WebSocket[State], open_: Callable[[Writer], Opened]) -> None:
    """From the handshake on the socket is what `open_` makes of its writer."""
    offered = websocket.scope.get("subprotocols", ())
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    own = websocket.scope.get("extensions", {}).get(EXTENSION)
    if isinstance(own, SocketProtocol):
        socket = open_(own)
        await _set_up(socket)
        own.adopt(socket.hear)
    else:
        async with AsgiWriter(websocket.send) as writer:
            socket = open_(writer)
            await _set_up(socket)
            await writer.while_open(_read(websocket, writer, socket))


async def _set_up(socket: Opened) -> None:
    try:
        await socket.set_up()
    except NotFound:
        socket.close(REMOVED, "removed from the channel")  # since it was checked, a moment ago
    except Unavailable:
        socket.close(CANNOT_PROMISE, "delivery cannot be promised")
    except BaseException:
        socket.close(1011, "could not be set up")
        raise


async def _read(websocket: WebSocket[State], writer: AsgiWriter, socket: Opened) -> None:
    while True:
        await writer.may_read.wait()
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        socket.hear(message.get("text") or message.get("bytes") or "")


async def at_once(head: int) -> int:
    return head


def labels(actor: Actor) -> frozenset[str]:
    return frozenset((user_label(actor.user_id), session_label(actor.session_id)))


def _channel(websocket: WebSocket[State]) -> ChannelId:
    channel = int(websocket.path_params["channel_id"])
    if not 0 < channel <= MAX_ID:
        raise NotFound("There is no such channel.")
    return ChannelId(channel)


def _after(websocket: WebSocket[State]) -> int | None:
    given = websocket.query_params.getlist("after")
    if not given:
        return None
    after = given[0]
    if len(given) > 1 or not (
        after.isascii() and after.isdigit() and len(after) <= 16 and int(after) <= MAX_ID
    ):
        raise Invalid("`after` is a seq, and stands there once.", {"after": "Expected a whole number"})
    return int(after)
