"""What every door finds in `request.state`: built once in server/parts.py."""

from typing import TypedDict

from connections.manager import Manager
from services.accounts import AccountService
from services.audit import AuditService
from services.channels import ChannelService
from services.chat import ChatService
from services.health import Health
from services.members import MemberService
from services.messages import MessageService
from services.ports import Limits
from services.presence import PresenceService
from services.search import SearchService
from services.threads import ThreadService
from services.users import UserService


class State(TypedDict):
    """The lifespan's state, the same objects for every request."""

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
    manager: Manager
    epoch: str
    allowed_origins: frozenset[str]
    limits: Limits
    limits_rates: bool
    max_sockets: int
    """Of one user, on this instance."""
