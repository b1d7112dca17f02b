"""A workspace's own slash commands."""

from typing import Literal

from models.commands import CreateCommand, OwnCommand, UpdateCommand
from models.ids import UserId, WorkspaceId
from models.text import name_key
from models.values import given
from store.audit import write_down
from store.pool import Database

COMMANDS = 200
"""Of one workspace."""


class CommandStore:
    """Changes are written down for the admins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, workspace: WorkspaceId, ask: CreateCommand, secret: str, by: UserId
    ) -> OwnCommand | Literal["taken", "too_many"]:
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            if await transaction.value("count_commands", workspace) >= COMMANDS:
                return "too_many"
            row = await transaction.first(
                "insert_command", workspace, ask.name, ask.hint, ask.description, ask.url, secret, by
            )
            if row is None:
                return "taken"
            await write_down(transaction, by, "command.created", command_id=row["id"], name=ask.name)
            return OwnCommand(*row)

    async def of(self, workspace: WorkspaceId) -> list[OwnCommand]:
        return [OwnCommand(*row) for row in await self._database.all("list_commands", workspace, None)]

    async def named(self, workspace: WorkspaceId, name: str) -> OwnCommand | None:
        row = await self._database.first("list_commands", workspace, name)
        return OwnCommand(*row) if row else None

    async def update(
        self, workspace: WorkspaceId, command: int, change: UpdateCommand, by: UserId
    ) -> OwnCommand | None:
        values = (given(change.hint), given(change.description), given(change.url))
        async with self._database.transaction() as transaction:
            row = await transaction.first("update_command", workspace, command, *values)
            if row is None:
                return None
            await write_down(transaction, by, "command.updated", command_id=command, name=row["name"])
            return OwnCommand(*row)

    async def delete(self, workspace: WorkspaceId, command: int, by: UserId) -> bool:
        async with self._database.transaction() as transaction:
            if await transaction.value("delete_command", workspace, command) is None:
                return False
            await write_down(transaction, by, "command.deleted", command_id=command)
            return True

    async def user_named(self, workspace: WorkspaceId, name: str) -> UserId | None:
        found = await self._database.value("find_author", workspace, name_key(name))
        return None if found is None else UserId(found)
