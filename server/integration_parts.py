"""What lets programs in and calls them, wired."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from connections.manager import Manager
from connections.outside import Outside
from models.chat import Message
from server.settings import Settings
from services.bots import BotService
from services.built_in_commands import Tools
from services.commands import CommandService
from services.hook_deliveries import HookDeliveries
from services.hooks import IncomingHookService
from services.link_previews import LinkPreviews
from services.messages import online
from services.outgoing_hooks import OutgoingHookService
from services.ports import Limits
from services.programs import ProgramService
from store.bots import BotStore
from store.chat import ChatStore
from store.commands import CommandStore
from store.hooks import IncomingHookStore
from store.messages import MessageStore
from store.outgoing_hooks import OutgoingHookStore
from store.pool import Database
from store.programs import ProgramStore


@dataclass(frozen=True, slots=True)
class IntegrationParts:
    """What the doors need of it."""

    bots: BotService
    hooks: IncomingHookService
    outgoing_hooks: OutgoingHookService
    commands: CommandService


@asynccontextmanager
async def open_integrations(
    settings: Settings,
    database: Database,
    tools: Tools,
    outside: Outside,
    manager: Manager,
    limits: Limits,
    epoch: str,
) -> AsyncIterator[IntegrationParts]:
    """Webhooks are delivered for as long as this is open."""
    programs = ProgramService(ProgramStore(database), manager, partial(online, manager))
    outgoing, chat = OutgoingHookStore(database), ChatStore(database)
    async with (
        HookDeliveries(outgoing, chat, programs, outside, epoch, settings.hook_retry_seconds) as deliveries,
    ):
        yield IntegrationParts(
            bots=BotService(BotStore(database), manager),
            hooks=IncomingHookService(IncomingHookStore(database), tools.members, programs, limits),
            outgoing_hooks=OutgoingHookService(outgoing, tools.members, chat, outside, deliveries),
            commands=CommandService(CommandStore(database), tools, programs, outside, limits),
        )


@asynccontextmanager
async def open_previews(
    settings: Settings, database: Database, outside: Outside, manager: Manager
) -> AsyncIterator[Callable[[Message], None] | None]:
    """What is to be told each message; nothing, where links are not looked at."""
    if not settings.link_previews:
        yield None
        return
    async with LinkPreviews(outside, MessageStore(database), manager) as previews:
        yield previews.posted
