"""Thousands of people, made by SQL and with tokens signed here: a password of each would take minutes to hash."""

from collections.abc import Sequence

import asyncpg

from bench.running import Person
from models.ids import SessionId, UserId
from services.tokens import Tokens

SUBSCRIPTIONS = 4
"""Channels of each."""


class Town:
    """Who there is, and which channels each of them listens to."""

    def __init__(self, secret: str, owner: Person, channels: Sequence[int]) -> None:
        self.owner = owner
        self.channels = channels
        self.people: list[Person] = []
        self._tokens = Tokens(secret.encode())

    async def settle(self, dsn: str, number: int) -> None:
        """So many people, as members of their channels and signed in."""
        connection = await asyncpg.connect(dsn)
        try:
            rows = await connection.fetch(_PEOPLE, number)
            self.people = [
                Person(row["user_id"], self._tokens.access(UserId(row["user_id"]), SessionId(row["id"])))
                for row in rows
            ]
            places = [
                (channel, person.id)
                for place, person in enumerate(self.people)
                for channel in self.channels_of(place)
            ]
            await connection.execute(_MEMBERS, [one for one, _ in places], [one for _, one in places])
            await connection.execute("analyze")
        finally:
            await connection.close()

    def channels_of(self, place: int) -> list[int]:
        return [self.channels[(place + step) % len(self.channels)] for step in range(SUBSCRIPTIONS)]


_PEOPLE = """
with made as (
    insert into users (workspace_id, username, username_key, display_name, role)
    select w.id, 'guest' || n, 'guest' || n, 'Guest ' || n, 'member'
    from workspaces w, generate_series(1, $1) n
    returning id
)
insert into sessions (user_id, expires_at) select id, now() + interval '1 day' from made
returning id, user_id
"""

_MEMBERS = """
insert into members (channel_id, user_id, role)
select channel_id, user_id, 'member' from unnest($1::bigint[], $2::bigint[]) as places (channel_id, user_id)
"""
