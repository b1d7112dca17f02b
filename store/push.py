"""Devices that are told of calls, and what they are yet to be told of. Whoever sends holds a lease."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from asyncpg import Record

from models.ids import ChannelId, SessionId, UserId
from models.push import Due, PushCall, PushSubscription
from store.pool import Database

SUBSCRIPTIONS = 20
"""Of one user."""

LEASE = timedelta(seconds=30)
"""Longer than sending may take."""

NEWS = 1000
"""Channels that are caught up with at once, after an instance died."""

FAILURES = 20
"""Notices in a row that a push service did not take; then the device counts as gone."""


class PushStore:
    """A subscription ends with its session: the statements that end sessions delete it, in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self, new: bytes) -> bytes:
        """The private key of this database; `new`, where it has none yet. The first of several instances wins."""
        async with self._database.transaction() as transaction:
            await transaction.value("keep_push_key", new)
            return bytes(await transaction.value("get_push_key"))

    async def put(
        self, user: UserId, session: SessionId, endpoint: str, p256dh: bytes, auth: bytes, *, shows_text: bool
    ) -> tuple[PushSubscription, bool] | Literal["no_session", "too_many"]:
        """The subscription, and whether it is a new one. An endpoint belongs to whoever gave it last."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_user", user)
            if not await transaction.value("is_session_alive", session, user):
                return "no_session"
            if await transaction.value("count_push_subscriptions", user, endpoint) >= SUBSCRIPTIONS:
                return "too_many"
            await transaction.value("release_push_endpoint", endpoint, user)
            row = await transaction.first(
                "put_push_subscription", user, session, endpoint, p256dh, auth, shows_text
            )
            assert row is not None
            return _subscription(row), bool(row["is_new"])

    async def of(self, user: UserId) -> list[PushSubscription]:
        return [_subscription(row) for row in await self._database.all("list_push_subscriptions", user)]

    async def delete(self, user: UserId, subscription: str) -> bool:
        return await self._database.value("delete_push_subscription", user, subscription) is not None

    async def drop(self, subscription: str) -> None:
        """Its push service knows it no longer."""
        await self._database.value("drop_push_subscription", subscription)

    async def news(self) -> list[ChannelId]:
        """Channels that nobody has looked through: their instance died between a commit and `note`."""
        return [row["channel_id"] for row in await self._database.all("list_push_news", NEWS)]

    async def note(self, channels: Sequence[ChannelId]) -> None:
        """Whom the news of these channels may call. Each fact is looked at once, whoever asks."""
        await self._database.value("note_calls", channels)

    async def claim(self, owner: str, most: int) -> list[Due]:
        return [Due(*row) for row in await self._database.all("claim_pushes", owner, LEASE, most)]

    async def calls(self, due: Sequence[Due]) -> dict[tuple[ChannelId, str], PushCall]:
        """What is to be said now, by channel and subscription; nothing for those who are called by nothing any more."""
        rows = await self._database.all(
            "list_calls",
            *_places(due),
            [one.after_seq for one in due],
            [one.until_seq for one in due],
        )
        return {(row["channel_id"], row["subscription_id"]): PushCall(*row) for row in rows}

    async def finish(self, due: Sequence[Due], owner: str) -> None:
        """Told, or not to be told."""
        await self._database.value("finish_pushes", *_places(due), [one.until_seq for one in due], owner)

    async def postpone(
        self, due: Sequence[Due], pause: timedelta, owner: str, *, counts: bool = False
    ) -> None:
        """With `counts` it was a try in vain."""
        pauses = [pause] * len(due)
        await self._database.value("postpone_pushes", *_places(due), pauses, counts, owner)

    async def failed(self, subscription: str) -> bool:
        """A notice was given up. Whether the device was dropped for it."""
        return await self._database.value("count_push_failure", subscription, FAILURES) is not None

    async def succeeded(self, subscription: str) -> None:
        await self._database.value("count_push_success", subscription)

    async def sweep(self) -> None:
        """Forgets what is done, and the devices of sessions that ran out."""
        await self._database.value("sweep_pushes")


def _places(due: Sequence[Due]) -> tuple[list[ChannelId], list[str]]:
    return [one.channel_id for one in due], [one.subscription_id for one in due]


def _subscription(row: Record) -> PushSubscription:
    service = urlsplit(row["endpoint"]).hostname or ""
    return PushSubscription(
        row["id"], SessionId(row["session_id"]), service, row["shows_text"], row["created_at"]
    )
