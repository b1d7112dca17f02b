"""Outgoing webhooks and how far each was told. Whoever delivers holds a lease, so that one instance at a time does."""

from datetime import timedelta
from typing import Literal

from models.hooks import CreateOutgoingHook, DeadLetter, DueHook, OutgoingHook, UpdateOutgoingHook
from models.ids import ChannelId, Seq, UserId
from models.values import given
from store.audit import write_down
from store.changes import lock
from store.hooks import HOOKS
from store.pool import Database

LEASE = timedelta(seconds=30)
"""Longer than a delivery may take; it is moved on with each."""


class OutgoingHookStore:
    """What changes a hook is written down; what delivering does to it is not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, channel: ChannelId, ask: CreateOutgoingHook, secret: str, by: UserId
    ) -> OutgoingHook | Literal["absent", "too_many"]:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            if await transaction.value("count_hooks", channel) >= HOOKS:
                return "too_many"
            row = await transaction.first(
                "insert_outgoing_hook", channel, ask.name, ask.url, secret, ask.events, ask.triggers, by
            )
            assert row is not None
            await write_down(
                transaction, by, "hook.created", channel=channel, hook_id=row["id"], name=ask.name
            )
            return OutgoingHook(*row)

    async def of(self, channel: ChannelId) -> list[OutgoingHook]:
        return [OutgoingHook(*row) for row in await self._database.all("list_outgoing_hooks", channel, None)]

    async def update(
        self, channel: ChannelId, hook: int, change: UpdateOutgoingHook, by: UserId
    ) -> OutgoingHook | None:
        values = (given(change.name), given(change.url), given(change.events), given(change.triggers))
        async with self._database.transaction() as transaction:
            changed = await transaction.value(
                "update_outgoing_hook", channel, hook, *values, given(change.disabled)
            )
            if changed is None:
                return None
            await write_down(transaction, by, "hook.updated", channel=channel, hook_id=hook)
            row = await transaction.first("list_outgoing_hooks", channel, hook)
            assert row is not None
            return OutgoingHook(*row)

    async def delete(self, channel: ChannelId, hook: int, by: UserId) -> bool:
        async with self._database.transaction() as transaction:
            if await transaction.value("delete_outgoing_hook", channel, hook) is None:
                return False
            await write_down(transaction, by, "hook.deleted", channel=channel, hook_id=hook)
            return True

    async def claim(self, owner: str, most: int) -> list[DueHook]:
        rows = await self._database.all("claim_outgoing_hooks", owner, LEASE, most)
        return [DueHook(*row) for row in rows]

    async def get(self, channel: ChannelId, hook: int) -> DueHook | None:
        row = await self._database.first("get_outgoing_hook", channel, hook)
        return DueHook(*row) if row else None

    async def move(self, hook: DueHook, owner: str, seq: Seq) -> bool:
        """All up to this seq is delivered. False: somebody else has the lease by now, or the hook is gone."""
        moved = await self._database.value("move_outgoing_hook", hook.channel_id, hook.id, owner, seq, LEASE)
        return moved is not None

    async def fail(
        self,
        hook: DueHook,
        owner: str,
        seq: Seq,
        why: str,
        pause: timedelta,
        *,
        gives_up: bool,
        disables: bool,
    ) -> None:
        """Giving up puts the fact among the dead letters and goes on with the next one."""
        await self._database.value(
            "fail_outgoing_hook", hook.channel_id, hook.id, owner, seq, why, pause, gives_up, disables
        )

    async def release(self, hook: DueHook, owner: str) -> None:
        await self._database.value("release_outgoing_hook", hook.channel_id, hook.id, owner)

    async def dead(self, channel: ChannelId, hook: int, after: int, limit: int) -> list[DeadLetter]:
        rows = await self._database.all("list_dead_letters", channel, hook, after, limit)
        return [DeadLetter(*row) for row in rows]

    async def is_dead(self, channel: ChannelId, hook: int, seq: Seq) -> bool:
        return await self._database.value("get_dead_letter", channel, hook, seq) is not None

    async def bury(self, channel: ChannelId, hook: int, seq: Seq) -> bool:
        """It was delivered after all, or nobody wants it. False: it wasn't there."""
        return await self._database.value("delete_dead_letter", channel, hook, seq) is not None
