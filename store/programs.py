"""What programs say in channels: it takes the next seq like anybody's, under the channel's lock."""

from datetime import datetime
from typing import Literal

from models import wire
from models.chat import Message
from models.facts import Entry, MessagePosted
from models.hooks import ProgramPost
from models.ids import HOOK_USER
from store.chat import message_of
from store.pool import Database


class ProgramStore:
    """Nobody's membership is asked: whoever lets a program in has judged that."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(
        self, post: ProgramPost
    ) -> tuple[Message, Entry | None] | datetime | Literal["not_found", "archived"]:
        """The message and its fact; without a fact the first one of this client_id. In slow mode: when to come back."""
        via = wire.row_of(post.via)
        async with self._database.transaction() as transaction:
            row = await transaction.first(
                "post_by_program",
                *(post.channel_id, HOOK_USER, post.client_id, post.text, via, post.names, post.broadcast),
                *(post.here, post.reply_to, post.heeds_slow_mode),
            )
            assert row is not None
            outcome, seq, due_at = row
            if outcome == "too_soon":
                moment: datetime = due_at
                return moment
            if seq is None:
                return "archived" if outcome == "archived" else "not_found"
            found = await transaction.first("get_message", post.channel_id, seq)
            assert found is not None
        message = message_of(found)
        if outcome == "replayed":
            return message, None
        return message, wire.entry(MessagePosted(post.channel_id, message.seq, message))
