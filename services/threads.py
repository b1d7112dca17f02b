"""Threads: read like a channel, followed by each member as they like."""

from models.accounts import Actor
from models.chat import Message
from models.errors import Forbidden, NotFound
from models.ids import ChannelId, Seq
from models.threads import Thread, ThreadQuery, ThreadsQuery
from models.values import Page
from services.members import MemberService
from services.message_ports import Threads
from services.pages import page


class ThreadService:
    """Raises NotFound or Forbidden for who may not read the channel, NotFound for what is no thread's first message."""

    def __init__(self, threads: Threads, members: MemberService) -> None:
        self._threads = threads
        self._members = members

    async def messages(
        self, actor: Actor, channel: ChannelId, thread: Seq, query: ThreadQuery
    ) -> Page[Message]:
        """The first message, then the replies, ascending."""
        await self._members.reader(actor, channel)
        found = await self._threads.page(channel, thread, int(query.cursor or 0), query.limit + 1)
        if found == "no_thread":
            raise NotFound("There is no such thread.")
        return page(found, query.limit, lambda message: message.seq)

    async def follow(self, actor: Actor, channel: ChannelId, thread: Seq, *, follows: bool) -> None:
        """Who follows has the thread among theirs, with what is unread in it."""
        await self._members.reader(actor, channel)
        refused = await self._threads.follow(channel, thread, actor.user_id, follows)
        if refused == "no_thread":
            raise NotFound("There is no such thread.")
        if refused == "absent":
            raise Forbidden("You are not a member of this channel.")

    async def list(self, actor: Actor, query: ThreadsQuery) -> Page[Thread]:
        """Those one follows, the last reply first."""
        offset = int(query.cursor or 0)
        found = await self._threads.of(actor.workspace_id, actor.user_id, query, offset)
        return Page(found[: query.limit], str(offset + query.limit) if len(found) > query.limit else None)
