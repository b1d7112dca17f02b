"""What is said over the two text sockets: asks (`noun.verb`) from the client, answers and errors from the server."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from models.accounts import User
from models.chat import Message
from models.files import Attachments
from models.ids import ChannelId, IdNumber, RunId, Seq, SeqNumber
from models.text import Caption, ClientId, EmojiText, MessageText, ModelName, Ref, Token


class Frame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    """An ask; its answer repeats `ref`."""

    ref: Ref | None = None


class ChannelFrame(Frame, frozen=True, kw_only=True):
    """An ask about a channel; on a socket of one channel the id may be left out."""

    channel_id: IdNumber | None = None


class Subscribe(ChannelFrame, frozen=True, kw_only=True, tag="subscribe"):
    after: SeqNumber | None = None


class Unsubscribe(ChannelFrame, frozen=True, kw_only=True, tag="unsubscribe"):
    pass


class MessagePost(ChannelFrame, frozen=True, kw_only=True, tag="message.post"):
    client_id: ClientId
    text: Caption
    reply_to: IdNumber | None = None
    thread: IdNumber | None = None
    attachments: Attachments = []
    to_channel: bool = False


class MessageFrame(ChannelFrame, frozen=True, kw_only=True):
    """An ask about a message: `seq` is its name in the channel."""

    seq: IdNumber


class MessageEdit(MessageFrame, frozen=True, kw_only=True, tag="message.edit"):
    text: Caption
    attachments: Attachments | UnsetType = UNSET


class MessageDelete(MessageFrame, frozen=True, kw_only=True, tag="message.delete"):
    pass


class MessagePin(MessageFrame, frozen=True, kw_only=True, tag="message.pin"):
    pass


class MessageUnpin(MessageFrame, frozen=True, kw_only=True, tag="message.unpin"):
    pass


class ReactionAdd(MessageFrame, frozen=True, kw_only=True, tag="reaction.add"):
    emoji: EmojiText


class ReactionRemove(MessageFrame, frozen=True, kw_only=True, tag="reaction.remove"):
    emoji: EmojiText


class ChannelRead(ChannelFrame, frozen=True, kw_only=True, tag="channel.read"):
    seq: SeqNumber
    thread: IdNumber | None = None


class CommandRun(ChannelFrame, frozen=True, kw_only=True, tag="command.run"):
    """What is typed after a slash, with it."""

    client_id: ClientId
    text: MessageText
    thread: IdNumber | None = None


class Type(ChannelFrame, frozen=True, kw_only=True, tag="typing"):
    """Somebody is writing; it has no answer."""


class AiAsk(ChannelFrame, frozen=True, kw_only=True, tag="ai.ask"):
    """Posts a question; the model's answer comes as facts of the channel."""

    client_id: ClientId
    text: Caption
    model: ModelName | None = None
    reply_to: IdNumber | None = None
    thread: IdNumber | None = None
    attachments: Attachments = []


class AiStop(Frame, frozen=True, kw_only=True, tag="ai.stop"):
    run_id: IdNumber


class Auth(Frame, frozen=True, kw_only=True, tag="auth"):
    token: Token


class Ping(Frame, frozen=True, kw_only=True, tag="ping"):
    pass


Act = (
    MessageEdit
    | MessageDelete
    | MessagePin
    | MessageUnpin
    | ReactionAdd
    | ReactionRemove
    | ChannelRead
    | CommandRun
)
"""What a channel's members do beside posting."""

Ask = Subscribe | Unsubscribe | MessagePost | Act | Type | AiAsk | AiStop | Auth | Ping


class Reference(Struct, frozen=True):
    """The `ref` of a frame that is otherwise wrong."""

    ref: Annotated[str, Meta(max_length=64)] | None = None


class Answer(Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """What the server says to one socket."""

    ref: str | None = None


class Ok(Answer, frozen=True, kw_only=True, tag="ok"):
    pass


class Subscribed(Answer, frozen=True, kw_only=True, tag="ok"):
    channel_id: ChannelId
    epoch: str
    head_seq: Seq
    events: list[Raw]
    complete: bool


class ActedOk(Answer, frozen=True, kw_only=True, tag="ok"):
    """`seq` of the fact that made it so."""

    seq: Seq


class PostedOk(Answer, frozen=True, kw_only=True, tag="ok"):
    channel_id: ChannelId
    seq: Seq
    created_at: datetime


class RanOk(Answer, frozen=True, kw_only=True, tag="ok"):
    """`text` is for the caller alone, `message` what was posted, `channel_id` where to go."""

    text: str | None = None
    message: Message | None = None
    channel_id: ChannelId | None = None


class AskedOk(Answer, frozen=True, kw_only=True, tag="ok"):
    """`seq` is that of the answer's message."""

    run_id: RunId
    seq: Seq


class Pong(Answer, frozen=True, kw_only=True, tag="pong"):
    pass


class Hello(Answer, frozen=True, kw_only=True, tag="hello"):
    """The first frame. A socket of one channel is subscribed to it at once: its facts follow."""

    user: User
    connection_id: str
    epoch: str
    ping_seconds: int
    channel_id: ChannelId | None = None
    head_seq: Seq | None = None


class Reconnect(Answer, frozen=True, kw_only=True, tag="reconnect"):
    """This instance is about to stop: connect anew, elsewhere if there is one, after so long."""

    after_ms: int


class Error(Answer, frozen=True, kw_only=True, tag="error"):
    code: str
    detail: str
    retry_after: int | None = None
