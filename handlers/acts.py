"""What a channel's members do over a socket beside posting: frame type -> one call of a service -> answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from handlers.state import State
from models import frames
from models.accounts import Actor
from models.audit import ORIGIN
from models.chat import EditMessage
from models.commands import RunCommand
from models.ids import ChannelId, Seq

Deed = Callable[[State, Actor, ChannelId, Any], Awaitable[frames.Answer]]


async def act(state: State, actor: Actor, channel: ChannelId, ask: frames.Act) -> frames.Answer:
    """Raises what the services raise."""
    ORIGIN.set(actor.address)
    return await _DEEDS[type(ask)](state, actor, channel, ask)


async def _edit(state: State, actor: Actor, channel: ChannelId, ask: frames.MessageEdit) -> frames.Answer:
    _, seq = await state["messages"].edit(
        actor, channel, Seq(ask.seq), EditMessage(ask.text, ask.attachments)
    )
    return frames.ActedOk(ref=ask.ref, seq=seq)


async def _delete(state: State, actor: Actor, channel: ChannelId, ask: frames.MessageDelete) -> frames.Answer:
    seq = await state["messages"].delete(actor, channel, Seq(ask.seq))
    return frames.ActedOk(ref=ask.ref, seq=seq)


async def _pin(state: State, actor: Actor, channel: ChannelId, ask: frames.MessagePin) -> frames.Answer:
    return frames.ActedOk(ref=ask.ref, seq=await state["messages"].pin(actor, channel, Seq(ask.seq)))


async def _unpin(state: State, actor: Actor, channel: ChannelId, ask: frames.MessageUnpin) -> frames.Answer:
    return frames.ActedOk(ref=ask.ref, seq=await state["messages"].unpin(actor, channel, Seq(ask.seq)))


async def _react(state: State, actor: Actor, channel: ChannelId, ask: frames.ReactionAdd) -> frames.Answer:
    seq = await state["messages"].react(actor, channel, Seq(ask.seq), ask.emoji)
    return frames.ActedOk(ref=ask.ref, seq=seq)


async def _unreact(
    state: State, actor: Actor, channel: ChannelId, ask: frames.ReactionRemove
) -> frames.Answer:
    seq = await state["messages"].unreact(actor, channel, Seq(ask.seq), ask.emoji)
    return frames.ActedOk(ref=ask.ref, seq=seq)


async def _read(state: State, actor: Actor, channel: ChannelId, ask: frames.ChannelRead) -> frames.Answer:
    thread = None if ask.thread is None else Seq(ask.thread)
    await state["members"].mark_read(actor, channel, Seq(ask.seq), thread)
    return frames.Ok(ref=ask.ref)


async def _run(state: State, actor: Actor, channel: ChannelId, ask: frames.CommandRun) -> frames.Answer:
    ran = await state["commands"].run(actor, channel, RunCommand(ask.client_id, ask.text, ask.thread))
    return frames.RanOk(ref=ask.ref, text=ran.text, message=ran.message, channel_id=ran.channel_id)


_DEEDS: Mapping[type[frames.Act], Deed] = {
    frames.MessageEdit: _edit,
    frames.MessageDelete: _delete,
    frames.MessagePin: _pin,
    frames.MessageUnpin: _unpin,
    frames.ReactionAdd: _react,
    frames.ReactionRemove: _unreact,
    frames.ChannelRead: _read,
    frames.CommandRun: _run,
}
