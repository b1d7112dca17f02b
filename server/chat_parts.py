"""The parts of chat beside posting, wired."""

from dataclasses import dataclass

from connections.manager import Manager
from server.settings import Settings
from services.audit import AuditService
from services.members import MemberService
from services.messages import MessageService
from services.moderation import ModerationService
from services.search import SearchService
from services.threads import ThreadService
from store.audit import AuditStore
from store.channels import ChannelStore
from store.messages import MessageStore
from store.moderation import ModerationStore
from store.pool import Database
from store.search import SearchStore
from store.threads import ThreadStore
from store.users import UserStore


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the doors need of it."""

    messages: MessageService
    threads: ThreadService
    search: SearchService
    audit: AuditService
    moderation: ModerationService


def wire_chat(settings: Settings, database: Database, members: MemberService, manager: Manager) -> ChatParts:
    """The search goes on indexing for as long as the manager is open."""
    search = SearchService(SearchStore(database), settings.search_language)
    manager.spawn(search.keep_indexed())
    return ChatParts(
        MessageService(MessageStore(database), members, manager, manager),
        ThreadService(ThreadStore(database), members),
        search,
        AuditService(AuditStore(database)),
        ModerationService(
            ModerationStore(database), ChannelStore(database), members, UserStore(database), manager
        ),
    )
