"""Invitations to register. Only a digest is kept: who reads the database can't register with it."""

from datetime import datetime

from models.accounts import Invite
from models.ids import UserId, WorkspaceId
from store.pool import Database


class InviteStore:
    """Keeps invitations; using one up belongs to UserStore.create, in its transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, workspace: WorkspaceId, digest: bytes, uses: int, expires_at: datetime, by: UserId
    ) -> Invite:
        row = await self._database.first("insert_invite", workspace, digest, uses, expires_at, by)
        assert row is not None
        return Invite(*row)

    async def usable(self, workspace: WorkspaceId) -> list[Invite]:
        """Those that can still be used, the newest 200."""
        return [Invite(*row) for row in await self._database.all("list_invites", workspace)]

    async def delete(self, workspace: WorkspaceId, invite: str) -> bool:
        return await self._database.value("delete_invite", workspace, invite) is not None
