"""Users, and the log of each user's own."""

from collections.abc import Sequence
from typing import Literal

from asyncpg import Record

from models import wire
from models.accounts import QuietHours, Role, UpdateUser, User, UserQuery
from models.facts import Entry
from models.gathered import Gathered
from models.ids import BOT_IDS, ChannelId, Seq, UserId, WorkspaceId
from models.text import name_key
from models.values import given
from store.audit import write_down
from store.changes import append_user_fact, end_sessions, leave, lock
from store.pool import Database, Transaction, columns, like


class UserStore:
    """What decides who is admin, or who was first, holds the lock of the workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._users = Gathered(self._read_users)

    async def is_empty(self, workspace: WorkspaceId) -> bool:
        return not await self._database.value("has_users", workspace)

    async def create(
        self,
        workspace: WorkspaceId,
        username: str,
        display_name: str,
        password_hash: str,
        role: Role | None = None,
        invite: bytes | None = None,
    ) -> User | Literal["taken", "no_invite"]:
        """With an `invite` (its digest), takes one of its uses, unless this is the first user.

        A role of None makes the workspace's first user its admin. The lock lets two who come first at once see
        each other.
        """
        key = name_key(username)
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            if await transaction.value("has_username", workspace, key):
                return "taken"
            is_first = not await transaction.value("has_users", workspace)
            if invite and not is_first and not await transaction.value("use_invite", workspace, invite):
                return "no_invite"
            role = role or ("admin" if is_first else "member")
            row = await transaction.first(
                "insert_user", workspace, username, key, display_name, password_hash, role
            )
            return user_of(row)

    async def get(self, workspace: WorkspaceId, user: UserId) -> User | None:
        return await self._users.get((workspace, user))

    async def _read_users(self, asked: Sequence[tuple[WorkspaceId, UserId]]) -> list[User | None]:
        rows = await self._database.all("list_users_asked", *columns(asked))
        return [None if row["id"] is None else user_of(row) for row in rows]

    async def page(self, workspace: WorkspaceId, query: UserQuery) -> list[User]:
        """One more than the query's limit, where there are more."""
        pattern = like(name_key(query.q))
        rows = await self._database.all(
            "list_users", workspace, pattern, int(query.cursor or 0), query.limit + 1
        )
        return [user_of(row) for row in rows]

    async def credentials(self, workspace: WorkspaceId, username: str) -> tuple[UserId, str] | None:
        """The id and password hash of a user who may sign in."""
        row = await self._database.first("get_credentials", workspace, name_key(username))
        return (UserId(row["id"]), row["password_hash"]) if row else None

    async def password_hash(self, user: UserId) -> str | None:
        value: str | None = await self._database.value("get_password", user)
        return value

    async def update_me(
        self, user: UserId, *, display_name: str | None, status: str | None
    ) -> tuple[User, Entry | None] | None:
        """None leaves a field as it is. The fact, where something was given, is for the user's other devices."""
        async with self._database.transaction() as transaction:
            row = await transaction.first("update_me", user, display_name, status)
            if row is None:
                return None
            is_same = display_name is None and status is None
            return user_of(row), None if is_same else await append_user_fact(
                transaction, user, "user.updated", {}
            )

    async def update(
        self, workspace: WorkspaceId, user: UserId, change: UpdateUser, by: UserId | None = None
    ) -> tuple[User, Entry | None] | Literal["absent", "last_admin"]:
        """The fact, where one was made, ends all the user's sessions: those of a disabled user, or of another role."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            before = await transaction.first("get_user", workspace, user)
            if before is None or before["deleted"]:
                return "absent"
            loses_admin = change.role == "member" or change.disabled is True
            if loses_admin and await _is_last_admin(transaction, workspace, user):
                return "last_admin"
            row = await transaction.first(
                "update_user", workspace, user, given(change.role), given(change.disabled)
            )
            after = user_of(row)
            ends = after.disabled or after.role != before["role"]
            if by is not None:
                await write_down(
                    transaction, by, "user.updated", user=user, role=after.role, disabled=after.disabled
                )
            return after, await end_sessions(transaction, user) if ends else None

    async def delete(
        self, workspace: WorkspaceId, user: UserId, by: UserId
    ) -> tuple[Entry, dict[ChannelId, list[Entry]]] | Literal["absent", "last_admin"]:
        """Forgets who the user was; the row stays, because messages and logs name it.

        Takes them out of their channels, which hand themselves on, but not out of direct ones.
        """
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            if await _is_last_admin(transaction, workspace, user):
                return "last_admin"
            left = await _leave_all(transaction, user, by)
            if await transaction.value("delete_user", workspace, user) is None:
                return "absent"
            await write_down(transaction, by, "user.deleted", user=user)
            return await end_sessions(transaction, user), left

    async def quiet_hours(self, user: UserId) -> QuietHours | None:
        body = await self._database.value("get_do_not_disturb", user)
        return None if body is None else QuietHours(**body)

    async def set_quiet_hours(self, user: UserId, hours: QuietHours | None) -> None:
        body = None if hours is None else wire.builtins(hours)
        await self._database.value("set_do_not_disturb", user, body)

    async def heads(self, users: list[int]) -> dict[int, int]:
        """The head of each user's own log."""
        return {row["id"]: row["head_seq"] for row in await self._database.all("list_user_heads", users)}

    async def facts(self, user: UserId, after: Seq, limit: int) -> list[Entry]:
        """The user's own log after a seq, ascending."""
        rows = await self._database.all("list_user_facts", user, after, limit)
        return [wire.personal_entry(user, row["seq"], row["kind"], row["body"]) for row in rows]


def user_of(row: Record | None) -> User:
    """The columns of every statement that gives a user are the fields of User, in their order."""
    assert row is not None
    user = User(*row)
    return wire.replace(user, bot=True) if user.id in BOT_IDS else user


async def _leave_all(transaction: Transaction, user: UserId, by: UserId) -> dict[ChannelId, list[Entry]]:
    """First takes all their locks, in the order of the ids: who leaves a channel holds it before the user's own row."""
    channels = [ChannelId(row["channel_id"]) for row in await transaction.all("list_channels_of", user)]
    ours = [channel for channel in channels if await lock(transaction, channel)]
    left = {channel: await leave(transaction, channel, user, by) for channel in ours}
    return {channel: gone[0] for channel, gone in left.items() if gone}


async def _is_last_admin(transaction: Transaction, workspace: WorkspaceId, user: UserId) -> bool:
    row = await transaction.first("get_user", workspace, user)
    is_admin = row is not None and row["role"] == "admin" and not row["disabled"]
    return is_admin and await transaction.value("count_other_admins", workspace, user) == 0
