"""Outgoing webhooks, as a channel's moderators manage them, with what their targets did not take."""

import secrets

import structlog

from models import wire
from models.accounts import Actor
from models.errors import Conflict, NotFound
from models.hooks import (
    CreateOutgoingHook,
    DeadLetter,
    DeadLetterQuery,
    OutgoingHook,
    UpdateOutgoingHook,
)
from models.ids import ChannelId, Seq
from models.values import Page, given
from services.hook_deliveries import HookDeliveries
from services.integration_ports import OutgoingHooks, Outside
from services.members import MemberService, demand_moderator
from services.pages import page
from services.ports import Chat

log = structlog.get_logger()


class OutgoingHookService:
    """Every method raises as `demand_moderator` does, and NotFound for a hook that isn't there."""

    def __init__(
        self,
        hooks: OutgoingHooks,
        members: MemberService,
        chat: Chat,
        outside: Outside,
        deliveries: HookDeliveries,
    ) -> None:
        self._hooks = hooks
        self._members = members
        self._chat = chat
        self._outside = outside
        self._deliveries = deliveries

    async def create(self, actor: Actor, channel: ChannelId, ask: CreateOutgoingHook) -> OutgoingHook:
        """With its secret. Raises Invalid for a URL inside, Conflict for one hook too many."""
        await demand_moderator(self._members, actor, channel)
        self._outside.demand(ask.url)
        secret = secrets.token_urlsafe(32)
        made = await self._hooks.create(channel, ask, secret, actor.user_id)
        if made == "absent":
            raise NotFound("There is no such channel.")
        if made == "too_many":
            raise Conflict("There are as many webhooks here as there can be.")
        log.info("hook_created", channel_id=channel, hook_id=made.id, by=actor.user_id)
        return wire.replace(made, secret=secret)

    async def list(self, actor: Actor, channel: ChannelId) -> Page[OutgoingHook]:
        await demand_moderator(self._members, actor, channel)
        return Page(await self._hooks.of(channel))

    async def update(
        self, actor: Actor, channel: ChannelId, hook: int, change: UpdateOutgoingHook
    ) -> OutgoingHook:
        """It is tried again at once. Raises Invalid for a URL inside."""
        await demand_moderator(self._members, actor, channel)
        url = given(change.url)
        if url is not None:
            self._outside.demand(url)
        changed = await self._hooks.update(channel, hook, change, actor.user_id)
        if changed is None:
            raise NotFound("There is no such webhook.")
        return changed

    async def delete(self, actor: Actor, channel: ChannelId, hook: int) -> None:
        await demand_moderator(self._members, actor, channel)
        if not await self._hooks.delete(channel, hook, actor.user_id):
            raise NotFound("There is no such webhook.")
        log.info("hook_deleted", channel_id=channel, hook_id=hook, by=actor.user_id)

    async def dead(
        self, actor: Actor, channel: ChannelId, hook: int, query: DeadLetterQuery
    ) -> Page[DeadLetter]:
        """What its target did not take, the oldest first."""
        await demand_moderator(self._members, actor, channel)
        if await self._hooks.get(channel, hook) is None:
            raise NotFound("There is no such webhook.")
        rows = await self._hooks.dead(channel, hook, int(query.cursor or 0), query.limit + 1)
        return page(rows, query.limit, lambda letter: letter.seq)

    async def redeliver(self, actor: Actor, channel: ChannelId, hook: int, seq: Seq) -> None:
        """Once more, at once. Raises NotFound for what is no dead letter, TargetFailed."""
        await demand_moderator(self._members, actor, channel)
        found = await self._hooks.get(channel, hook)
        if found is None or not await self._hooks.is_dead(channel, hook, seq):
            raise NotFound("There is no such dead letter.")
        for entry in await self._chat.facts(channel, Seq(seq - 1), 1):
            await self._deliveries.send(found, entry)
        await self._hooks.bury(channel, hook, seq)

    async def discard(self, actor: Actor, channel: ChannelId, hook: int, seq: Seq) -> None:
        """It is forgotten, and sent no more. Raises NotFound for what is no dead letter."""
        await demand_moderator(self._members, actor, channel)
        if not await self._hooks.bury(channel, hook, seq):
            raise NotFound("There is no such dead letter.")
        log.info("dead_letter_discarded", channel_id=channel, hook_id=hook, seq=seq, by=actor.user_id)
