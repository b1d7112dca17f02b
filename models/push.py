"""Devices that are told of calls while no page is open: what a browser gives us of itself, and what it is sent."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from models.channels import Kind
from models.chat import MessageKind
from models.ids import ChannelId, Seq, SeqNumber, SessionId, UserId
from models.values import Ask, Value

PushEndpoint = Annotated[str, Meta(min_length=8, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$(?!\n)")]
PushKey = Annotated[str, Meta(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+={0,2}$(?!\n)")]


class PushKeys(Ask, frozen=True):
    """Of the browser's subscription, in base64url: its public key, and the secret that goes with it (RFC 8291)."""

    p256dh: PushKey
    auth: PushKey


class Subscribe(Ask, frozen=True):
    """A browser's own `PushSubscription` as it is in JSON. Without `shows_text` notices say who and where, not what."""

    endpoint: PushEndpoint
    keys: PushKeys
    shows_text: bool = True
    expirationTime: SeqNumber | None = None  # noqa: N815 - the browser's own name


class PushSubscription(Value, frozen=True):
    """A device of one's own that is told. `service` is the host that passes notices on to it."""

    id: str
    session_id: SessionId
    service: str
    shows_text: bool
    created_at: datetime


class Due(Value, frozen=True):
    """A device that may have to be told of something between two seqs of a channel, leased to this instance."""

    channel_id: ChannelId
    subscription_id: str
    after_seq: Seq
    until_seq: Seq
    attempts: int


class PushCall(Value, frozen=True):
    """What calls the reader there: the newest message, as it was when this was read."""

    channel_id: ChannelId
    subscription_id: str
    user_id: UserId
    endpoint: str
    p256dh: bytes
    auth: bytes
    shows_text: bool
    do_not_disturb: dict[str, Any] | None
    channel_kind: Kind
    channel_name: str
    seq: Seq
    thread: Seq | None
    kind: MessageKind
    text: str
    created_at: datetime
    author_name: str
    is_urgent: bool


class Notice(Value, frozen=True):
    """What a device is sent. `thread` is there where the message stands in that thread alone."""

    title: str
    body: str
    channel_id: ChannelId
    seq: Seq
    thread: Seq | UnsetType = UNSET
