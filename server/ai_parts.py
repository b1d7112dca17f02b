"""The parts that answer with a model, wired: opened after the chat that they post to, closed before it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connections.manager import Manager
from connections.no_provider import NoProvider
from server.settings import Settings
from server.sketch_parts import SketchParts
from services.ai import AiService, Offer
from services.ai_budgets import Budgets
from services.ai_context import ContextBuilder
from services.ai_conversations import ConversationService
from services.ai_files import FileReader
from services.ai_reach import Reach
from services.ai_reading_tools import ReadingTools
from services.ai_run import Speaker
from services.ai_runs import Runner
from services.ai_sketch_tools import SketchTools
from services.ai_tools import Toolbox
from services.ai_undo import UndoService
from services.ai_views import AiViews
from services.channels import ChannelService
from services.chat import ChatService
from services.file_ports import Blobs
from services.members import MemberService
from services.sketch_alterations import Alterations
from store.ai import AiStore
from store.ai_drawings import DrawingStore
from store.channels import ChannelStore
from store.pool import Database

if TYPE_CHECKING:
    from connections.openai_provider import OpenAiProvider


@dataclass(frozen=True, slots=True)
class AiParts:
    """What the doors and the drain need of it."""

    service: AiService
    views: AiViews
    conversations: ConversationService
    undo: UndoService
    runner: Runner
    provider: "OpenAiProvider | NoProvider"


@asynccontextmanager
async def open_ai(
    settings: Settings,
    database: Database,
    talk: tuple[ChannelStore, ChannelService, MemberService, ChatService],
    sketches: SketchParts,
    files: Blobs,
    manager: Manager,
) -> AsyncIterator[AiParts]:
    """Also without an endpoint: then every ask says so, and what a dead instance left is still ended."""
    channel_store, channels, members, chat = talk
    runs = AiStore(database, secrets.token_hex(8))
    budgets = Budgets(budget_limits(settings), settings.ai_prices, settings.ai_runs_per_user)
    alterations = Alterations(sketches.service, sketches.rooms)
    drawings = DrawingStore(database)
    reach = Reach(members, channel_store)
    drawing = SketchTools(sketches.service, alterations, sketches.painter, drawings, reach)
    tools = [*ReadingTools(runs, reach).tools, *drawing.tools] if settings.ai_tools else []
    async with AsyncExitStack() as stack:
        provider = _provider(settings)
        await stack.enter_async_context(provider)
        speaker = Speaker(provider, Toolbox(tools), settings.ai_vision_models)
        runner = await stack.enter_async_context(Runner(runs, speaker, manager, budgets))
        context = ContextBuilder(
            runs, FileReader(runs, files), settings.ai_context_tokens, settings.ai_answer_tokens
        )
        offer = Offer(
            *(settings.ai_models, settings.ai_context_tokens, settings.ai_answer_tokens),
            settings.ai_vision_models,
        )
        service = AiService(provider, runs, runner, context, members, manager, budgets, offer)
        views = AiViews(service, runs, runner, chat, manager)
        manager.went_live = views.joined
        conversations = ConversationService(
            service, channel_store, channel_store, channels, members, runs, manager
        )
        service.on_first_question = conversations.name_after
        undo = UndoService(service, views, alterations, drawings, manager)
        yield AiParts(service, views, conversations, undo, runner, provider)


def _provider(settings: Settings) -> "OpenAiProvider | NoProvider":
    if not settings.ai_base_url:
        return NoProvider()
    from connections.openai_provider import OpenAiProvider, Patience  # noqa: PLC0415 - a second that others don't need

    return OpenAiProvider(settings.ai_base_url, settings.ai_api_key, Patience(*settings.ai_timeouts))


def budget_limits(settings: Settings) -> dict[tuple[str, str], int]:
    """(scope, period) -> tokens."""
    limits = {}
    for name, limit in settings.ai_budgets.items():
        scope, _, period = name.partition("/")
        limits[scope, period] = limit
    return limits
