"""Channels: made, found, changed, deleted. One that the caller may not see answers as one that does not exist."""

import structlog

from models.accounts import Actor
from models.channels import Channel, ChannelQuery, CreateChannel, OpenDirect, Standing, UpdateChannel
from models.errors import Conflict, Forbidden, NotFound
from models.facts import channel_topic
from models.ids import ChannelId, UserId
from models.values import Page, given
from services import policy
from services.members import MemberService
from services.pages import page
from services.passwords import Passwords
from services.ports import Channels, Publisher, Users

log = structlog.get_logger()


class ChannelService:
    """Every method raises NotFound for a channel that the actor may not see."""

    def __init__(
        self,
        channels: Channels,
        members: MemberService,
        users: Users,
        passwords: Passwords,
        publisher: Publisher,
    ) -> None:
        self._channels = channels
        self._members = members
        self._users = users
        self._passwords = passwords
        self._publisher = publisher

    async def create(self, actor: Actor, ask: CreateChannel) -> Channel:
        """The creator joins as owner. Raises Conflict if the name is taken."""
        made = await self._channels.create(
            actor.workspace_id,
            actor.user_id,
            name=ask.name,
            description=ask.description,
            visibility=ask.visibility,
            password_hash=await self._passwords.hash(ask.password) if ask.password else None,
        )
        if made is None:
            raise Conflict("A channel of this name exists.")
        channel, entered = made
        self._members.tell(channel, entered)
        log.info("channel_created", channel_id=channel, by=actor.user_id, visibility=ask.visibility)
        return await self.get(actor, channel)

    async def open_direct(self, actor: Actor, ask: OpenDirect) -> Channel:
        """The same channel every time for the same people. Raises NotFound for a user who doesn't exist."""
        users = sorted({actor.user_id, *(UserId(user) for user in ask.user_ids)})
        for user in users:
            found = await self._users.get(actor.workspace_id, user)
            if found is None or found.deleted:
                raise NotFound("There is no such user.")
        channel, entered = await self._channels.direct(actor.workspace_id, actor.user_id, users)
        self._members.tell(channel, entered)
        return await self.get(actor, channel)

    async def get(self, actor: Actor, channel: ChannelId) -> Channel:
        found = await self._channels.get(actor.workspace_id, channel, actor.user_id)
        if found is None:
            raise NotFound("There is no such channel.")
        return found

    async def list(self, actor: Actor, query: ChannelQuery) -> Page[Channel]:
        found = await self._channels.page(actor.workspace_id, actor.user_id, query)
        return page(found, query.limit, lambda channel: channel.id)

    async def update(self, actor: Actor, channel: ChannelId, change: UpdateChannel) -> Channel:
        """Raises Forbidden for all but owners and admins, Conflict if the name is taken."""
        await self._demand_change(actor, channel)
        if change == UpdateChannel():
            return await self.get(actor, channel)
        password = given(change.password)
        hash_ = await self._passwords.hash(password) if password else None
        changed = await self._channels.update(actor.workspace_id, channel, actor.user_id, change, hash_)
        if changed == "absent":
            raise NotFound("There is no such channel.")
        if changed == "taken":
            raise Conflict("A channel of this name exists.")
        seen, entry = changed
        self._publisher.tell(channel_topic(channel), [entry])
        return seen

    async def delete(self, actor: Actor, channel: ChannelId) -> None:
        """Raises Forbidden for all but owners and admins."""
        await self._demand_change(actor, channel)
        entry = await self._channels.delete(channel, actor.user_id)
        if entry is None:
            raise NotFound("There is no such channel.")
        self._publisher.tell(channel_topic(channel), [entry])
        log.info("channel_deleted", channel_id=channel, by=actor.user_id)

    async def _demand_change(self, actor: Actor, channel: ChannelId) -> Standing:
        standing = await self._members.seen(actor, channel)
        if not policy.may_change(actor, standing):
            raise Forbidden("Only the channel's owners and admins may do this.")
        return standing
