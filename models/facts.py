"""Facts: what is told about a channel or a user, in the past tense.

A lasting fact has its own seq in the log of its channel or user; an Entry is the same fact as bytes, encoded once
for everyone who will ever receive it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from models.channels import Channel
from models.chat import Message
from models.ids import ChannelId, RunId, Seq, SessionId, SketchId, UserId
from models.sketches import Sketch
from models.user_facts import PersonalFact, SessionRevoked, UserRevoked

EVERYBODY = "*"


class Entry(Struct, frozen=True):
    """One fact of one topic, ready for the wire.

    `seq` is 0 for a passing fact, which no log keeps. `drops` names whom the fact ends the topic for (a label of a
    connection, or EVERYBODY): after this entry they hear nothing more. `is_whole` says that it stands for all of the
    log up to its seq, `is_told` that the listeners of this instance have heard it already, in passing.
    """

    seq: int
    payload: bytes
    drops: str = ""
    is_whole: bool = False
    is_told: bool = False


class ChannelFact(Struct, frozen=True, tag_field="type"):
    channel_id: ChannelId
    seq: Seq


class MessagePosted(ChannelFact, frozen=True, tag="message.posted"):
    message: Message


class MessageEdited(ChannelFact, frozen=True, tag="message.edited"):
    """The message as it is then. Told again later, from the log, it is the message as it is by now."""

    message: Message


class MessageDeleted(ChannelFact, frozen=True, tag="message.deleted"):
    """Its text, reactions, mentions and pin are gone; `by` tells whose doing it was."""

    message_seq: Seq
    by: UserId
    deleted_at: datetime


class ReactionAdded(ChannelFact, frozen=True, tag="reaction.added"):
    message_seq: Seq
    user_id: UserId
    emoji: str


class ReactionRemoved(ChannelFact, frozen=True, tag="reaction.removed"):
    message_seq: Seq
    user_id: UserId
    emoji: str


class MessagePinned(ChannelFact, frozen=True, tag="message.pinned"):
    message_seq: Seq
    user_id: UserId
    pinned_at: datetime


class MessageUnpinned(ChannelFact, frozen=True, tag="message.unpinned"):
    message_seq: Seq
    user_id: UserId


class MemberJoined(ChannelFact, frozen=True, tag="member.joined"):
    user_id: UserId
    role: str = "member"


class MemberLeft(ChannelFact, frozen=True, tag="member.left"):
    """Left or was removed: `by` tells whose doing it was."""

    user_id: UserId
    by: UserId | None = None


class MemberChanged(ChannelFact, frozen=True, tag="member.changed"):
    user_id: UserId
    role: str


class ChannelUpdated(ChannelFact, frozen=True, tag="channel.updated"):
    channel: Channel


class ChannelDeleted(ChannelFact, frozen=True, tag="channel.deleted"):
    pass


class SketchCreated(ChannelFact, frozen=True, tag="sketch.created"):
    sketch: Sketch


class SketchUpdated(ChannelFact, frozen=True, tag="sketch.updated"):
    """It has another title. What is drawn is told on the sketch's own socket."""

    sketch: Sketch


class SketchDeleted(ChannelFact, frozen=True, tag="sketch.deleted"):
    sketch_id: SketchId


class SketchLinkRevoked(ChannelFact, frozen=True, tag="sketch.link_revoked"):
    sketch_id: SketchId
    link_id: int


class SketchCommented(ChannelFact, frozen=True, tag="sketch.commented"):
    """Without its text, which may be deleted later: facts stay."""

    sketch_id: SketchId
    comment_id: int


class SketchCommentUpdated(ChannelFact, frozen=True, tag="sketch.comment_updated"):
    """It was resolved, opened again or deleted."""

    sketch_id: SketchId
    comment_id: int


class AiStarted(ChannelFact, frozen=True, tag="ai.started"):
    """The posting of an answer, still empty; or an answer that goes on, with what it says so far."""

    run_id: RunId
    message: Message


class AiFinished(ChannelFact, frozen=True, tag="ai.finished"):
    """The whole answer, and how it ended."""

    run_id: RunId
    message: Message


class AiUndone(ChannelFact, frozen=True, tag="ai.undone"):
    """Somebody took back what an answer drew; the message says so at its tools."""

    run_id: RunId
    user_id: UserId
    message: Message


SketchFact = (
    SketchCreated | SketchUpdated | SketchDeleted | SketchLinkRevoked | SketchCommented | SketchCommentUpdated
)
AiFact = AiStarted | AiFinished | AiUndone
MessageChange = MessageDeleted | ReactionAdded | ReactionRemoved | MessagePinned | MessageUnpinned
MemberChange = MemberJoined | MemberLeft | MemberChanged
Change = MessageChange | MemberChange | ChannelUpdated | ChannelDeleted | SketchFact | AiFact
"""Every lasting fact but those that hold a message: kept whole in the table of changes."""
Fact = MessagePosted | MessageEdited | Change


class PassingFact(Struct, frozen=True, tag_field="type"):
    """A fact without a seq: no log keeps it, and under pressure it is dropped."""

    channel_id: ChannelId


class Typing(PassingFact, frozen=True, tag="typing"):
    user_id: UserId


class PresenceChanged(PassingFact, frozen=True, tag="presence.changed"):
    """Members who came or went since the last one."""

    online: list[UserId]
    offline: list[UserId]


class SketchChanged(PassingFact, frozen=True, tag="sketch.changed"):
    """Something was drawn: told now and then while it goes on, and once after."""

    sketch_id: SketchId
    sketch_seq: int


class AiDelta(PassingFact, frozen=True, tag="ai.delta"):
    """A piece of an answer. `offset` is where it belongs in the text, in code points."""

    run_id: RunId
    offset: int
    text: str


def drops(fact: Fact | PersonalFact) -> str:
    """The label of those for whom the topic ends with this fact."""
    label = _DROPPED.get(type(fact))  # a class pattern asks each class of a Struct, at length
    return label(fact) if label else ""


def user_label(user: UserId) -> str:
    return f"user:{user}"


def session_label(session: SessionId) -> str:
    return f"session:{session}"


def sketch_label(sketch: SketchId) -> str:
    return f"sketch:{sketch}"


def link_label(link: int) -> str:
    return f"link:{link}"


_DROPPED: dict[type[Any], Callable[[Any], str]] = {
    MemberLeft: lambda fact: user_label(fact.user_id),
    SessionRevoked: lambda fact: session_label(fact.session_id),
    SketchDeleted: lambda fact: sketch_label(fact.sketch_id),
    SketchLinkRevoked: lambda fact: link_label(fact.link_id),
    ChannelDeleted: lambda _: EVERYBODY,
    UserRevoked: lambda _: EVERYBODY,
}


def channel_topic(channel: ChannelId) -> str:
    return f"channel:{channel}"


def user_topic(user: UserId) -> str:
    return f"user:{user}"


def sketch_topic(sketch: SketchId) -> str:
    return f"sketch:{sketch}"
