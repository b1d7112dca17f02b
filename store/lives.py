"""The lives of this database, and its workspaces."""

from models.ids import WorkspaceId
from store.pool import Database


class LifeStore:
    """What an instance asks when it starts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def epoch(self) -> str:
        """The name of this life: another one after a restore."""
        return str(await self._database.value("get_epoch"))

    async def workspace(self, slug: str) -> WorkspaceId:
        return WorkspaceId(await self._database.value("get_workspace", slug))
