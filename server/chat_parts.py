"""The parts of chat beside posting, wired."""

from dataclasses import dataclass

from connections.manager import Manager
from server.settings import Settings
from services.audit import AuditService
from services.members import MemberService
from services.messages import MessageService
from services.search import SearchService
from services.threads import ThreadService
from store.audit import AuditStore
from store.messages import MessageStore
from store.pool import Database
from store.search import SearchStore
from store.threads import ThreadStore


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the doors need of it."""

    messages: MessageService
    threads: ThreadService
    search: SearchService
    audit: AuditService


def wire_chat(settings: Settings, database: Database, members: MemberService, manager: Manager) -> ChatParts:
    """The search goes on indexing for as long as the manager is open."""
    search = SearchService(SearchStore(database), settings.search_language)
    manager.spawn(search.keep_indexed())
    return ChatParts(
        MessageService(MessageStore(database), members, manager, manager),
        ThreadService(ThreadStore(database), members),
        search,
        AuditService(AuditStore(database)),
    )
