"""Keeping order: reports, and who may not post or come in, for how long and why."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from models.ids import ChannelId, Seq, UserId
from models.text import LINES, Cursor
from models.values import Ask, Value

RestraintKind = Literal["ban", "mute"]
ReportReason = Literal["spam", "abuse", "illegal", "off_topic", "other"]
ReportState = Literal["open", "resolved", "dismissed"]
Reason = Annotated[str, Meta(max_length=500, pattern=LINES)]
Hours = Annotated[int, Meta(ge=1, le=24 * 3660)]


FOR_EVER = 9999
"""The year of an end that never comes."""


class Restraint(Value, frozen=True):
    """Of somebody, in one channel or everywhere. One without an end lasts until the year 9999."""

    user_id: UserId
    until: datetime
    reason: str
    created_by: UserId
    created_at: datetime


class Ban(NamedTuple):
    """What keeps somebody out of a channel."""

    until: datetime
    reason: str


class PutRestraint(Ask, frozen=True):
    """Without `hours` it has no end."""

    reason: Reason = ""
    hours: Hours | None = None


class RestraintQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class Report(Value, frozen=True):
    """Somebody's word to the moderators about a message, whose text stands in the message alone."""

    channel_id: ChannelId
    id: int
    message_seq: Seq
    reporter_id: UserId
    reason: ReportReason
    note: str
    created_at: datetime
    state: ReportState
    resolved_by: UserId | None
    resolved_at: datetime | None
    resolution: str


class ReportMessage(Ask, frozen=True):
    reason: ReportReason
    note: Reason = ""


class ResolveReport(Ask, frozen=True):
    """`open` takes a resolution back."""

    state: ReportState
    note: Reason = ""


class ReportQuery(Ask, frozen=True):
    state: ReportState | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
