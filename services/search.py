"""Search: only in channels that the caller is in, at the moment of asking."""

import asyncio
import time

import structlog

from models.accounts import Actor
from models.errors import Fault, Unavailable
from models.ids import ChannelId, UserId
from models.search import Found, SearchQuery, understand
from services.message_ports import Search

log = structlog.get_logger()

PAUSE_SECONDS = 5.0
"""Between two looks for what isn't indexed; a search doesn't wait for the next."""

PIECE = 20
"""Steps of the logs that are indexed at once, unasked: for 1 ms, which no post notices."""

GENTLE, QUICK = 0.01, 0.5
"""Of a core, for indexing unasked: while there is a flood of posts, and else."""

FLOOD, WINDOW_SECONDS = 200, 1.0
"""Steps that come in a second, counted over so long."""

SEARCH_PIECE = 500
"""Messages that a search indexes at once: 15 ms on one machine, and far from a statement's deadline on any."""

PATIENCE_SECONDS = 2.0
"""How long a search indexes what is new in its channels before it looks: 70,000 messages on one machine."""


class SearchService:
    """`keep_indexed` runs on every instance; one at a time does the work."""

    def __init__(self, search: Search, language: str) -> None:
        self._search = search
        self._language = language

    async def find(self, actor: Actor, query: SearchQuery) -> Found:
        """The newest first. What the caller can't read is not there, be it named or not. Raises Invalid."""
        wanted = understand(query)
        channels = await self._search.readable(
            actor.workspace_id, actor.user_id, query.channel_id, wanted.channel
        )
        author = await self._author(actor, wanted.author)
        if not channels or (wanted.author is not None and author is None):
            return Found([])
        is_complete = await self._catch_up(channels)
        hits, cursor = await self._search.search(channels, wanted, author, query.cursor, query.limit)
        return Found(hits, cursor, is_complete)

    async def _catch_up(self, channels: list[ChannelId]) -> bool:
        until = time.monotonic() + PATIENCE_SECONDS
        while await self._search.index(SEARCH_PIECE, channels):
            if time.monotonic() > until:
                return False
        return True

    async def _author(self, actor: Actor, name: str | None) -> UserId | None:
        """By name, by id, or oneself as `me`."""
        if name is None or name == "me":
            return actor.user_id if name else None
        found = await self._search.author(actor.workspace_id, name)
        return found or (UserId(int(name)) if name.isascii() and name.isdigit() and len(name) < 16 else None)

    async def _index_all(self) -> None:
        """Posting goes before: it is watched by how much is left."""
        share, came, since = GENTLE, 0, time.monotonic()
        began, left = since, await self._search.index(PIECE)
        while left:
            now = time.monotonic()
            await asyncio.sleep((now - began) * (1 / share - 1))
            if now - since > WINDOW_SECONDS:
                share = GENTLE if came / (now - since) > FLOOD else QUICK
                came, since = 0, now
            began, before = time.monotonic(), left
            left = await self._search.index(PIECE)
            came += left - before + PIECE

    async def keep_indexed(self) -> None:
        """For ever: indexes what was posted."""
        is_set = False
        while True:
            try:
                if not is_set:
                    await self._search.set_language(self._language)
                    is_set = True
                await self._index_all()
            except Unavailable:
                log.warning("search_not_indexed")
            except Fault:
                log.exception("search_not_indexed")
            await asyncio.sleep(PAUSE_SECONDS)
