"""Posting and reading messages: commit first, then tell, so nobody sees a message that can vanish."""

import asyncio
import math
from collections.abc import Callable, Hashable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, cast

from msgspec import UNSET

from models import wire
from models.accounts import Actor
from models.channels import Standing
from models.chat import Appended, Draft, Events, EventsQuery, HistoryQuery, Message, Posted, PostMessage
from models.errors import Conflict, Fault, Forbidden, Invalid, NotFound, RateLimited, Unavailable
from models.facts import Entry, MessagePosted, channel_topic
from models.ids import BOT_IDS, ChannelId, Seq, UserId
from models.mentions import mentions_in
from models.values import Page
from services import policy
from services.batcher import Batcher
from services.members import MemberService
from services.ports import Chat, Publisher

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4)
"""Pauses before a batch that met a lost database is tried again. Safe, since each post has its client_id."""

PATIENCE_SECONDS = 1.5
"""No further try begins after that: who posts shall not wait for long to hear that it failed."""


@dataclass(slots=True)
class Counts:
    """What became of the posts of this instance, since it started."""

    posted: int = 0
    replayed: int = 0
    refused: int = 0
    commits: int = 0


class ChatService:
    """Owns the group commit: an async context manager. `here`: whom an @here reaches. `posted` hears each post."""

    def __init__(
        self,
        chat: Chat,
        members: MemberService,
        publisher: Publisher,
        epoch: str,
        here: Callable[[], Sequence[UserId]] = tuple,
        posted: Callable[[Message], None] | None = None,
    ) -> None:
        self._chat = chat
        self._members = members
        self._publisher = publisher
        self._epoch = epoch
        self._here = here
        self._posted = posted
        self._batcher: Batcher[Draft, Posted] = Batcher(self._commit, _name)
        self._owned = AsyncExitStack()
        self.counts = Counts()

    async def __aenter__(self) -> Self:
        await self._owned.enter_async_context(self._batcher)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._owned.aclose()

    def post(self, actor: Actor, channel: ChannelId, content: PostMessage) -> "asyncio.Future[Posted]":
        """The post has its place among those of this instance when this returns, and is committed when it is awaited.

        A repeated `client_id` gives the first message and tells nobody again; with other content it raises Conflict.
        Raises Forbidden or NotFound for who is not a member or may not post, Conflict in an archived channel,
        RateLimited in slow mode, NotFound for a reply to nothing and for a file that isn't the author's to attach here,
        Unavailable.
        """
        demand_content(content.text, content.attachments)
        if content.to_channel and content.thread is None:
            raise Invalid(
                "Only a reply in a thread can go to the channel too.", {"to_channel": "Needs a thread"}
            )
        named = mentions_in(content.text)
        here = self._here() if named and named.broadcast == "here" else ()
        return self._batcher.submit(Draft(channel, actor.user_id, content, named, here))

    async def _commit(self, drafts: Sequence[Draft]) -> Sequence[Posted | Fault]:
        appended, is_sure = await self._append(drafts)
        rows = list(zip(drafts, appended, strict=True))
        # A try whose answer was lost may have saved posts that nobody was told of: those look like replays now.
        news = ("posted",) if is_sure else ("posted", "replayed")
        posts = [_message(draft, row) if row.outcome in news else None for draft, row in rows]
        self._tell([post for post in posts if post])
        results = [
            Posted(post, is_new=True) if post and row.outcome == "posted" else await self._result(draft, row)
            for post, (draft, row) in zip(posts, rows, strict=True)
        ]
        self._count(results)
        return results

    def _tell(self, posts: Sequence[Message]) -> None:
        told: dict[ChannelId, list[Entry]] = {}
        for message in posts:
            fact = MessagePosted(message.channel_id, message.seq, message)
            told.setdefault(message.channel_id, []).append(wire.entry(fact))
            if self._posted is not None:
                self._posted(message)
        for channel, entries in told.items():
            self._publisher.tell(channel_topic(channel), entries)

    def _count(self, results: Sequence[Posted | Fault]) -> None:
        for result in results:
            if isinstance(result, Fault):
                self.counts.refused += 1
            elif result.is_new:
                self.counts.posted += 1
            else:
                self.counts.replayed += 1
        self.counts.commits += 1

    async def _append(self, drafts: Sequence[Draft]) -> tuple[list[Appended], bool]:
        """The verdicts, and whether they are those of the first try."""
        give_up_at = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        for number, pause in enumerate(RETRY_SECONDS):
            try:
                return await self._chat.append(drafts), number == 0
            except Unavailable:
                if asyncio.get_running_loop().time() + pause > give_up_at:
                    raise
                await asyncio.sleep(pause)
        return await self._chat.append(drafts), False

    async def _result(self, draft: Draft, row: Appended) -> Posted | Fault:
        """Of one that is not posted now."""
        match row.outcome:
            case "replayed":
                return await self._first(draft.channel_id, cast("Seq", row.seq))
            case "too_soon":
                return too_soon(cast("datetime", row.created_at))
        refusal, detail = REFUSALS[row.outcome]
        return refusal(detail)

    async def _first(self, channel: ChannelId, seq: Seq) -> Posted | Fault:
        """A fault in reading it is the replay's own: the rest of its batch is saved and told."""
        try:
            first = await self._chat.get(channel, seq)
        except Fault as fault:
            return fault
        return Posted(first, is_new=False) if first else Fault("Something went wrong here.")

    async def history(self, actor: Actor, channel: ChannelId, query: HistoryQuery) -> Page[Message]:
        """Ascending by seq. The cursor goes on forward where only `after` was given, else backward."""
        standing = await self._members.reader(actor, channel)
        page = await self._page(channel, query)
        return wire.replace(page, items=await self._revealed(actor, standing, page.items))

    async def _page(self, channel: ChannelId, query: HistoryQuery) -> Page[Message]:
        limit, cursor = query.limit, int(query.cursor) if query.cursor else None
        if query.around is not None:
            return Page(await self._around(channel, query, query.around))
        if query.after is not None and query.before is None:
            rows = await self._chat.after(channel, query.after if cursor is None else cursor, None, limit + 1)
            return Page(rows[:limit], str(rows[limit - 1].seq) if len(rows) > limit else None)
        rows = await self._chat.before(
            channel, query.before if cursor is None else cursor, query.after, limit + 1
        )
        return Page(rows[-limit:], str(rows[-limit].seq) if len(rows) > limit else None)

    async def _around(self, channel: ChannelId, query: HistoryQuery, middle: int) -> list[Message]:
        """Half the page up to the middle, the rest after it."""
        half = (query.limit + 1) // 2
        end = middle + 1 if query.before is None else min(middle + 1, query.before)
        older = await self._chat.before(channel, end, query.after, half)
        newer = await self._chat.after(
            channel, max(middle, query.after or 0), query.before, query.limit - len(older)
        )
        return older + newer

    async def get(self, actor: Actor, channel: ChannelId, seq: Seq) -> Message:
        standing = await self._members.reader(actor, channel)
        message = await self._chat.get(channel, seq)
        if message is None:
            raise NotFound("There is no such message.")
        return (await self._revealed(actor, standing, [message]))[0]

    async def _revealed(self, actor: Actor, standing: Standing, messages: list[Message]) -> list[Message]:
        """To moderators hidden messages say what they say."""
        hidden = [message.seq for message in messages if message.hidden_at]
        if not hidden or not policy.may_moderate(actor, standing):
            return messages
        texts = await self._chat.hidden(standing.channel_id, hidden)
        return [wire.replace(one, text=texts[one.seq]) if one.seq in texts else one for one in messages]

    async def events(self, actor: Actor, channel: ChannelId, query: EventsQuery) -> Events:
        """Every fact after a seq, however old."""
        standing = await self._members.reader(actor, channel)
        entries = await self._chat.facts(channel, Seq(query.after), query.limit)
        head = max(standing.head_seq, entries[-1].seq if entries else 0)
        return Events(self._epoch, Seq(head), [wire.raw(entry.payload) for entry in entries])


