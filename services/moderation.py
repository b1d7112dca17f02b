"""Keeping order in channels and in the workspace. What takes a right away is told where it ends sockets."""

import structlog

from models.accounts import Actor
from models.errors import Conflict, Forbidden, NotFound
from models.facts import channel_topic, user_topic
from models.ids import ChannelId, Seq, UserId
from models.moderation import (
    PutRestraint,
    Report,
    ReportMessage,
    ReportQuery,
    ResolveReport,
    Restraint,
    RestraintKind,
    RestraintQuery,
)
from models.values import Page
from services import policy
from services.members import MemberService, demand_moderator
from services.message_ports import Moderation
from services.pages import page
from services.ports import Channels, Publisher, Users

log = structlog.get_logger()


class ModerationService:
    """What is about a channel raises NotFound or Forbidden for who may not read it, and, but for reporting, Forbidden
    for all but its moderators. What is about the workspace is for admins.
    """

    def __init__(
        self,
        moderation: Moderation,
        channels: Channels,
        members: MemberService,
        users: Users,
        publisher: Publisher,
    ) -> None:
        self._moderation = moderation
        self._channels = channels
        self._members = members
        self._users = users
        self._publisher = publisher

    async def restrain(
        self, actor: Actor, channel: ChannelId, user: UserId, kind: RestraintKind, ask: PutRestraint
    ) -> None:
        """A ban puts somebody out and keeps them out; a mute lets them read alone. Again: with another end or reason.

        Raises Forbidden for who is of the same or a higher rank, and for oneself.
        """
        await self._demand_over(actor, channel, user)
        told = await self._moderation.restrain(channel, user, kind, ask, actor.user_id)
        if told == "absent":
            raise NotFound("There is no such channel.")
        entries, personal = told
        if entries:
            self._publisher.tell(channel_topic(channel), entries)
        self._publisher.tell(user_topic(user), personal)
        log.info("member_restrained", channel_id=channel, user_id=user, kind=kind, by=actor.user_id)

    async def release(self, actor: Actor, channel: ChannelId, user: UserId, kind: RestraintKind) -> None:
        """Raises NotFound where nothing holds."""
        await demand_moderator(self._members, actor, channel)
        released = await self._moderation.release(channel, user, kind, actor.user_id)
        if released == "absent":
            raise NotFound("There is nothing to take back.")
        if released:
            self._publisher.tell(user_topic(user), released)

    async def restrained(
        self, actor: Actor, channel: ChannelId, kind: RestraintKind, query: RestraintQuery
    ) -> Page[Restraint]:
        """Those that still hold."""
        await demand_moderator(self._members, actor, channel)
        rows = await self._moderation.restrained(channel, kind, query)
        return page(rows, query.limit, lambda one: one.user_id)

    async def _demand_over(self, actor: Actor, channel: ChannelId, user: UserId) -> None:
        await demand_moderator(self._members, actor, channel)
        found = await self._users.get(actor.workspace_id, user)
        if found is None or found.deleted:
            raise NotFound("There is no such user.")
        own = await self._channels.standing(actor.workspace_id, channel, actor.user_id)
        other = await self._channels.standing(actor.workspace_id, channel, user)
        role = other.role if other else None
        is_above = role is None or (own is not None and policy.may_remove(own, role))
        if user == actor.user_id or not is_above:
            raise Forbidden("You may not do this to this user.")

    async def report(
        self, actor: Actor, channel: ChannelId, seq: Seq, ask: ReportMessage
    ) -> tuple[Report, bool]:
        """Whether it is new: a second report of the same message is the first one. Moderators are told."""
        await self._members.reader(actor, channel)
        made = await self._moderation.report(channel, seq, ask, actor.user_id)
        if made is None:
            raise NotFound("There is no such message.")
        report, told = made
        for moderator, entry in told:
            self._publisher.tell(user_topic(moderator), [entry])
        log.info("message_reported", channel_id=channel, seq=seq, reason=ask.reason)
        return report, report.note == ask.note and bool(told)

    async def reports(self, actor: Actor, channel: ChannelId, query: ReportQuery) -> Page[Report]:
        await demand_moderator(self._members, actor, channel)
        rows = await self._moderation.reports(actor.workspace_id, channel, query)
        return page(rows, query.limit, lambda report: report.id)

    async def all_reports(self, actor: Actor, query: ReportQuery) -> Page[Report]:
        """Of the workspace, for admins; the messages are for who may read them."""
        policy.demand_admin(actor)
        rows = await self._moderation.reports(actor.workspace_id, None, query)
        return page(rows, query.limit, lambda report: report.id)

    async def resolve(self, actor: Actor, channel: ChannelId, report: int, ask: ResolveReport) -> Report:
        await demand_moderator(self._members, actor, channel)
        resolved = await self._moderation.resolve(channel, report, ask, actor.user_id)
        if resolved is None:
            raise NotFound("There is no such report.")
        return resolved

    async def ban_user(self, actor: Actor, user: UserId, ask: PutRestraint) -> None:
        """Ends all their sessions, everywhere, and lets them sign in no more. Raises Conflict for an admin."""
        policy.demand_admin(actor)
        found = await self._users.get(actor.workspace_id, user)
        if found is None or found.deleted:
            raise NotFound("There is no such user.")
        entry = await self._moderation.ban_user(actor.workspace_id, user, ask, actor.user_id)
        if entry is None:
            raise Conflict("An admin can't be banned: make them a member first.")
        self._publisher.tell(user_topic(user), [entry])
        log.info("user_banned", user_id=user, by=actor.user_id)

    async def unban_user(self, actor: Actor, user: UserId) -> None:
        policy.demand_admin(actor)
        if not await self._moderation.unban_user(actor.workspace_id, user, actor.user_id):
            raise NotFound("There is nothing to take back.")

    async def banned_users(self, actor: Actor, query: RestraintQuery) -> Page[Restraint]:
        policy.demand_admin(actor)
        rows = await self._moderation.banned_users(actor.workspace_id, query)
        return page(rows, query.limit, lambda one: one.user_id)
