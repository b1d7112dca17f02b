"""What every door finds in `request.state`: built once in server/parts.py."""

from typing import TypedDict

from connections.manager import Manager
from services.accounts import AccountService
from services.ai import AiService
from services.ai_conversations import ConversationService
from services.ai_undo import UndoService
from services.ai_views import AiViews
from services.audit import AuditService
from services.bots import BotService
from services.channels import ChannelService
from services.chat import ChatService
from services.commands import CommandService
from services.files import FileService
from services.health import Health
from services.hooks import IncomingHookService
from services.members import MemberService
from services.messages import MessageService
from services.moderation import ModerationService
from services.outgoing_hooks import OutgoingHookService
from services.painter import Painter
from services.ports import Limits
from services.presence import PresenceService
from services.push import PushService
from services.search import SearchService
from services.sketch_comments import SketchCommentService
from services.sketch_rooms import Rooms
from services.sketches import SketchService
from services.threads import ThreadService
from services.users import UserService


class State(TypedDict):
    """The lifespan's state, the same objects for every request."""

    accounts: AccountService
    users: UserService
    bots: BotService
    hooks: IncomingHookService
    outgoing_hooks: OutgoingHookService
    commands: CommandService
    channels: ChannelService
    members: MemberService
    chat: ChatService
    messages: MessageService
    threads: ThreadService
    search: SearchService
    audit: AuditService
    moderation: ModerationService
    files: FileService
    presence: PresenceService
    push: PushService
    sketches: SketchService
    sketch_comments: SketchCommentService
    rooms: Rooms
    painter: Painter
    ai: AiService
    ai_views: AiViews
    ai_undo: UndoService
    conversations: ConversationService
    health: Health
    manager: Manager
    epoch: str
    name: str
    """What the operator calls this server."""
    version: str
    allowed_origins: frozenset[str]
    limits: Limits
    limits_rates: bool
    max_sockets: int
    """Of one user, on this instance."""
