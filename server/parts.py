"""The composition root: everything is opened and wired here, once, and closed in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from connections.limits import RateLimits
from connections.manager import Manager
from connections.memory_bus import MemoryBus
from connections.redis_bus import RedisBus
from connections.topic import Log
from models.ids import WorkspaceId
from server.secret import signing_key
from server.settings import Settings
from services.accounts import AccountService
from services.audit import AuditService
from services.channels import ChannelService
from services.chat import ChatService
from services.feed import Feed
from services.health import Health
from services.members import MemberService
from services.messages import MessageService, online
from services.passwords import Passwords
from services.presence import PresenceService
from services.search import SearchService
from services.threads import ThreadService
from services.tokens import Tokens
from services.users import UserService
from store.audit import AuditStore
from store.channels import ChannelStore
from store.chat import ChatStore
from store.invites import InviteStore
from store.lives import LifeStore
from store.members import MemberStore
from store.messages import MessageStore
from store.pool import Database, open_database
from store.queries import load_queries
from store.search import SearchStore
from store.sessions import SessionStore
from store.threads import ThreadStore
from store.users import UserStore

WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running instance is made of."""

    accounts: AccountService
    users: UserService
    channels: ChannelService
    members: MemberService
    chat: ChatService
    messages: MessageService
    threads: ThreadService
    search: SearchService
    audit: AuditService
    presence: PresenceService
    health: Health
    limits: RateLimits
    manager: Manager
    bus: MemoryBus | RedisBus
    epoch: str


@asynccontextmanager
async def open_parts(
    settings: Settings, database_url: str, redis_url: str | None = None
) -> AsyncIterator[Parts]:
    """Raises what the database raises when it can't be reached; Redis may be away."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(database_url, load_queries(), settings.pool_size)
        )
        passwords = await stack.enter_async_context(Passwords())
        yield await _wire(stack, settings, database, passwords, redis_url)


async def _open_manager(stack: AsyncExitStack, history: Log, bus: MemoryBus | RedisBus) -> Manager:
    """The bus comes up after the manager that listens to it, and goes down before it."""
    manager = await stack.enter_async_context(Manager(bus, history))
    await stack.enter_async_context(bus)
    return manager


async def _wire(
    stack: AsyncExitStack, settings: Settings, database: Database, passwords: Passwords, redis_url: str | None
) -> Parts:
    lives, users, sessions = LifeStore(database), UserStore(database), SessionStore(database)
    channel_store, chat_store = ChannelStore(database), ChatStore(database)
    workspace, epoch = await lives.workspace(WORKSPACE), await lives.epoch()

    bus = RedisBus(redis_url, space=epoch[:8]) if redis_url else MemoryBus()
    manager = await _open_manager(stack, Feed(chat_store, channel_store, users), bus)
    member_store = MemberStore(database)
    members = MemberService(channel_store, member_store, users, passwords, manager)
    presence = PresenceService(manager, member_store, members, manager)
    manager.presence.changed = lambda came, gone: manager.spawn(presence.changed(came, gone))
    return Parts(
        accounts=_accounts(workspace, settings, database, passwords, manager),
        users=UserService(users, sessions, passwords, manager),
        channels=ChannelService(channel_store, members, users, passwords, manager),
        members=members,
        chat=await stack.enter_async_context(
            ChatService(chat_store, members, manager, epoch, partial(online, manager))
        ),
        messages=MessageService(MessageStore(database), members, manager, manager),
        audit=AuditService(AuditStore(database)),
        search=_search(settings, database, manager),
        threads=ThreadService(ThreadStore(database), members),
        presence=presence,
        limits=await stack.enter_async_context(RateLimits(redis_url, is_on=settings.rate_limits)),
        health=Health({"database": lives.epoch}),
        manager=manager,
        bus=bus,
        epoch=epoch,
    )


def _accounts(
    workspace: WorkspaceId, settings: Settings, database: Database, passwords: Passwords, manager: Manager
) -> AccountService:
    return AccountService(
        workspace=workspace,
        registration=settings.registration,
        users=UserStore(database),
        sessions=SessionStore(database),
        invites=InviteStore(database),
        passwords=passwords,
        tokens=Tokens(signing_key(settings)),
        publisher=manager,
    )


def _search(settings: Settings, database: Database, manager: Manager) -> SearchService:
    search = SearchService(SearchStore(database), settings.search_language)
    manager.spawn(search.keep_indexed())
    return search
