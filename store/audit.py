"""The audit log. Law: what is written down and what was done are one transaction."""

from typing import Any

from models.audit import ORIGIN, AuditQuery, Deed
from models.ids import MAX_ID, ChannelId, UserId, WorkspaceId
from store.pool import Database, Transaction


async def write_down(
    transaction: Transaction,
    by: UserId,
    action: str,
    *,
    channel: ChannelId | None = None,
    user: UserId | None = None,
    **detail: Any,
) -> None:
    """Never texts, passwords or tokens: `detail` holds what an admin may see."""
    await transaction.value("append_audit", by, action, channel, user, detail, ORIGIN.get())


class AuditStore:
    """Reads alone: nothing that was written down is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace: WorkspaceId, query: AuditQuery) -> list[Deed]:
        """The newest first; one more than the query's limit, where there are more."""
        rows = await self._database.all(
            "list_audit", workspace, int(query.cursor or MAX_ID), query.actor_id, query.action, query.channel_id,
            query.user_id, query.since, query.until, query.limit + 1,
        )  # fmt: skip
        return [Deed(*row) for row in rows]
