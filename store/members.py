"""Who is in which channel. Coming and going are facts of the channel's log, so they have a place between the posts."""

from collections.abc import Sequence
from typing import Literal

from models.channels import ChannelRole, Member, MemberQuery, NotificationLevel
from models.facts import Entry, MemberChanged
from models.ids import ChannelId, Seq, UserId
from models.moderation import Ban
from store.changes import Entered, Left, append_change, append_user_fact, enter, leave, lock
from store.pool import Database


class MemberStore:
    """Every change holds the channel's lock, and so has its place between the posts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> Entered | Ban | Literal["absent", "already"]:
        """Who comes into an empty channel becomes its owner."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            if ban := await transaction.first("get_ban", channel, user):
                return Ban(*ban)
            if await transaction.value("choose_heir", channel, user) is None:
                role = "owner"
            return await enter(transaction, channel, user, role, by) or "already"

    async def remove(self, channel: ChannelId, user: UserId, by: UserId) -> Left | Literal["absent"]:
        """The last owner who goes hands the channel on."""
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            return await leave(transaction, channel, user, by) or "absent"

    async def change_role(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> Entry | Literal["absent", "already", "last_owner"]:
        async with self._database.transaction() as transaction:
            if not await lock(transaction, channel):
                return "absent"
            before = await transaction.value("get_role", channel, user)
            if before is None:
                return "absent"
            if before == role:
                return "already"
            if before == "owner" and not await transaction.value("count_other_owners", channel, user):
                return "last_owner"
            await transaction.value("update_member", channel, user, role)
            return await append_change(transaction, by, MemberChanged(channel, Seq(0), user, role))

    async def page(self, channel: ChannelId, query: MemberQuery) -> list[Member]:
        """One more than the query's limit, where there are more."""
        rows = await self._database.all("list_members", channel, int(query.cursor or 0), query.limit + 1)
        return [Member(*row) for row in rows]

    async def mark_read(
        self, channel: ChannelId, user: UserId, seq: Seq, thread: Seq | None = None
    ) -> Entry | Literal["absent", "no_thread", "already"]:
        """A seq beyond the head counts as the head. The fact is in the user's own log, for their other sockets."""
        async with self._database.transaction() as transaction:
            if thread is None:
                row = await transaction.first("mark_read", channel, user, seq)
            elif await transaction.value("has_thread", channel, thread):
                row = await transaction.first("mark_thread_read", channel, thread, user, seq)
            else:
                return "no_thread"
            if row is None:
                return "absent"
            before, last_read, head, unread, mentions = row
            if before == last_read:
                return "already"
            body = {
                "channel_id": channel,
                "last_read_seq": last_read,
                "unread": unread,
                "mentions": mentions,
                "head_seq": head,
            }
            return await append_user_fact(
                transaction, user, "channel.read", body | ({"thread": thread} if thread else {})
            )

    async def set_notifications(
        self, channel: ChannelId, user: UserId, level: NotificationLevel | None
    ) -> Entry | Literal["absent"]:
        async with self._database.transaction() as transaction:
            if await transaction.value("set_notifications", channel, user, level) is None:
                return "absent"
            body = {"channel_id": channel, "notifications": level}
            return await append_user_fact(transaction, user, "membership.updated", body)

    async def shared(self, channels: Sequence[int], users: Sequence[int]) -> list[tuple[ChannelId, UserId]]:
        """Which of these users are in which of these channels."""
        rows = await self._database.all("list_shared_memberships", channels, users)
        return [(ChannelId(row["channel_id"]), UserId(row["user_id"])) for row in rows]
