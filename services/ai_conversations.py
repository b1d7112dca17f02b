"""Conversations with a model: private channels of kind `ai`. And what every ask in a channel begins with."""

import re

from models.accounts import Actor
from models.ai import AiChannel, ConversationQuery, CreateConversation, SetAiChannel
from models.channels import Channel, UpdateChannel
from models.errors import Forbidden, NotFound
from models.facts import channel_topic
from models.ids import ChannelId
from models.text import NAME
from models.values import Page, given
from services import policy
from services.ai import AiService
from services.channels import ChannelService
from services.members import MemberService
from services.pages import page
from services.ports import Channels, Conversations, Publisher, Runs

UNNAMED = "New conversation"
_LONGEST = 60
_NAME = re.compile(NAME)


class ConversationService:
    """Raises AiUnavailable where a conversation could not be answered."""

    def __init__(
        self,
        ai: AiService,
        conversations: Conversations,
        rows: Channels,
        channels: ChannelService,
        members: MemberService,
        runs: Runs,
        publisher: Publisher,
    ) -> None:
        self._ai = ai
        self._conversations = conversations
        self._rows = rows
        self._channels = channels
        self._members = members
        self._runs = runs
        self._publisher = publisher

    async def create(self, actor: Actor, ask: CreateConversation) -> Channel:
        """Its creator is its owner, and may bring others in."""
        await self._demand_model(ask.model)
        channel, entered = await self._conversations.conversation(
            actor.workspace_id, actor.user_id, ask.name or UNNAMED
        )
        if ask.model is not None or ask.system:
            await self._runs.set_channel(channel, SetAiChannel(ask.model, ask.system))
        self._members.tell(channel, entered)
        return await self._channels.get(actor, channel)

    async def list(self, actor: Actor, query: ConversationQuery) -> Page[Channel]:
        """One's own, newest first."""
        await self._demand_model(None)
        before = int(query.cursor) if query.cursor else None
        found = await self._conversations.conversations(
            actor.workspace_id, actor.user_id, before, query.limit + 1
        )
        return page(found, query.limit, lambda channel: channel.id)

    async def settings(self, actor: Actor, channel: ChannelId) -> AiChannel:
        await self._members.reader(actor, channel)
        return await self._runs.channel(channel)

    async def set_up(self, actor: Actor, channel: ChannelId, change: SetAiChannel) -> AiChannel:
        """Raises Forbidden for all but moderators and owners."""
        standing = await self._members.reader(actor, channel)
        if not policy.may_set_up_ai(standing):
            raise Forbidden("Only the channel's owners and moderators may do this.")
        await self._demand_model(given(change.model))
        return await self._runs.set_channel(channel, change)

    async def name_after(self, actor: Actor, channel: ChannelId, question: str) -> None:
        """A conversation that nobody named takes its first question's words."""
        title = title_of(question)
        here = await self._channels.get(actor, channel)
        if title is None or here.name != UNNAMED:
            return
        change = UpdateChannel(name=title)
        changed = await self._rows.update(actor.workspace_id, channel, actor.user_id, change, None)
        if not isinstance(changed, str):
            self._publisher.tell(channel_topic(channel), [changed[1]])

    async def _demand_model(self, model: str | None) -> None:
        """Also without one: a conversation where no model is set up would be of no use."""
        names = [one.id for one in await self._ai.models()]
        if model is not None and model not in names:
            raise NotFound("This model is not offered here: GET /ai/models lists those that are.")


def title_of(question: str) -> str | None:
    """The first words as one line that may be a channel's name; None if nothing of them may."""
    line = " ".join(question.split())
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rsplit(" ", 1)[0].rstrip() + "…"
    line = "".join(letter for letter in line if _NAME.match(letter) or letter == " ").strip()
    return line if _NAME.match(line) else None
