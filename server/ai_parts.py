"""The parts that answer with a model, wired: opened after the chat that they post to, closed before it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from connections.manager import Manager
from connections.openai_provider import OpenAiProvider, Patience
from server.settings import Settings
from services.ai import AiService, Offer
from services.ai_budgets import Budgets
from services.ai_context import ContextBuilder
from services.ai_conversations import ConversationService
from services.ai_reading_tools import ReadingTools
from services.ai_run import Speaker
from services.ai_runs import Runner
from services.ai_tools import Toolbox
from services.ai_views import AiViews
from services.channels import ChannelService
from services.chat import ChatService
from services.members import MemberService
from store.ai import AiStore
from store.channels import ChannelStore
from store.pool import Database


@dataclass(frozen=True, slots=True)
class AiParts:
    """What the doors and the drain need of it."""

    service: AiService
    views: AiViews
    conversations: ConversationService


@asynccontextmanager
async def open_ai(
    settings: Settings,
    database: Database,
    channel_store: ChannelStore,
    channels: ChannelService,
    members: MemberService,
    chat: ChatService,
    manager: Manager,
) -> AsyncIterator[AiParts]:
    """Also without an endpoint: then every ask says so, and what a dead instance left is still ended."""
    runs = AiStore(database, secrets.token_hex(8))
    budgets = Budgets(budget_limits(settings), settings.ai_prices, settings.ai_runs_per_user)
    tools = ReadingTools(runs, members, channel_store).tools if settings.ai_tools else []
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(
            OpenAiProvider(settings.ai_base_url, settings.ai_api_key, Patience(*settings.ai_timeouts))
        )
        speaker = Speaker(provider, Toolbox(tools))
        runner = await stack.enter_async_context(Runner(runs, speaker, manager, budgets))
        context = ContextBuilder(runs, settings.ai_context_tokens, settings.ai_answer_tokens)
        offer = Offer(settings.ai_models, settings.ai_context_tokens, settings.ai_answer_tokens)
        service = AiService(provider, runs, runner, context, members, manager, budgets, offer)
        views = AiViews(service, runs, runner, chat, manager)
        manager.went_live = views.joined
        conversations = ConversationService(
            service, channel_store, channel_store, channels, members, runs, manager
        )
        service.on_first_question = conversations.name_after
        yield AiParts(service, views, conversations)


def budget_limits(settings: Settings) -> dict[tuple[str, str], int]:
    """(scope, period) -> tokens."""
    limits = {}
    for name, limit in settings.ai_budgets.items():
        scope, _, period = name.partition("/")
        limits[scope, period] = limit
    return limits
