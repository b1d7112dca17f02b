"""Incoming webhooks: whoever knows the secret posts, and only moderators make secrets."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import structlog

from models import wire
from models.accounts import Actor
from models.chat import Message, Via
from models.errors import Conflict, Invalid, NotFound, TooLarge
from models.hooks import CreateIncomingHook, IncomingHook, UpdateIncomingHook
from models.ids import ChannelId
from models.values import Page
from services import slack_payload
from services.integration_ports import IncomingHooks
from services.members import MemberService, demand_moderator
from services.ports import Limits
from services.programs import TEXT_LENGTH, ProgramService

POSTS = 120
"""A minute, by one hook."""

log = structlog.get_logger()


class IncomingHookService:
    """All but `receive` raise as `demand_moderator` does, and NotFound for a hook that isn't there."""

    def __init__(
        self, hooks: IncomingHooks, members: MemberService, programs: ProgramService, limits: Limits
    ) -> None:
        self._hooks = hooks
        self._members = members
        self._programs = programs
        self._limits = limits

    async def create(
        self, actor: Actor, channel: ChannelId, ask: CreateIncomingHook
    ) -> tuple[IncomingHook, str]:
        """The hook and its secret. Raises Conflict for one hook too many."""
        await demand_moderator(self._members, actor, channel)
        secret = secrets.token_urlsafe(32)
        made = await self._hooks.create(channel, ask, _digest(secret), actor.user_id)
        if made == "absent":
            raise NotFound("There is no such channel.")
        if made == "too_many":
            raise Conflict("There are as many webhooks here as there can be.")
        log.info("hook_created", channel_id=channel, hook_id=made.id, by=actor.user_id)
        return made, secret

    async def list(self, actor: Actor, channel: ChannelId) -> Page[IncomingHook]:
        await demand_moderator(self._members, actor, channel)
        return Page(await self._hooks.of(channel))

    async def update(
        self, actor: Actor, channel: ChannelId, hook: int, change: UpdateIncomingHook
    ) -> IncomingHook:
        await demand_moderator(self._members, actor, channel)
        return _found(await self._hooks.update(channel, hook, change, None, actor.user_id))

    async def rotate(self, actor: Actor, channel: ChannelId, hook: int) -> tuple[IncomingHook, str]:
        """The hook with a new secret: the one before opens nothing more."""
        await demand_moderator(self._members, actor, channel)
        secret = secrets.token_urlsafe(32)
        change = UpdateIncomingHook()
        return _found(await self._hooks.update(channel, hook, change, _digest(secret), actor.user_id)), secret

    async def delete(self, actor: Actor, channel: ChannelId, hook: int) -> None:
        await demand_moderator(self._members, actor, channel)
        if not await self._hooks.delete(channel, hook, actor.user_id):
            raise NotFound("There is no such webhook.")
        log.info("hook_deleted", channel_id=channel, hook_id=hook, by=actor.user_id)

    async def receive(self, secret: str, payload: Mapping[str, Any]) -> Message:
        """Posts what a payload of Slack's says. Raises NotFound for a wrong secret, Invalid where nothing is said,
        TooLarge, RateLimited also in slow mode, Conflict in an archived channel.
        """
        hook = _found(await self._hooks.find(_digest(secret)))
        await self._limits.take(POSTS, "hook", str(hook.id))
        said = slack_payload.read(payload)
        if not said.text.strip():
            raise Invalid("There is no text in this.")
        if len(said.text) > TEXT_LENGTH or slack_payload.is_too_many(payload):
            raise TooLarge(f"A message has at most {TEXT_LENGTH} characters.")
        via = Via("incoming", hook.id, said.username or hook.name)
        if said.icon:
            via = wire.replace(via, icon=said.icon)
        return await self._programs.say(
            hook.channel_id,
            f"hook-{secrets.token_hex(16)}",
            said.text,
            via,
            may_broadcast=hook.may_broadcast,
            heeds_slow_mode=True,
        )


def _found(hook: IncomingHook | None) -> IncomingHook:
    if hook is None:
        raise NotFound("There is no such webhook.")
    return hook


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
