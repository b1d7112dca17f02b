"""From a frame of a text socket to a service, and back: frame type -> one call -> answer.

Posts are handed on as they arrive, so that those of one moment share a commit; whatever has to wait is done one after
the other, in the order it was asked.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from functools import partial

import structlog

from connections.connection import BUSY, Connection
from handlers.acts import act
from handlers.auth import actor_of
from handlers.scopes import demand
from handlers.state import State
from models import frames, wire
from models.accounts import Actor
from models.ai import AskAi
from models.chat import Posted, PostMessage
from models.errors import Fault, Forbidden, Invalid, RateLimited
from models.facts import channel_topic
from models.ids import ChannelId, RunId, Seq

log = structlog.get_logger()

POSTING = 64
"""Posts of one socket that may be on their way to the disk before it is read on."""

WAITING = 16
"""Other asks of one socket that may wait before it is read on."""

FRAMES, FRAMES_SECONDS = 400, 4
"""What one socket may say in so many seconds."""

BROKEN = 32
"""Frames in a row that aren't JSON, after which the client is taken for broken."""

TOO_MANY, BROKEN_FRAMES = 4029, 4501

_READING = (frames.Subscribe, frames.Unsubscribe, frames.Auth, frames.Ping)


class Conversation:
    """What one socket says and is told. `renew` is called with the actor of a new token."""

    __slots__ = (
        "_acks", "_actor", "_broken", "_chat", "_connection", "_frames", "_frames_since", "_only", "_posting", "_renew",
        "_state", "_waiting", "_worker",
    )  # fmt: skip

    def __init__(
        self,
        state: State,
        connection: Connection,
        actor: Actor,
        only: ChannelId | None,
        renew: Callable[[Actor], None],
    ) -> None:
        self._state = state
        self._chat = state["chat"]
        self._acks = state["manager"].counts.acks
        self._connection = connection
        self._actor = actor
        self._only = only
        self._renew = renew
        self._posting = 0
        self._waiting: deque[frames.Ask] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._frames = 0
        self._frames_since = 0.0
        self._broken = 0

    def hear(self, message: str | bytes) -> None:
        """One frame. A fault of any kind is told, and the socket stays open; a flood or noise ends it."""
        if not self._connection.is_open or self._is_flooding():
            return
        try:
            ask = _decode(message)
        except Invalid as fault:
            self._refuse(message, fault)
            return
        self._broken = 0
        if self._worker is None and type(ask) is frames.MessagePost:
            self._attempt(ask)
        else:
            self._queue(ask)

    def end(self) -> None:
        """The socket is gone: what was posted is committed, what else it asked is dropped."""
        if self._worker is not None:
            self._worker.cancel()

    def _refuse(self, message: str | bytes, fault: Invalid) -> None:
        self._broken += 1
        if self._broken >= BROKEN:
            self._state["manager"].close(self._connection, BROKEN_FRAMES, "broken frames")
        else:
            self.tell_fault(fault, _reference(message))

    def _is_flooding(self) -> bool:
        self._frames += 1
        if self._frames <= FRAMES or not self._state["limits_rates"]:
            return False
        now = asyncio.get_running_loop().time()
        since, self._frames_since, self._frames = self._frames_since, now, 0
        if now - since >= FRAMES_SECONDS:
            return False
        self.tell_fault(RateLimited("Too many frames.", FRAMES_SECONDS))
        self._state["manager"].close(self._connection, TOO_MANY, "too many frames")
        return True

    def _attempt(self, ask: frames.MessagePost) -> None:
        try:
            self._demand_scope(ask)
            self._post(ask)
        except Fault as fault:
            self.tell_fault(fault, ask.ref)

    def _queue(self, ask: frames.Ask) -> None:
        self._waiting = self._waiting or deque()
        self._waiting.append(ask)
        if len(self._waiting) >= WAITING:
            self._connection.hold(BUSY)
        if self._worker is None:
            self._worker = self._state["manager"].spawn(self._work())

    async def _work(self) -> None:
        while self._waiting and self._connection.is_open:
            ask = self._waiting.popleft()
            try:
                await self._answer(ask)
            except Fault as fault:
                self.tell_fault(fault, ask.ref)
            except Exception:
                log.exception("frame_failed", connection_id=self._connection.id)
                self.tell_fault(Fault("Something went wrong here."), ask.ref)
        self._worker = self._waiting = None
        self._regulate()

    def _regulate(self) -> None:
        if self._posting < POSTING and len(self._waiting or ()) < WAITING:
            self._connection.release(BUSY)

    def _demand_scope(self, ask: frames.Ask) -> None:
        """Of a bot, whose token let it in to read. Raises Forbidden."""
        if self._actor.scopes is not None and not isinstance(ask, _READING):
            demand(self._actor, "post")

    async def _answer(self, ask: frames.Ask) -> None:
        self._demand_scope(ask)
        match ask:
            case frames.MessagePost():
                self._post(ask)
            case frames.Subscribe() | frames.Unsubscribe():
                await self._listen(ask)
            case frames.Type():
                await self._type(self._channel(ask))
            case frames.AiAsk() | frames.AiStop():
                await self._use_ai(ask)
            case frames.Auth():
                await self._authenticate(ask)
            case frames.Ping():
                self._say(frames.Pong(ref=ask.ref))
            case _:
                self._say(await act(self._state, self._actor, self._channel(ask), ask))

    def _channel(self, ask: frames.ChannelFrame) -> ChannelId:
        if ask.channel_id is None and self._only is None:
            raise Invalid("Name a channel.", {"channel_id": "Required on this socket"})
        if ask.channel_id is not None and self._only not in (None, ask.channel_id):
            raise Invalid("This socket is for one channel.", {"channel_id": "Not this socket's channel"})
        return ChannelId(ask.channel_id or self._only or 0)

    def _post(self, ask: frames.MessagePost) -> None:
        """The answer follows the commit; the next frame doesn't wait for it."""
        content = PostMessage(
            ask.client_id, ask.text, ask.reply_to, ask.thread, ask.attachments, ask.to_channel
        )
        future = self._chat.post(self._actor, self._channel(ask), content)
        self._posting += 1
        if self._posting >= POSTING:
            self._connection.hold(BUSY)
        future.add_done_callback(partial(self._posted, ask.ref, time.perf_counter()))

    def _posted(self, ref: str | None, began: float, future: "asyncio.Future[Posted]") -> None:
        self._posting -= 1
        self._acks.observe(time.perf_counter() - began)
        self._regulate()
        if future.cancelled():
            return
        fault = future.exception()
        if isinstance(fault, Fault):
            self.tell_fault(fault, ref)
        elif fault is not None:
            self.tell_fault(Fault("Something went wrong here."), ref)
        else:
            posted = future.result().message
            answer = frames.PostedOk(
                ref=ref, channel_id=posted.channel_id, seq=posted.seq, created_at=posted.created_at
            )
            self._connection.send_soon(wire.encode(answer))

    async def _listen(self, ask: frames.Subscribe | frames.Unsubscribe) -> None:
        if isinstance(ask, frames.Subscribe):
            await self._subscribe(ask)
            return
        self._state["manager"].unsubscribe(self._connection, channel_topic(self._channel(ask)))
        self._say(frames.Ok(ref=ask.ref))

    async def _subscribe(self, ask: frames.Subscribe) -> None:
        """Raises NotFound or Forbidden for who may not read the channel, Conflict for an `after` beyond its head."""
        channel, manager = self._channel(ask), self._state["manager"]

        async def admit() -> int:
            return (await self._state["members"].reader(self._actor, channel)).head_seq

        resumed = await manager.subscribe(self._connection, channel_topic(channel), admit, ask.after)
        self._say(
            frames.Subscribed(
                ref=ask.ref,
                channel_id=channel,
                epoch=self._state["epoch"],
                head_seq=Seq(resumed.head_seq),
                events=[wire.raw(entry.payload) for entry in resumed.entries],
                complete=resumed.is_complete,
            )
        )
        manager.start(resumed.subscription)

    async def _type(self, channel: ChannelId) -> None:
        """Who listens to the channel here was let in when it began to; who doesn't is looked up."""
        if channel_topic(channel) not in self._connection.subscriptions:
            await self._state["members"].reader(self._actor, channel)
        self._state["presence"].typing(self._actor, channel)

    async def _use_ai(self, ask: frames.AiAsk | frames.AiStop) -> None:
        """An ask is answered after its commit; what the model says comes as facts of the channel."""
        if isinstance(ask, frames.AiStop):
            await self._state["ai"].stop(self._actor, RunId(ask.run_id))
            self._say(frames.Ok(ref=ask.ref))
            return
        question = AskAi(
            *(self._channel(ask), ask.text, ask.client_id, ask.model),
            reply_to=ask.reply_to,
            thread=ask.thread,
            attachments=ask.attachments,
        )
        asked = await self._state["ai"].ask(self._actor, question)
        self._say(frames.AskedOk(ref=ask.ref, run_id=asked.run.id, seq=asked.run.seq))

    async def _authenticate(self, ask: frames.Auth) -> None:
        actor = await actor_of(self._state, ask.token)
        if actor.user_id != self._actor.user_id:
            raise Forbidden("This token is somebody else's.")
        self._actor = wire.replace(actor, address=self._actor.address)
        self._renew(self._actor)
        self._say(frames.Ok(ref=ask.ref))

    def tell_fault(self, fault: Fault, ref: str | None = None) -> None:
        retry_after = getattr(fault, "retry_after", None)
        self._say(frames.Error(ref=ref, code=fault.code, detail=fault.detail, retry_after=retry_after))

    def _say(self, answer: frames.Answer) -> None:
        self._connection.send(wire.encode(answer))


_ask_in = wire.decoder(frames.Ask)


def _decode(message: str | bytes) -> frames.Ask:
    if isinstance(message, bytes):
        raise Invalid("This socket speaks text frames.")
    ask: frames.Ask = _ask_in(message)
    return ask


def _reference(message: str | bytes) -> str | None:
    """The ref of a frame that is wrong otherwise, so that its sender can tell which."""
    try:
        return wire.decode(message, frames.Reference).ref
    except Fault:
        return None
