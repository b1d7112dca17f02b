"""Channels. What changes one also adds a fact to its log, in the same transaction and under the channel's lock."""

from collections.abc import Sequence
from typing import Literal

from asyncpg import Record
from msgspec import UNSET

from models import wire
from models.channels import (
    Channel,
    ChannelQuery,
    ChannelRole,
    Membership,
    Standing,
    UpdateChannel,
    Visibility,
)
from models.errors import NotFound
from models.facts import ChannelDeleted, ChannelUpdated, Entry
from models.gathered import Gathered
from models.ids import MAX_ID, ChannelId, Seq, UserId, WorkspaceId
from models.text import name_key
from models.values import given
from store.audit import write_down
from store.changes import Entered, append_change, enter, lock
from store.pool import Database, columns, like


class ChannelStore:
    """Rights are the services' business; what is written here is whole or not at all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standings = Gathered(self._read_standings)

    async def create(
        self,
        workspace: WorkspaceId,
        creator: UserId,
        *,
        name: str,
        description: str,
        visibility: Visibility,
        password_hash: str | None,
    ) -> tuple[ChannelId, list[Entered]] | None:
        """With its creator as owner; None if the name is taken."""
        row = ("channel", name, name_key(name), description, visibility, password_hash, creator, None)
        return await self._found(workspace, row, [creator], "owner")

    async def direct(
        self, workspace: WorkspaceId, creator: UserId, users: list[UserId]
    ) -> tuple[ChannelId, list[Entered]]:
        """The one direct channel of this sorted set of users, made when it isn't there."""
        row = ("direct", "", None, "", "private", None, creator, users)
        while True:
            found = await self._database.value("find_direct", workspace, users)
            if found is not None:
                return ChannelId(found), []
            made = await self._found(workspace, row, users, "member")
            if made is not None:
                return made

    async def conversation(
        self, workspace: WorkspaceId, creator: UserId, name: str
    ) -> tuple[ChannelId, list[Entered]]:
        """A private channel of kind `ai`; several may have one name."""
        row = ("ai", name, None, "", "private", None, creator, None)
        made = await self._found(workspace, row, [creator], "owner")
        assert made is not None  # without a name key nothing is taken
        return made

    async def conversations(
        self, workspace: WorkspaceId, caller: UserId, before: int | None, limit: int
    ) -> list[Channel]:
        """The caller's, newest first."""
        rows = await self._database.all("list_conversations", workspace, caller, before or MAX_ID, limit)
        return [channel_of(row) for row in rows]

    async def _found(
        self, workspace: WorkspaceId, row: tuple[object, ...], users: list[UserId], role: ChannelRole
    ) -> tuple[ChannelId, list[Entered]] | None:
        async with self._database.transaction() as transaction:
            channel = await transaction.value("insert_channel", workspace, *row)
            if channel is None:
                return None
            creator = UserId(row[6])  # type: ignore[arg-type]
            await write_down(transaction, creator, "channel.created", channel=channel, name=row[1])
            entered = [await enter(transaction, channel, user, role, creator) for user in users]
            return ChannelId(channel), [one for one in entered if one]

    async def get(self, workspace: WorkspaceId, channel: ChannelId, caller: UserId) -> Channel | None:
        """The channel as the caller sees it; None if they may not know of it."""
        row = await self._database.first("get_channel", workspace, channel, caller)
        return channel_of(row) if row else None

    async def page(self, workspace: WorkspaceId, caller: UserId, query: ChannelQuery) -> list[Channel]:
        """One more than the query's limit, where there are more."""
        statement = "list_joined_channels" if query.scope == "joined" else "list_channels"
        pattern = like(name_key(query.q))
        rows = await self._database.all(
            statement, workspace, caller, pattern, int(query.cursor or 0), query.limit + 1
        )
        return [channel_of(row) for row in rows]

    async def standing(self, workspace: WorkspaceId, channel: ChannelId, user: UserId) -> Standing | None:
        return await self._standings.get((workspace, channel, user))

    async def _read_standings(
        self, asked: Sequence[tuple[WorkspaceId, ChannelId, UserId]]
    ) -> list[Standing | None]:
        rows = await self._database.all("list_standings", *columns(asked))
        return [None if row["channel_id"] is None else Standing(*row) for row in rows]

    async def update(
        self, workspace: WorkspaceId, channel: ChannelId, by: UserId, change: UpdateChannel, hash_: str | None
    ) -> tuple[Channel, Entry] | Literal["absent", "taken"]:
        """Raises NotFound where the caller may no longer see the channel."""
        name, sets_password = (
            given(change.name),
            given(change.password) is not None or change.password is None,
        )
        key = None if name is None else name_key(name)
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            if key and await transaction.value("is_name_taken", workspace, key, channel):
                return "taken"
            settings = (given(change.slow_seconds), given(change.post_role), given(change.archived))
            values = (channel, name, key, given(change.description), sets_password, hash_, *settings)
            if await transaction.value("update_channel", *values) is None:
                return "taken"
            row = await transaction.first("get_channel", workspace, channel, by)
            if row is None:  # removed since the right was checked: what was written is taken back
                raise NotFound("There is no such channel.")
            before = channel_of(row)
            seen = wire.replace(before, head_seq=Seq(before.head_seq + 1))  # the change is a fact itself
            shared = ChannelUpdated(channel, Seq(0), without_membership(seen))
            return seen, await append_change(transaction, by, shared)

    async def delete(self, channel: ChannelId, by: UserId) -> Entry | None:
        """Keeps the rows, so that seqs and ids are never given twice; nobody reaches them any more."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return None
            entry = await append_change(transaction, by, ChannelDeleted(channel, Seq(0)))
            await transaction.value("delete_channel", channel)
            return entry

    async def heads(self, channels: list[int]) -> dict[int, int]:
        """The seq of each channel's newest fact; a deleted one's too."""
        return {
            row["id"]: row["head_seq"] for row in await self._database.all("list_channel_heads", channels)
        }


def without_membership(channel: Channel) -> Channel:
    """The channel as a fact shows it: the same for everyone."""
    return wire.replace(channel, membership=None)


def channel_of(row: Record) -> Channel:
    """The first columns are Channel's fields up to the caller's membership."""
    (
        *fields,
        direct,
        archived_at,
        slow_seconds,
        post_role,
        role,
        last_read_seq,
        unread,
        mentions,
        level,
        muted,
        reason,
    ) = row
    membership = (
        None
        if role is None
        else Membership(
            *(role, last_read_seq, unread, mentions, level or UNSET, muted or UNSET, reason or UNSET)
        )
    )
    rare = (archived_at or UNSET, slow_seconds or UNSET, UNSET if post_role == "member" else post_role)
    return Channel(*(*fields, membership, direct, *rare))
