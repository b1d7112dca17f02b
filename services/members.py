"""Membership: who may look into a channel, and how people come and go."""

from collections.abc import Sequence

import structlog

from models.accounts import Actor
from models.channels import ChannelRole, JoinChannel, Member, MemberQuery, NotificationLevel, Standing
from models.errors import Conflict, Forbidden, NotFound, WrongPassword
from models.facts import Entry, channel_topic, user_topic
from models.ids import ChannelId, Seq, UserId
from models.moderation import FOR_EVER, Ban
from models.values import Page
from services import policy
from services.pages import page
from services.passwords import Passwords
from services.ports import Channels, Members, Publisher, Users

log = structlog.get_logger()


class MemberService:
    """`seen` and `reader` are what every door to a channel passes through."""

    def __init__(
        self, channels: Channels, members: Members, users: Users, passwords: Passwords, publisher: Publisher
    ) -> None:
        self._channels = channels
        self._members = members
        self._users = users
        self._passwords = passwords
        self._publisher = publisher

    async def seen(self, actor: Actor, channel: ChannelId) -> Standing:
        """Raises NotFound unless the actor may know that the channel exists."""
        standing = await self._channels.standing(actor.workspace_id, channel, actor.user_id)
        if standing is None or not policy.may_see(standing):
            raise NotFound("There is no such channel.")
        return standing

    async def reader(self, actor: Actor, channel: ChannelId) -> Standing:
        """Raises NotFound, or Forbidden for a public channel that the actor is not in."""
        standing = await self.seen(actor, channel)
        if not policy.may_read(standing):
            raise Forbidden("You are not a member of this channel.")
        return standing

    async def speaker(self, actor: Actor, channel: ChannelId) -> Standing:
        """As `reader`; raises Forbidden, too, for who is muted."""
        standing = await self.reader(actor, channel)
        policy.demand_voice(standing)
        return standing

    async def join(self, actor: Actor, channel: ChannelId, ask: JoinChannel) -> None:
        """Raises WrongPassword where the channel has one and it is not this. For a member nothing happens."""
        standing = await self.seen(actor, channel)
        if standing.role is not None:
            return
        if standing.password_hash and not await self._passwords.matches(
            ask.password or "", standing.password_hash
        ):
            raise WrongPassword("This is not the channel's password.")
        await self._put_in(channel, actor.user_id, "member", by=actor.user_id)

    async def leave(self, actor: Actor, channel: ChannelId) -> None:
        """Raises Conflict in a direct channel, which always is between the same people."""
        standing = await self.reader(actor, channel)
        if standing.kind == "direct":
            raise Conflict("Nobody can leave a direct channel.")
        await self._take_out(channel, actor.user_id, by=actor.user_id)

    async def list(self, actor: Actor, channel: ChannelId, query: MemberQuery) -> Page[Member]:
        await self.reader(actor, channel)
        return page(await self._members.page(channel, query), query.limit, lambda member: member.user_id)

    async def put(
        self, actor: Actor, channel: ChannelId, user: UserId, role: ChannelRole | None = None
    ) -> None:
        """Brings a user in, or changes the role of one who is in. Raises Forbidden, NotFound, Conflict.

        For who is in already, in this role or with none named, nothing happens.
        """
        standing = await self.reader(actor, channel)
        target = await self._channels.standing(actor.workspace_id, channel, user)
        if target is not None and target.role is not None:
            if role not in (None, target.role):
                await self._change_role(actor, standing, user, role)
            return
        if standing.kind == "direct":
            raise Conflict("A direct channel is always between the same people.")
        role = role or "member"
        if not policy.may_add(standing, role):
            raise Forbidden("Only the channel's owners may bring people in as more than members.")
        found = await self._users.get(actor.workspace_id, user)
        if found is None or found.deleted:
            raise NotFound("There is no such user.")
        await self._put_in(channel, user, role, by=actor.user_id)

    async def _change_role(self, actor: Actor, standing: Standing, user: UserId, role: ChannelRole) -> None:
        if not policy.may_change_roles(standing):
            raise Forbidden("Only the channel's owners may change roles.")
        changed = await self._members.change_role(standing.channel_id, user, role, actor.user_id)
        if changed == "absent":
            raise NotFound("There is no such member.")
        if changed == "last_owner":
            raise Conflict("This is the last owner: make another one first.")
        if changed != "already":
            self._publisher.tell(channel_topic(standing.channel_id), [changed])

    async def remove(self, actor: Actor, channel: ChannelId, user: UserId) -> None:
        """Raises Forbidden unless the actor stands above the user, NotFound if the user isn't in the channel."""
        standing = await self.reader(actor, channel)
        target = await self._channels.standing(actor.workspace_id, channel, user)
        if target is None or target.role is None:
            raise NotFound("There is no such member.")
        if user != actor.user_id and not policy.may_remove(standing, target.role):
            raise Forbidden("You may not remove this member.")
        if standing.kind == "direct":
            raise Conflict("Nobody can leave a direct channel.")
        await self._take_out(channel, user, by=actor.user_id)
        log.info("member_removed", channel_id=channel, user_id=user, by=actor.user_id)

    async def mark_read(self, actor: Actor, channel: ChannelId, seq: Seq, thread: Seq | None = None) -> None:
        """Tells the user's other sockets. Raises NotFound for a thread that isn't there."""
        await self.reader(actor, channel)
        marked = await self._members.mark_read(channel, actor.user_id, seq, thread)
        if marked == "no_thread":
            raise NotFound("There is no such thread.")
        if marked == "absent":
            raise Forbidden("You are not a member of this channel.")
        if marked != "already":
            self._publisher.tell(user_topic(actor.user_id), [marked])

    async def set_notifications(
        self, actor: Actor, channel: ChannelId, level: NotificationLevel | None
    ) -> None:
        """What of the channel shall call for the user's attention; None is the usual."""
        await self.reader(actor, channel)
        entry = await self._members.set_notifications(channel, actor.user_id, level)
        if entry == "absent":
            raise Forbidden("You are not a member of this channel.")
        self._publisher.tell(user_topic(actor.user_id), [entry])

    async def _put_in(self, channel: ChannelId, user: UserId, role: ChannelRole, *, by: UserId) -> None:
        added = await self._members.add(channel, user, role, by)
        if added == "absent":
            raise NotFound("There is no such channel.")
        if isinstance(added, Ban):
            raise Forbidden(_words(added) if user == by else "Who is banned from this channel can't come in.")
        if added != "already":
            self.tell(channel, [added])

    def tell(self, channel: ChannelId, entered: Sequence[tuple[UserId, Entry, Entry]]) -> None:
        """Tells the channel, and each who came in, that they are in it."""
        self._publisher.tell(channel_topic(channel), [entry for _, entry, _ in entered])
        for user, _, personal in entered:
            self._publisher.tell(user_topic(user), [personal])

    async def _take_out(self, channel: ChannelId, user: UserId, *, by: UserId) -> None:
        removed = await self._members.remove(channel, user, by)
        if removed == "absent":
            raise NotFound("There is no such member.")
        entries, personal = removed
        self._publisher.tell(channel_topic(channel), entries)
        self._publisher.tell(user_topic(user), [personal])


def _words(ban: Ban) -> str:
    """For who is banned themselves."""
    until = "" if ban.until.year == FOR_EVER else f" until {ban.until:%Y-%m-%d %H:%M} UTC"
    return f"You are banned from this channel{until}{f': {ban.reason}' if ban.reason else '.'}"


async def demand_moderator(members: MemberService, actor: Actor, channel: ChannelId) -> None:
    """Raises NotFound or Forbidden for all but the channel's moderators."""
    standing = await members.reader(actor, channel)
    if not policy.may_moderate(actor, standing):
        raise Forbidden("Only the channel's moderators may do this.")
