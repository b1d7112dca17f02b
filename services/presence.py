"""Who of a channel is online, told to those who listen to it here: one fact a channel and tick, however many change."""

from collections import defaultdict
from collections.abc import Sequence

import structlog

from models import wire
from models.accounts import Actor
from models.channels import Present
from models.errors import Unavailable
from models.facts import Entry, PresenceChanged, Typing, channel_topic
from models.ids import ChannelId, UserId
from models.values import Page
from services.members import MemberService
from services.ports import Listeners, Members, Publisher

log = structlog.get_logger()

MOST = 1000
"""Users named in one fact; with more at once, a client asks for the list."""


class PresenceService:
    """`changed` is called with the names of those who came and went, on every instance."""

    def __init__(
        self, listeners: Listeners, members: Members, access: MemberService, publisher: Publisher
    ) -> None:
        self._listeners = listeners
        self._members = members
        self._access = access
        self._publisher = publisher

    async def of(self, actor: Actor, channel: ChannelId) -> Page[Present]:
        """The members who are online; raises as `MemberService.reader` does."""
        await self._access.reader(actor, channel)
        online = await self._members.shared([channel], _users(self._listeners.online()))
        return Page([Present(user, "online") for _, user in online])

    async def changed(self, came: Sequence[str], gone: Sequence[str]) -> None:
        """Each instance tells its own listeners, so nothing of this crosses the bus.

        With the database away nobody is told, as of any passing fact: the list of who is online stays right.
        """
        channels = [int(topic.removeprefix("channel:")) for topic in self._listeners.topics("channel:")]
        users, came_ids = _users([*came, *gone]), set(_users(came))
        changes: defaultdict[ChannelId, tuple[list[UserId], list[UserId]]] = defaultdict(lambda: ([], []))
        try:
            shared = await self._members.shared(channels, users)
        except Unavailable:
            log.warning("presence_not_told", users=len(users))
            return
        for channel, user in shared:
            changes[channel][0 if user in came_ids else 1].append(user)
        for channel, (online, offline) in changes.items():
            fact = PresenceChanged(channel, online[:MOST], offline[:MOST])
            self._listeners.whisper(channel_topic(channel), Entry(0, wire.encode(fact)))

    def typing(self, actor: Actor, channel: ChannelId) -> None:
        """To everyone who listens to the channel, wherever they are; the right to is the caller's to check."""
        fact = Typing(channel, actor.user_id)
        self._publisher.tell(channel_topic(channel), [Entry(0, wire.encode(fact))])


def _users(owners: Sequence[str] | set[str]) -> list[UserId]:
    """Whoever only follows a link to a sketch is nobody here."""
    return [UserId(int(owner[5:])) for owner in owners if owner.startswith("user:")]
