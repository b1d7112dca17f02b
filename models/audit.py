"""The audit log: who did what to whom, when and from where."""

from contextvars import ContextVar
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from models.ids import ChannelId, IdNumber, UserId
from models.text import Cursor
from models.values import Ask, Value

ORIGIN: ContextVar[str | None] = ContextVar("origin", default=None)
"""The address that asked for what is being done: set by the doors, read where it is written down."""


class Deed(Value, frozen=True):
    """`action` is called like the fact that tells of it, where there is one."""

    id: int
    created_at: datetime
    actor_id: UserId
    action: str
    channel_id: ChannelId | None
    user_id: UserId | None
    detail: dict[str, Any]
    address: str | None


class AuditQuery(Ask, frozen=True):
    actor_id: IdNumber | None = None
    user_id: IdNumber | None = None
    channel_id: IdNumber | None = None
    action: Annotated[str, Meta(max_length=40, pattern=r"^[a-z.]*$(?!\n)")] | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
