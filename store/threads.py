"""Threads: the replies to one message, and who follows them."""

from typing import Literal

from models.chat import Message
from models.ids import ChannelId, Seq, UserId, WorkspaceId
from models.threads import Thread, ThreadsQuery
from store.chat import message_of
from store.pool import Database


class ThreadStore:
    """A thread's name is its channel and the seq of its first message. Posting makes followers by itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, channel: ChannelId, thread: Seq, after: int, limit: int
    ) -> list[Message] | Literal["no_thread"]:
        """The first message and the replies, ascending."""
        if not await self._database.value("has_thread", channel, thread):
            return "no_thread"
        rows = await self._database.all("list_thread", channel, thread, after, limit)
        return [message_of(row) for row in rows]

    async def follow(
        self, channel: ChannelId, thread: Seq, user: UserId, follows: bool
    ) -> Literal["absent", "no_thread"] | None:
        if not await self._database.value("has_thread", channel, thread):
            return "no_thread"
        done = await self._database.value("follow_thread", channel, thread, user, follows)
        return "absent" if done is None else None

    async def of(
        self, workspace: WorkspaceId, user: UserId, query: ThreadsQuery, offset: int
    ) -> list[Thread]:
        """Those that the user follows, in channels they are in; one more than the limit, where there are more."""
        rows = await self._database.all(
            "list_threads",
            workspace,
            user,
            query.unread,
            offset,
            query.limit + 1,
            query.channel_id,
            query.thread,
        )
        return [_thread(row[0], row[1], row[2], message_of(row[3:])) for row in rows]


def _thread(last_read_seq: Seq, unread: int, mentions: int, root: Message) -> Thread:
    return Thread(root.channel_id, root.seq, last_read_seq, unread, mentions, root)
