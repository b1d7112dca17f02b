"""Bots: admins make them and their tokens. A token is random, shown once and kept as a digest."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

import structlog

from models import wire
from models.accounts import Actor
from models.bots import Bot, BotQuery, BotToken, CreateBot, CreateBotToken
from models.errors import Conflict, NotFound, Unauthenticated
from models.facts import user_topic
from models.ids import UserId
from models.values import Page
from services import policy
from services.integration_ports import Bots
from services.pages import page
from services.ports import Publisher
from services.tokens import SIGN_IN

PREFIX = "clk_"
"""What every token of a bot begins with, so that scanners for leaked secrets find it."""

log = structlog.get_logger()


class BotService:
    """All but `actor` raise Forbidden for who is no admin, NotFound for who is no bot of the workspace."""

    def __init__(self, bots: Bots, publisher: Publisher) -> None:
        self._bots = bots
        self._publisher = publisher

    async def create(self, actor: Actor, ask: CreateBot) -> Bot:
        """Raises Conflict if the name is taken."""
        policy.demand_admin(actor)
        made = await self._bots.create(actor.workspace_id, ask, actor.user_id)
        if made == "taken":
            raise Conflict("This username is taken.")
        log.info("bot_created", user_id=made.id, by=actor.user_id)
        return made

    async def list(self, actor: Actor, query: BotQuery) -> Page[Bot]:
        policy.demand_admin(actor)
        return page(await self._bots.page(actor.workspace_id, query), query.limit, lambda bot: bot.id)

    async def create_token(self, actor: Actor, bot: UserId, ask: CreateBotToken) -> BotToken:
        """Raises Conflict for one token too many."""
        await self._demand(actor, bot)
        token = PREFIX + secrets.token_urlsafe(32)
        expires_at = None if ask.hours is None else datetime.now(UTC) + timedelta(hours=ask.hours)
        scopes = [*dict.fromkeys(ask.scopes)]
        made = await self._bots.create_token(bot, ask.name, _digest(token), scopes, expires_at, actor.user_id)
        if made == "too_many":
            raise Conflict("This bot has as many tokens as it can have: revoke one.")
        log.info("bot_token_created", user_id=bot, session_id=made.id, by=actor.user_id)
        return wire.replace(made, token=token)

    async def tokens(self, actor: Actor, bot: UserId) -> Page[BotToken]:
        """Those that are good, the newest first."""
        await self._demand(actor, bot)
        return Page(await self._bots.tokens(bot))

    async def revoke_token(self, actor: Actor, bot: UserId, token: str) -> None:
        """Its sockets close at once, everywhere. Raises NotFound for one that isn't there."""
        await self._demand(actor, bot)
        entry = await self._bots.revoke_token(bot, token, actor.user_id)
        if entry is None:
            raise NotFound("There is no such token.")
        self._publisher.tell(user_topic(bot), [entry])
        log.info("bot_token_revoked", user_id=bot, session_id=token, by=actor.user_id)

    async def actor(self, token: str) -> Actor:
        """Who holds this token; raises Unauthenticated unless it is good now."""
        found = await self._bots.actor(_digest(token))
        if found is None:
            raise Unauthenticated(SIGN_IN)
        return found

    async def _demand(self, actor: Actor, bot: UserId) -> None:
        policy.demand_admin(actor)
        if not await self._bots.is_bot(actor.workspace_id, bot):
            raise NotFound("There is no such bot.")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
