"""Sessions: where users are signed in. A session's one valid refresh token names its generation."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Record

from models.accounts import Actor, SessionInfo
from models.facts import Entry
from models.gathered import Gathered
from models.ids import SessionId, UserId
from store.changes import append_user_fact, end_sessions
from store.pool import Database, columns


class SessionStore:
    """A session ends once, and its end is written into the user's log in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._actors = Gathered(self._read_actors)

    async def create(
        self, user: UserId, user_agent: str, expires_at: datetime, password_hash: str
    ) -> SessionId | None:
        """None where the password is no longer the one that was checked, or the user may no longer sign in."""
        session = await self._database.value("insert_session", user, user_agent, expires_at, password_hash)
        return None if session is None else SessionId(session)

    async def actor(self, session: SessionId, user: UserId, expires_at: float) -> Actor | None:
        """Who the session stands for, if it is alive and the user may sign in."""
        row = await self._actors.get((session, user))
        if row["workspace_id"] is None:
            return None
        return Actor(user, row["workspace_id"], session, row["role"], expires_at, row["head_seq"])

    async def _read_actors(self, asked: "Sequence[tuple[SessionId, UserId]]") -> list[Record]:
        return await self._database.all("list_actors", *columns(asked))

    async def rotate(
        self, session: SessionId, generation: int, expires_at: datetime, user_agent: str
    ) -> UserId | None:
        """Moves the session to its next generation; None unless it is alive and at this very one."""
        user = await self._database.value("rotate_session", session, generation, expires_at, user_agent)
        return UserId(user) if user is not None else None

    async def revoke(self, session: SessionId, user: UserId) -> Entry | None:
        """The fact that closes the session's sockets; None if it had ended before."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_user", user)
            if await transaction.value("revoke_session", session, user) is None:
                return None
            return await append_user_fact(transaction, user, "session.revoked", {"session_id": session})

    async def revoke_all(self, user: UserId) -> Entry:
        async with self._database.transaction() as transaction:
            await transaction.value("lock_user", user)
            return await end_sessions(transaction, user)

    async def change_password(self, user: UserId, kept: SessionId, password_hash: str) -> list[Entry]:
        """Ends all the user's sessions but one; what is signed in with the old password meanwhile never begins."""
        async with self._database.transaction() as transaction:
            await transaction.value("set_password", user, password_hash)
            return [
                await append_user_fact(transaction, user, "session.revoked", {"session_id": row["id"]})
                for row in await transaction.all("revoke_other_sessions", user, kept)
            ]

    async def alive(self, user: UserId, current: SessionId) -> list[SessionInfo]:
        """The newest 200 that are alive."""
        rows = await self._database.all("list_sessions", user)
        return [SessionInfo(*(*row, row["session_id"] == current)) for row in rows]
