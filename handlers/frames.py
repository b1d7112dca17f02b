"""From a frame of a text socket to a service, and back: frame type -> one call -> answer."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from connections.connection import Connection
from handlers.state import State
from models import frames, wire
from models.accounts import Actor
from models.chat import Posted, PostMessage
from models.errors import Fault, Forbidden, Invalid
from models.facts import channel_topic
from models.ids import ChannelId, Seq

log = structlog.get_logger()

WAITING = 64
"""Posts of one socket that may be on their way to the disk; then its next frame waits."""


class Conversation:
    """What one socket says and is told. `renew` is called with the actor of a new token."""

    def __init__(
        self,
        state: State,
        connection: Connection,
        actor: Actor,
        only: ChannelId | None,
        renew: Callable[[Actor], None],
    ) -> None:
        self._state = state
        self._connection = connection
        self._actor = actor
        self._only = only
        self._renew = renew
        self._posting = 0
        self._has_room = asyncio.Event()

    async def hear(self, text: str) -> None:
        """Answers one frame; a fault of any kind is told, and the socket stays open."""
        ref = None
        try:
            ask: frames.Ask = wire.decode(text, frames.Ask)  # type: ignore[arg-type]
            ref = ask.ref
            await self._answer(ask)
        except Fault as fault:
            self.tell_error(fault, ref or _reference(text))
        except Exception:
            log.exception("frame_failed", connection_id=self._connection.id)
            self.tell_error(Fault("Something went wrong here."), ref)

    def tell_error(self, fault: Fault, ref: str | None) -> None:
        retry_after = getattr(fault, "retry_after", None)
        self._say(frames.Error(ref=ref, code=fault.code, detail=fault.detail, retry_after=retry_after))

    def _say(self, answer: frames.Answer) -> None:
        self._connection.send(wire.encode(answer))

    async def _answer(self, ask: frames.Ask) -> None:
        match ask:
            case frames.MessagePost():
                await self._post(ask)
            case frames.Subscribe():
                await self.subscribe(self._channel(ask), ask.after, ref=ask.ref)
            case frames.Unsubscribe():
                self._state["manager"].unsubscribe(self._connection, channel_topic(self._channel(ask)))
                self._say(frames.Ok(ref=ask.ref))
            case frames.ChannelRead():
                await self._state["members"].mark_read(self._actor, self._channel(ask), Seq(ask.seq))
                self._say(frames.Ok(ref=ask.ref))
            case frames.Auth():
                await self._authenticate(ask)
            case frames.Ping():
                self._say(frames.Pong(ref=ask.ref))

    def _channel(self, ask: frames.ChannelFrame) -> ChannelId:
        if ask.channel_id is None and self._only is None:
            raise Invalid("Name a channel.", {"channel_id": "Required on this socket"})
        if ask.channel_id is not None and self._only not in (None, ask.channel_id):
            raise Invalid("This socket is for one channel.", {"channel_id": "Not this socket's channel"})
        return ChannelId(ask.channel_id or self._only or 0)

    async def _post(self, ask: frames.MessagePost) -> None:
        """Doesn't wait for the commit, so that the next post can share it; the answer follows the commit."""
        while self._posting >= WAITING:
            self._has_room.clear()
            await self._has_room.wait()
        channel = self._channel(ask)
        content = PostMessage(ask.client_id, ask.text, ask.reply_to, ask.thread, ask.attachments)
        future = self._state["chat"].post(self._actor, channel, content)
        self._posting += 1
        future.add_done_callback(partial(self._posted, ask.ref))

    def _posted(self, ref: str | None, future: "asyncio.Future[Posted]") -> None:
        self._posting -= 1
        self._has_room.set()
        if future.cancelled():
            return
        fault = future.exception()
        if fault is None:
            message = future.result().message
            self._say(
                frames.PostedOk(
                    ref=ref, channel_id=message.channel_id, seq=message.seq, created_at=message.created_at
                )
            )
        else:
            self.tell_error(fault if isinstance(fault, Fault) else Fault("Something went wrong here."), ref)

    async def subscribe(self, channel: ChannelId, after: int | None, *, ref: str | None) -> None:
        """Raises NotFound or Forbidden for who may not read the channel, Conflict for an `after` beyond its head."""
        resumed = await self._state["manager"].subscribe(
            self._connection, channel_topic(channel), self._admission(channel), after
        )
        self._say(
            frames.Subscribed(
                ref=ref,
                channel_id=channel,
                epoch=self._state["epoch"],
                head_seq=Seq(resumed.head_seq),
                events=[wire.raw(entry.payload) for entry in resumed.entries],
                complete=resumed.is_complete,
            )
        )
        self._state["manager"].start(resumed.subscription)

    def _admission(self, channel: ChannelId) -> Callable[[], Coroutine[Any, Any, int]]:
        async def admit() -> int:
            return (await self._state["members"].reader(self._actor, channel)).head_seq

        return admit

    async def _authenticate(self, ask: frames.Auth) -> None:
        actor = await self._state["accounts"].actor(ask.token)
        if actor.user_id != self._actor.user_id:
            raise Forbidden("This token is somebody else's.")
        self._actor = actor
        self._renew(actor)
        self._say(frames.Ok(ref=ask.ref))


def _reference(text: str) -> str | None:
    """The ref of a frame that is wrong otherwise, so that its sender can tell which."""
    try:
        return wire.decode(text, frames.Reference).ref
    except Fault:
        return None
