"""Threads, as somebody who follows them sees them."""

from typing import Annotated

from msgspec import Meta

from models.chat import Message
from models.ids import ChannelId, IdNumber, Seq
from models.text import Cursor
from models.values import Ask, Value


class Thread(Value, frozen=True):
    """`thread` is the seq of its first message, `root`."""

    channel_id: ChannelId
    thread: Seq
    last_read_seq: Seq
    unread: int
    mentions: int
    root: Message


class ThreadQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class ThreadsQuery(Ask, frozen=True):
    """`channel_id` and `thread` narrow it down: with both it is one thread, or none that the caller follows."""

    unread: bool = False
    channel_id: IdNumber | None = None
    thread: IdNumber | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
