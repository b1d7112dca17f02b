"""Bots and their tokens, of which only digests are kept."""

from datetime import datetime
from typing import Literal

from models.accounts import Actor
from models.bots import Bot, BotQuery, BotToken, CreateBot, Scope
from models.facts import Entry
from models.ids import SessionId, UserId, WorkspaceId
from models.text import name_key
from store.audit import write_down
from store.changes import append_user_fact
from store.pool import Database

TOKENS = 50
"""Of one bot that are good at the same time."""


class BotStore:
    """A token stands for a session: revoking it is told in the bot's own log, which closes its sockets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, workspace: WorkspaceId, ask: CreateBot, by: UserId) -> Bot | Literal["taken"]:
        key = name_key(ask.username)
        async with self._database.transaction() as transaction:
            await transaction.value("lock_workspace", workspace)
            if await transaction.value("has_username", workspace, key):
                return "taken"
            name = ask.display_name or ask.username
            row = await transaction.first(
                "insert_bot", workspace, ask.username, key, name, ask.description, by
            )
            assert row is not None
            made = Bot(*row)
            await write_down(transaction, by, "bot.created", user=made.id, username=made.username)
            return made

    async def page(self, workspace: WorkspaceId, query: BotQuery) -> list[Bot]:
        """One more than the query's limit, where there are more."""
        rows = await self._database.all("list_bots", workspace, int(query.cursor or 0), query.limit + 1)
        return [Bot(*row) for row in rows]

    async def is_bot(self, workspace: WorkspaceId, user: UserId) -> bool:
        return bool(await self._database.value("is_bot", workspace, user))

    async def create_token(
        self,
        bot: UserId,
        name: str,
        digest: bytes,
        scopes: list[Scope],
        expires_at: datetime | None,
        by: UserId,
    ) -> BotToken | Literal["too_many"]:
        async with self._database.transaction() as transaction:
            await transaction.value("lock_user", bot)
            if await transaction.value("count_bot_tokens", bot) >= TOKENS:
                return "too_many"
            row = await transaction.first("insert_bot_token", bot, name, digest, scopes, by, expires_at)
            assert row is not None
            await write_down(transaction, by, "token.created", user=bot, token_id=row["id"], scopes=scopes)
            return BotToken(*row)

    async def tokens(self, bot: UserId) -> list[BotToken]:
        """Those that are good, the newest first."""
        return [BotToken(*row) for row in await self._database.all("list_bot_tokens", bot)]

    async def revoke_token(self, bot: UserId, token: str, by: UserId) -> Entry | None:
        """The fact that closes the token's sockets; None if there is no such token."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_user", bot)
            if await transaction.value("revoke_bot_token", bot, token) is None:
                return None
            await write_down(transaction, by, "token.revoked", user=bot, token_id=token)
            return await append_user_fact(transaction, bot, "session.revoked", {"session_id": token})

    async def actor(self, digest: bytes) -> Actor | None:
        """Who the token stands for, if it is good and the bot may sign in."""
        row = await self._database.first("find_bot_token", digest)
        if row is None:
            return None
        expires_at = row["expires_at"].timestamp() if row["expires_at"] else float("inf")
        return Actor(
            UserId(row["user_id"]),
            WorkspaceId(row["workspace_id"]),
            SessionId(row["id"]),
            "member",
            expires_at,
            row["head_seq"],
            scopes=frozenset(row["scopes"]),
        )
