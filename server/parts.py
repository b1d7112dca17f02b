"""The composition root: everything is opened and wired here, once, and closed in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from connections.limits import RateLimits
from connections.manager import Manager
from connections.memory_bus import MemoryBus
from connections.outside import Outside
from connections.topic import Log
from models.ids import WorkspaceId
from server.ai_parts import AiParts, open_ai
from server.chat_parts import ChatParts, wire_chat
from server.database_door import insist
from server.file_parts import FileParts, wire_files
from server.integration_parts import IntegrationParts, open_integrations, open_previews
from server.push_parts import PushParts, open_push
from server.secret import signing_key
from server.settings import Settings
from server.sketch_parts import SketchParts, open_sketches
from services.accounts import AccountService
from services.built_in_commands import Tools
from services.channels import ChannelService
from services.chat import ChatService
from services.feed import Feed
from services.health import Health
from services.members import MemberService
from services.messages import online
from services.passwords import Passwords
from services.presence import PresenceService
from services.push_message import new_private_key
from services.tokens import Tokens
from services.users import UserService
from services.workshop import Workshop
from store.channels import ChannelStore
from store.chat import ChatStore
from store.invites import InviteStore
from store.lives import LifeStore
from store.members import MemberStore
from store.pool import Database, open_database
from store.push import PushStore
from store.queries import load_queries
from store.sessions import SessionStore
from store.sketches import SketchStore
from store.users import UserStore

if TYPE_CHECKING:
    from connections.redis_bus import RedisBus

WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running instance is made of."""

    accounts: AccountService
    users: UserService
    channels: ChannelService
    members: MemberService
    chat: ChatService
    presence: PresenceService
    sketches: SketchParts
    more: ChatParts
    """Of chat: all but posting."""
    files: FileParts
    ai: AiParts
    integrations: IntegrationParts
    health: Health
    limits: RateLimits
    manager: Manager
    database: Database
    bus: "MemoryBus | RedisBus"
    epoch: str
    push: PushParts


@asynccontextmanager
async def open_parts(
    settings: Settings, database_url: str, redis_url: str | None = None, patience_seconds: float = 0
) -> AsyncIterator[Parts]:
    """Raises `Unreachable` when the database isn't there for so long; Redis may be away."""
    async with AsyncExitStack() as stack:
        home = await insist(database_url, lambda: _open_home(stack, settings, database_url), patience_seconds)
        passwords = await stack.enter_async_context(Passwords())
        yield await _wire(stack, settings, home, passwords, redis_url)


class _Home(NamedTuple):
    """The database, and what is read from it once."""

    database: Database
    lives: LifeStore
    workspace: WorkspaceId
    epoch: str
    push_key: bytes


async def _open_home(stack: AsyncExitStack, settings: Settings, url: str) -> _Home:
    """Leaves nothing open when it fails: it may be lost at any moment of the start."""
    async with AsyncExitStack() as undo:
        database = await undo.enter_async_context(open_database(url, load_queries(), settings.pool_size))
        lives = LifeStore(database)
        workspace, epoch = await lives.workspace(WORKSPACE), await lives.epoch()
        key = await PushStore(database).key(new_private_key())
        home = _Home(database, lives, workspace, epoch, key)
        await stack.enter_async_context(undo.pop_all())
        return home


def _bus(redis_url: str | None, epoch: str) -> "MemoryBus | RedisBus":
    if redis_url is None:
        return MemoryBus()
    from connections.redis_bus import RedisBus  # noqa: PLC0415 - 0.1 s that few starts need

    return RedisBus(redis_url, space=epoch[:8])


async def _open_manager(stack: AsyncExitStack, history: Log, bus: "MemoryBus | RedisBus") -> Manager:
    """The bus comes up after the manager that listens to it, and goes down before it."""
    manager = await stack.enter_async_context(Manager(bus, history))
    await stack.enter_async_context(bus)
    return manager


def _presence(manager: Manager, store: MemberStore, members: MemberService) -> PresenceService:
    presence = PresenceService(manager, store, members, manager)
    manager.presence.changed = lambda came, gone: manager.spawn(presence.changed(came, gone))
    return presence


def _accounts(
    settings: Settings, database: Database, workspace: WorkspaceId, passwords: Passwords, manager: Manager
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


async def _open_content(
    stack: AsyncExitStack, settings: Settings, database: Database, members: MemberService, manager: Manager
) -> tuple[SketchParts, FileParts]:
    """What a channel holds beside its messages. Its pictures are drawn in one workshop."""
    workshop = await stack.enter_async_context(Workshop())
    around = settings, database, members, manager, workshop
    return await stack.enter_async_context(open_sketches(*around)), wire_files(*around)


async def _wire(
    stack: AsyncExitStack, settings: Settings, home: _Home, passwords: Passwords, redis_url: str | None
) -> Parts:
    database, lives, workspace, epoch, _ = home
    users, channel_store, chat_store = UserStore(database), ChannelStore(database), ChatStore(database)
    bus = _bus(redis_url, epoch)
    manager = await _open_manager(stack, Feed(chat_store, channel_store, users, SketchStore(database)), bus)
    members = MemberService(channel_store, MemberStore(database), users, passwords, manager)
    channels = ChannelService(channel_store, members, users, passwords, manager)
    outside = await stack.enter_async_context(Outside(settings.outbound_networks))
    previews = await stack.enter_async_context(open_previews(settings, database, outside, manager))
    posting = ChatService(chat_store, members, manager, epoch, partial(online, manager), previews)
    chat = await stack.enter_async_context(posting)
    sketches, files = await _open_content(stack, settings, database, members, manager)
    talk = channel_store, channels, members, chat
    ai = await stack.enter_async_context(open_ai(settings, database, talk, sketches, files.blobs, manager))
    limits = await stack.enter_async_context(RateLimits(redis_url, is_on=settings.rate_limits))
    tools = Tools(chat, channels, members, UserService(users, SessionStore(database), passwords, manager))
    hooks = open_integrations(settings, database, tools, outside, manager, limits, epoch)
    integrations = await stack.enter_async_context(hooks)
    return Parts(
        accounts=_accounts(settings, database, workspace, passwords, manager),
        users=tools.users,
        channels=channels,
        members=members,
        chat=chat,
        more=wire_chat(settings, database, members, manager),
        limits=limits,
        push=await stack.enter_async_context(open_push(settings, database, home.push_key, outside, manager)),
        presence=_presence(manager, MemberStore(database), members),
        sketches=sketches,
        files=files,
        ai=ai,
        integrations=integrations,
        health=Health({"database": lives.epoch}),
        manager=manager,
        database=database,
        bus=bus,
        epoch=epoch,
    )
