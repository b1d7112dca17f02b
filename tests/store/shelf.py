"""All stores on one real database, and short ways to put people, channels and posts into it."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from models.channels import ChannelRole, Visibility
from models.chat import Appended, Draft, PostMessage
from models.facts import Entry
from models.ids import ChannelId, Seq, UserId, WorkspaceId
from store.channels import ChannelStore
from store.chat import ChatStore
from store.invites import InviteStore
from store.lives import LifeStore
from store.members import MemberStore
from store.pool import Database, open_database
from store.queries import load_queries
from store.sessions import SessionStore
from store.users import UserStore


@dataclass
class Shelf:
    """`workspace` is the default one."""

    database: Database
    workspace: WorkspaceId
    users: UserStore
    sessions: SessionStore
    invites: InviteStore
    channels: ChannelStore
    members: MemberStore
    chat: ChatStore
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def person(self, name: str) -> UserId:
        made = await self.users.create(self.workspace, name, name, "hash")
        assert not isinstance(made, str)
        return made.id

    async def channel(
        self, owner: UserId, *others: UserId, name: str = "", visibility: Visibility = "public"
    ) -> ChannelId:
        """With its owner and other members in it: seqs 1, 2 …"""
        made = await self.channels.create(
            self.workspace,
            owner,
            name=name or f"channel {next(self._numbers)}",
            description="",
            visibility=visibility,
            password_hash=None,
        )
        assert made is not None
        for other in others:
            await self.enter(made[0], other)
        return made[0]

    async def enter(self, channel: ChannelId, user: UserId, role: ChannelRole = "member") -> None:
        assert not isinstance(await self.members.add(channel, user, role, user), str)

    async def say(self, channel: ChannelId, author: UserId, text: str = "hello", **more: Any) -> Seq:
        """The seq of a new post."""
        (row,) = await self.chat.append(
            [draft(channel, author, more.pop("client_id", self.name()), text, **more)]
        )
        assert row.outcome == "posted"
        assert row.seq is not None
        return row.seq

    def name(self) -> str:
        """A client_id that nobody has used."""
        return f"unused-{next(self._numbers)}"

    async def log(self, channel: ChannelId) -> list[dict[str, Any]]:
        """Every fact of a channel, as its readers see them."""
        return [orjson.loads(entry.payload) for entry in await self.chat.facts(channel, Seq(0), 100_000)]

    async def roles(self, channel: ChannelId) -> dict[int, str]:
        rows = await self.database._pool.fetch(
            "select user_id, role from members where channel_id = $1", channel
        )
        return {row["user_id"]: row["role"] for row in rows}

    async def do(self, statement: str, *values: object) -> None:
        """For what no store can do: to bring about a state that only later versions make."""
        await self.database._pool.execute(statement, *values)


def draft(channel: ChannelId, author: UserId, client_id: str, text: str = "hello", **more: Any) -> Draft:
    return Draft(channel, author, PostMessage(client_id, text, **more))


def outcomes(rows: list[Appended]) -> list[str]:
    return [row.outcome for row in rows]


def fact(entry: Entry | None) -> dict[str, Any]:
    """What an entry says."""
    assert entry is not None
    said: dict[str, Any] = orjson.loads(entry.payload)
    return said


@asynccontextmanager
async def open_shelf(dsn: str, size: int = 8) -> AsyncIterator[Shelf]:
    async with open_database(dsn, load_queries(), size) as database:
        yield Shelf(
            database=database,
            workspace=await LifeStore(database).workspace("default"),
            users=UserStore(database),
            sessions=SessionStore(database),
            invites=InviteStore(database),
            channels=ChannelStore(database),
            members=MemberStore(database),
            chat=ChatStore(database),
        )