def demand_content(text: str, attachments: Sequence[str]) -> None:
    """Raises Invalid for a message that says nothing, and for a file that is named twice."""
    if not text and not attachments:
        raise Invalid("A message has a text or a file.", {"text": "Expected at least 1 characters"})
    if len({*attachments}) < len(attachments):
        raise Invalid("A file is named twice.", {"attachments": "Expected each file once"})


def _name(draft: Draft) -> Hashable:
    return draft.channel_id, draft.author_id, draft.content.client_id


def _message(draft: Draft, row: Appended) -> Message:
    """As it was first posted."""
    content = draft.content
    return Message(
        draft.channel_id,
        cast("Seq", row.seq),
        draft.author_id,
        "file" if row.attachments else "text",
        content.text,
        content.client_id,
        cast("datetime", row.created_at),
        reply_to=cast("Seq | None", content.reply_to),
        thread=cast("Seq | None", content.thread),
        attachments=wire.files_of(row.attachments) if row.attachments else [],
        mentions=UNSET if row.mentions is None else row.mentions,
        broadcast=draft.named.broadcast or UNSET if draft.named else UNSET,
        to_channel=content.to_channel or UNSET,
        bot=draft.author_id in BOT_IDS or UNSET,
    )


def too_soon(due_at: datetime) -> RateLimited:
    seconds = max(1, math.ceil((due_at - datetime.now(UTC)).total_seconds()))
    return RateLimited("This channel is in slow mode.", retry_after=seconds)


REFUSALS: dict[str, tuple[type[Fault], str]] = {
    "conflict": (Conflict, "You posted something else under this client_id."),
    "not_member": (Forbidden, "You are not a member of this channel."),
    "not_found": (NotFound, "There is no such channel."),
    "archived": (Conflict, "This channel is archived."),
    "not_allowed": (Forbidden, "You may read this channel, but not post in it."),
    "no_reply_to": (NotFound, "There is no such message to reply to."),
    "no_file": (NotFound, "There is no such file of yours that waits to be posted here."),
    "no_thread": (NotFound, "There is no such message to begin a thread at."),
}
