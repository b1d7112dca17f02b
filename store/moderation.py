"""Bans, mutes and reports. What holds is told by its end: nothing has to run when it comes."""

from datetime import UTC, datetime
from typing import Any, Literal

from models.facts import Entry
from models.ids import MAX_ID, ChannelId, Seq, UserId, WorkspaceId
from models.moderation import (
    PutRestraint,
    Report,
    ReportMessage,
    ReportQuery,
    ResolveReport,
    Restraint,
    RestraintKind,
    RestraintQuery,
)
from store.audit import write_down
from store.changes import append_user_fact, end_sessions, leave, lock
from store.pool import Database, Transaction

Told = tuple[list[Entry], list[Entry]]
"""Facts of the channel's log, and of the user's own."""


class ModerationStore:
    """That the caller may is asked before. A ban and coming in are ordered by the channel's lock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def restrain(
        self, channel: ChannelId, user: UserId, kind: RestraintKind, ask: PutRestraint, by: UserId
    ) -> Told | Literal["absent"]:
        """A ban ends a membership; a mute holds also for who comes back."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            until = await transaction.value("put_restraint", channel, user, kind, ask.hours, ask.reason, by)
            detail: dict[str, Any] = {"until": _text(until), "reason": ask.reason}
            await write_down(transaction, by, _DONE[kind], channel=channel, user=user, **detail)
            fact = {"channel_id": channel, **detail}
            if kind == "mute":
                await transaction.value("set_muted", channel, user, until)
                return [], [await append_user_fact(transaction, user, "membership.muted", fact)]
            left = await leave(transaction, channel, user, by)
            entries, personal = left or ([], None)
            banned = await append_user_fact(transaction, user, "membership.banned", fact)
            return entries, [*([personal] if personal else []), banned]

    async def release(
        self, channel: ChannelId, user: UserId, kind: RestraintKind, by: UserId
    ) -> list[Entry] | Literal["absent"]:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            if await transaction.value("delete_restraint", channel, user, kind) is None:
                return "absent"
            await write_down(transaction, by, _UNDONE[kind], channel=channel, user=user)
            if kind == "ban":
                return []
            await transaction.value("set_muted", channel, user, None)
            fact = {"channel_id": channel, "until": None, "reason": ""}
            return [await append_user_fact(transaction, user, "membership.muted", fact)]

    async def restrained(
        self, channel: ChannelId, kind: RestraintKind, query: RestraintQuery
    ) -> list[Restraint]:
        """One more than the query's limit, where there are more."""
        after = int(query.cursor or 0)
        rows = await self._database.all("list_restraints", channel, kind, after, query.limit + 1)
        return [Restraint(*row) for row in rows]

    async def ban_user(
        self, workspace: WorkspaceId, user: UserId, ask: PutRestraint, by: UserId
    ) -> Entry | None:
        """The fact that ends all their sessions; None for an admin and for who isn't there."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            why = {"reason": ask.reason, "by": by, "at": _text(datetime.now(UTC))}
            until = await transaction.value("ban_user", workspace, user, ask.hours, why)
            if until is None:
                return None
            detail: dict[str, Any] = {"until": _text(until), "reason": ask.reason}
            await write_down(transaction, by, "user.banned", user=user, **detail)
            return await end_sessions(transaction, user)

    async def unban_user(self, workspace: WorkspaceId, user: UserId, by: UserId) -> bool:
        async with self._database.transaction() as transaction:
            if await transaction.value("unban_user", workspace, user) is None:
                return False
            await write_down(transaction, by, "user.unbanned", user=user)
            return True

    async def banned_users(self, workspace: WorkspaceId, query: RestraintQuery) -> list[Restraint]:
        after = int(query.cursor or 0)
        rows = await self._database.all("list_banned_users", workspace, after, query.limit + 1)
        return [Restraint(*row) for row in rows]

    async def report(
        self, channel: ChannelId, seq: Seq, ask: ReportMessage, by: UserId
    ) -> tuple[Report, list[tuple[UserId, Entry]]] | None:
        """With what the moderators are told; the first report, and nothing to tell, where one was made before."""
        async with self._database.transaction() as transaction:
            row = await transaction.first("insert_report", channel, seq, by, ask.reason, ask.note)
            if row is None:
                row = await transaction.first("get_report", channel, seq, by)
                return None if row is None else (Report(*row), [])
            report = Report(*row)
            return report, await _tell_moderators(transaction, report)

    async def reports(
        self, workspace: WorkspaceId, channel: ChannelId | None, query: ReportQuery
    ) -> list[Report]:
        """The newest first; one more than the query's limit, where there are more."""
        before = int(query.cursor or MAX_ID)
        rows = await self._database.all(
            "list_reports", workspace, channel, query.state, before, query.limit + 1
        )
        return [Report(*row) for row in rows]

    async def resolve(self, channel: ChannelId, report: int, ask: ResolveReport, by: UserId) -> Report | None:
        async with self._database.transaction() as transaction:
            row = await transaction.first("resolve_report", channel, report, ask.state, ask.note, by)
            if row is None:
                return None
            await write_down(
                transaction, by, "report.resolved", channel=channel, report_id=report, state=ask.state
            )
            return Report(*row)


async def _tell_moderators(transaction: Transaction, report: Report) -> list[tuple[UserId, Entry]]:
    body = {"channel_id": report.channel_id, "report_id": report.id, "message_seq": report.message_seq}
    rows = await transaction.all("list_moderators", report.channel_id)
    return [
        (UserId(row["user_id"]), await append_user_fact(transaction, row["user_id"], "report.created", body))
        for row in rows
    ]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


_DONE = {"ban": "member.banned", "mute": "member.muted"}
_UNDONE = {"ban": "member.unbanned", "mute": "member.unmuted"}
