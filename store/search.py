"""Search by PostgreSQL's full text. The index follows the log; a search brings it up to date where it looks."""

from datetime import UTC, datetime, timedelta

from models.ids import ChannelId, UserId, WorkspaceId
from models.search import Hit, Wanted
from store.chat import message_of
from store.pool import Database

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 1, 1, tzinfo=UTC), 2**62


class SearchStore:
    """Only channels whose ids are handed in are looked into: whose they are is the caller's to ask."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_language(self, language: str) -> None:
        """A text search configuration of PostgreSQL's; another than before means to index everything anew."""
        await self._database.value("set_search_language", language)

    async def index(self, most: int, channels: list[ChannelId] | None = None) -> int:
        """Up to so many steps of the logs that aren't indexed; how many are left."""
        left: int = await self._database.value("index_messages", most, channels)
        return left

    async def readable(
        self, workspace: WorkspaceId, user: UserId, channel: int | None, name: str | None
    ) -> list[ChannelId]:
        """The channels that the user is in, or the one of this id or name."""
        rows = await self._database.all("list_readable", workspace, user, channel, name)
        return [ChannelId(row["channel_id"]) for row in rows]

    async def author(self, workspace: WorkspaceId, name: str) -> UserId | None:
        found: UserId | None = await self._database.value("find_author", workspace, name)
        return found

    async def search(
        self, channels: list[ChannelId], wanted: Wanted, author: UserId | None, cursor: str | None, limit: int
    ) -> tuple[list[Hit], str | None]:
        """The newest first, and where the next page begins."""
        is_one = len(channels) == 1 and not (wanted.phrases or wanted.beginning)
        facets = [f"+{one}" for one in wanted.has] + ([f"@{author}"] if author else [])
        facets += [f"#{channels[0]}"] if is_one else []
        rows = await self._database.all(
            "search", channels, wanted.phrases, wanted.beginning, facets, wanted.since, wanted.until,
            *_place(cursor), limit + 1,
        )  # fmt: skip
        hits = [Hit(row["channel_id"], message_of(row[3:]), row["highlight"]) for row in rows[:limit]]
        if len(rows) <= limit:
            return hits, None
        last = rows[limit - 1]
        micros = (last["indexed_at"] - _BEGAN) // timedelta(microseconds=1)
        return hits, f"{micros}_{last['id']}"


def _place(cursor: str | None) -> tuple[datetime, int]:
    if cursor is None:
        return _LAST
    micros, _, number = cursor.partition("_")
    try:
        return _BEGAN + timedelta(microseconds=int(micros)), int(number)
    except OverflowError:
        return _LAST
