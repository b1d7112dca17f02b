"""What happens to a message after it was posted: commit first, then tell, as with posting."""

from collections.abc import Sequence

import emoji as emojis
import structlog

from models.accounts import Actor
from models.chat import EditMessage, Message, Version
from models.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from models.facts import Entry, channel_topic
from models.ids import ChannelId, Seq, UserId
from models.mentions import mentions_in
from models.values import Page, given
from services import policy
from services.members import MemberService, demand_moderator
from services.message_ports import Messages
from services.ports import Listeners, Publisher

log = structlog.get_logger()


class MessageService:
    """Every method raises NotFound or Forbidden for who may not read the channel, NotFound for a message that is not
    there or was deleted, Conflict in an archived channel.

    What answers with a Seq answers with that of the fact which made it so; asked again, nobody is told again.
    """

    def __init__(
        self, messages: Messages, members: MemberService, listeners: Listeners, publisher: Publisher
    ) -> None:
        self._messages = messages
        self._members = members
        self._listeners = listeners
        self._publisher = publisher

    async def edit(self, actor: Actor, channel: ChannelId, seq: Seq, ask: EditMessage) -> tuple[Message, Seq]:
        """The message, and the seq of the fact. Raises Forbidden for all but the author, Invalid if nothing is left."""
        await self._members.reader(actor, channel)
        named = mentions_in(ask.text)
        here = online(self._listeners) if named and named.broadcast == "here" else []
        edited = await self._messages.edit(
            channel, seq, actor.user_id, ask.text, named, here, given(ask.attachments)
        )
        if isinstance(edited, str):
            raise _refusal(edited)
        message, entry = edited
        if entry is None:
            return message, seq
        self._publisher.tell(channel_topic(channel), [entry])
        return message, Seq(entry.seq)

    async def delete(self, actor: Actor, channel: ChannelId, seq: Seq) -> Seq:
        """Raises Forbidden for all but the author and the channel's moderators."""
        standing = await self._members.reader(actor, channel)
        may_any = policy.may_moderate(actor, standing)
        deleted = self._told(
            channel, await self._messages.delete(channel, seq, actor.user_id, may_any=may_any)
        )
        log.info("message_deleted", channel_id=channel, seq=seq, by=actor.user_id)
        return deleted

    async def react(self, actor: Actor, channel: ChannelId, seq: Seq, emoji: str) -> Seq:
        """Raises Invalid for what is no emoji, Conflict for one kind too many."""
        demand_emoji(emoji)
        await self._members.reader(actor, channel)
        return self._told(channel, await self._messages.react(channel, seq, actor.user_id, emoji))

    async def unreact(self, actor: Actor, channel: ChannelId, seq: Seq, emoji: str) -> Seq:
        demand_emoji(emoji)
        await self._members.reader(actor, channel)
        return self._told(channel, await self._messages.unreact(channel, seq, actor.user_id, emoji))

    async def pin(self, actor: Actor, channel: ChannelId, seq: Seq) -> Seq:
        """Any member may. Raises Conflict for one pin too many."""
        await self._members.reader(actor, channel)
        return self._told(channel, await self._messages.pin(channel, seq, actor.user_id))

    async def unpin(self, actor: Actor, channel: ChannelId, seq: Seq) -> Seq:
        await self._members.reader(actor, channel)
        return self._told(channel, await self._messages.unpin(channel, seq, actor.user_id))

    async def hide(self, actor: Actor, channel: ChannelId, seq: Seq) -> Seq:
        """From all but moderators. Raises Forbidden for all but these, Conflict while a model writes it."""
        await demand_moderator(self._members, actor, channel)
        hidden = self._told(channel, await self._messages.hide(channel, seq, actor.user_id))
        log.info("message_hidden", channel_id=channel, seq=seq, by=actor.user_id)
        return hidden

    async def show(self, actor: Actor, channel: ChannelId, seq: Seq) -> Seq:
        """A hidden one, to all again. Raises Forbidden for all but moderators."""
        await demand_moderator(self._members, actor, channel)
        return self._told(channel, await self._messages.show(channel, seq, actor.user_id))

    async def pinned(self, actor: Actor, channel: ChannelId) -> Page[Message]:
        """The newest pin first."""
        await self._members.reader(actor, channel)
        return Page(await self._messages.pinned(channel))

    async def versions(self, actor: Actor, channel: ChannelId, seq: Seq) -> Page[Version]:
        """What was edited away or deleted, the oldest first. Raises Forbidden for all but moderators."""
        standing = await self._members.reader(actor, channel)
        if not policy.may_moderate(actor, standing):
            raise Forbidden("Only the channel's moderators may see what a message was before.")
        versions = await self._messages.versions(channel, seq)
        if versions is None:
            raise NotFound("There is no such message.")
        return Page(versions)

    def _told(self, channel: ChannelId, changed: Entry | Seq | str) -> Seq:
        if isinstance(changed, str):
            raise _refusal(changed)
        if isinstance(changed, int):
            return changed
        self._publisher.tell(channel_topic(channel), [changed])
        return Seq(changed.seq)


def online(listeners: Listeners) -> Sequence[UserId]:
    """Whom an @here can reach."""
    return [UserId(int(owner.removeprefix("user:"))) for owner in listeners.online()]


def demand_emoji(text: str) -> None:
    """One emoji of Unicode's, with its skin tones, joiners and variants."""
    if not emojis.is_emoji(text):
        raise Invalid("This is no emoji.", {"emoji": "Expected one emoji"})


def _refusal(why: str) -> Fault:
    if why == "empty":
        return Invalid("A message has a text or a file.", {"text": "Expected at least 1 characters"})
    kind, detail = _REFUSALS[why]
    return kind(detail)


_REFUSALS: dict[str, tuple[type[Fault], str]] = {
    "no_channel": (NotFound, "There is no such channel."),
    "not_member": (Forbidden, "You are not a member of this channel."),
    "no_message": (NotFound, "There is no such message."),
    "archived": (Conflict, "This channel is archived."),
    "not_author": (Forbidden, "This message is somebody else's."),
    "muted": (Forbidden, "You are muted in this channel: you may read it."),
    "hidden": (Conflict, "This message is hidden."),
    "running": (Conflict, "This answer is still being written."),
    "no_file": (NotFound, "The message has no such file."),
    "too_many": (Conflict, "There are as many here as there can be."),
}
