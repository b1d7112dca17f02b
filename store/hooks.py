"""Incoming webhooks: each belongs to a channel, and is found by its secret alone, of which a digest is kept."""

from typing import Literal

from models.hooks import CreateIncomingHook, IncomingHook, UpdateIncomingHook
from models.ids import ChannelId, UserId
from models.values import given
from store.audit import write_down
from store.changes import lock
from store.pool import Database

HOOKS = 100
"""Of one channel, in both directions."""


class IncomingHookStore:
    """Changes are written down for the admins. That the caller may make them is asked before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, channel: ChannelId, ask: CreateIncomingHook, digest: bytes, by: UserId
    ) -> IncomingHook | Literal["absent", "too_many"]:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            if await transaction.value("count_hooks", channel) >= HOOKS:
                return "too_many"
            row = await transaction.first(
                "insert_incoming_hook", channel, ask.name, digest, ask.may_broadcast, by
            )
            assert row is not None
            await write_down(
                transaction, by, "hook.created", channel=channel, hook_id=row["id"], name=ask.name
            )
            return IncomingHook(*row)

    async def of(self, channel: ChannelId) -> list[IncomingHook]:
        return [IncomingHook(*row) for row in await self._database.all("list_incoming_hooks", channel)]

    async def update(
        self, channel: ChannelId, hook: int, change: UpdateIncomingHook, digest: bytes | None, by: UserId
    ) -> IncomingHook | None:
        """With a `digest` the secret before opens nothing more."""
        values = (given(change.name), given(change.may_broadcast), digest)
        async with self._database.transaction() as transaction:
            row = await transaction.first("update_incoming_hook", channel, hook, *values)
            if row is None:
                return None
            rotated = digest is not None
            await write_down(transaction, by, "hook.updated", channel=channel, hook_id=hook, rotated=rotated)
            return IncomingHook(*row)

    async def delete(self, channel: ChannelId, hook: int, by: UserId) -> bool:
        async with self._database.transaction() as transaction:
            if await transaction.value("delete_incoming_hook", channel, hook) is None:
                return False
            await write_down(transaction, by, "hook.deleted", channel=channel, hook_id=hook)
            return True

    async def find(self, digest: bytes) -> IncomingHook | None:
        """None, too, where the channel is gone."""
        row = await self._database.first("find_incoming_hook", digest)
        return IncomingHook(*row) if row else None
