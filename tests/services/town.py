"""Fakes of users, sessions, invitations and memberships, and services put together from them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from models import wire
from models.accounts import Actor, Invite, QuietHours, Role, SessionInfo, UpdateUser, User, UserQuery
from models.channels import ChannelRole, Member, MemberQuery, NotificationLevel
from models.facts import Entry
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId
from models.text import name_key
from services.members import MemberService
from services.passwords import Passwords
from tests.services.fakes import FakeChannels, FakePublisher

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class FakeUsers:
    """Fits Users. `gone` are those who are deleted."""

    def __init__(self, *names: str) -> None:
        self.rows = {UserId(n): User(UserId(n), name, name, "member", NOW) for n, name in enumerate(names, 1)}
        self.hashes: dict[UserId, str] = {}
        self.invites: set[bytes] = set()

    async def is_empty(self, workspace: WorkspaceId) -> bool:
        return not self.rows

    async def create(
        self,
        workspace: WorkspaceId,
        username: str,
        display_name: str,
        password_hash: str,
        role: Role | None = None,
        invite: bytes | None = None,
    ) -> User | Literal["taken", "no_invite"]:
        if await self.credentials(workspace, username):
            return "taken"
        if invite and self.rows and invite not in self.invites:
            return "no_invite"
        self.invites.discard(invite or b"")
        user = UserId(len(self.rows) + 1)
        self.rows[user] = User(
            user, username, display_name, role or ("member" if self.rows else "admin"), NOW
        )
        self.hashes[user] = password_hash
        return self.rows[user]

    async def get(self, workspace: WorkspaceId, user: UserId) -> User | None:
        return self.rows.get(user)

    async def page(self, workspace: WorkspaceId, query: UserQuery) -> list[User]:
        return list(self.rows.values())[: query.limit + 1]

    async def credentials(self, workspace: WorkspaceId, username: str) -> tuple[UserId, str] | None:
        for user in self.rows.values():
            if name_key(user.username) == name_key(username) and not user.deleted:
                return user.id, self.hashes.get(user.id, "")
        return None

    async def password_hash(self, user: UserId) -> str | None:
        return self.hashes.get(user)

    async def update_me(
        self, user: UserId, *, display_name: str | None, status: str | None
    ) -> tuple[User, Entry | None] | None:
        return (self.rows[user], None) if user in self.rows else None

    async def update(
        self, workspace: WorkspaceId, user: UserId, change: UpdateUser, by: UserId | None = None
    ) -> tuple[User, Entry | None] | Literal["absent", "last_admin"]:
        return (self.rows[user], None) if user in self.rows else "absent"

    async def delete(
        self, workspace: WorkspaceId, user: UserId, by: UserId
    ) -> tuple[Entry, dict[ChannelId, list[Entry]]] | Literal["absent", "last_admin"]:
        return "absent"

    async def quiet_hours(self, user: UserId) -> QuietHours | None:
        return None

    async def set_quiet_hours(self, user: UserId, hours: QuietHours | None) -> None:
        pass

    async def heads(self, users: list[int]) -> dict[int, int]:
        return dict.fromkeys(users, 0)

    async def facts(self, user: UserId, after: Seq, limit: int) -> list[Entry]:
        return []


@dataclass
class Row:
    user: UserId
    hash_: str
    generation: int = 1
    is_alive: bool = True


@dataclass
class FakeSessions:
    """Fits Sessions."""

    users: FakeUsers
    rows: dict[SessionId, Row] = field(default_factory=dict)
    agents: list[str] = field(default_factory=list)
    _seqs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def create(
        self, user: UserId, user_agent: str, expires_at: datetime, password_hash: str
    ) -> SessionId | None:
        if self.users.hashes.get(user) != password_hash:
            return None
        session = SessionId(f"session-{len(self.rows) + 1}")
        self.rows[session] = Row(user, password_hash)
        self.agents.append(user_agent)
        return session

    async def actor(self, session: SessionId, user: UserId, expires_at: float) -> Actor | None:
        row = self.rows.get(session)
        if row is None or not row.is_alive or row.user != user:
            return None
        return Actor(user, WorkspaceId(1), session, self.users.rows[user].role, expires_at)

    async def rotate(
        self, session: SessionId, generation: int, expires_at: datetime, user_agent: str
    ) -> UserId | None:
        row = self.rows.get(session)
        if row is None or not row.is_alive or row.generation != generation:
            return None
        row.generation += 1
        return row.user

    async def revoke(self, session: SessionId, user: UserId) -> Entry | None:
        row = self.rows.get(session)
        if row is None or not row.is_alive or row.user != user:
            return None
        row.is_alive = False
        return wire.personal_entry(user, next(self._seqs), "session.revoked", {"session_id": session})

    async def revoke_all(self, user: UserId) -> Entry:
        for row in self.rows.values():
            row.is_alive = row.is_alive and row.user != user
        return wire.personal_entry(user, next(self._seqs), "user.revoked", {})

    async def change_password(self, user: UserId, kept: SessionId, password_hash: str) -> list[Entry]:
        self.users.hashes[user] = password_hash
        others = [session for session, row in self.rows.items() if row.user == user and session != kept]
        ended = [await self.revoke(session, user) for session in others]
        return [entry for entry in ended if entry]

    async def alive(self, user: UserId, current: SessionId) -> list[SessionInfo]:
        return [
            SessionInfo(session, NOW, NOW, "", session == current)
            for session, row in self.rows.items()
            if row.is_alive and row.user == user
        ]


class FakeInvites:
    """Fits Invites, over the digests that FakeUsers takes."""

    def __init__(self, users: FakeUsers) -> None:
        self._users = users

    async def create(
        self, workspace: WorkspaceId, digest: bytes, uses: int, expires_at: datetime, by: UserId
    ) -> Invite:
        self._users.invites.add(digest)
        return Invite("invite-1", uses, expires_at, by)

    async def usable(self, workspace: WorkspaceId) -> list[Invite]:
        return []

    async def delete(self, workspace: WorkspaceId, invite: str) -> bool:
        return invite == "invite-1"


class FakeMembers:
    """Fits Members, over the roles of FakeChannels. `answer`, if set, is what comes of every change."""

    def __init__(self, channels: FakeChannels) -> None:
        self._roles = channels.roles
        self.answer: Literal["absent", "already", "last_owner"] | None = None
        self.read: list[tuple[UserId, int]] = []

    async def add(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> tuple[UserId, Entry, Entry] | Literal["absent", "already"]:
        if self.answer in ("absent", "already"):
            return self.answer
        self._roles[channel, user] = role
        opened = wire.personal_entry(user, 1, "channel.opened", {"channel_id": channel})
        return user, wire.entry(wire.change_fact(channel, 1, "member.joined", {"user_id": user})), opened

    async def remove(
        self, channel: ChannelId, user: UserId, by: UserId
    ) -> tuple[list[Entry], Entry] | Literal["absent"]:
        if self.answer == "absent":
            return "absent"
        del self._roles[channel, user]
        left = wire.entry(wire.change_fact(channel, 2, "member.left", {"user_id": user, "by": by}))
        return [left], wire.personal_entry(user, 2, "channel.closed", {"channel_id": channel})

    async def change_role(
        self, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
    ) -> Entry | Literal["absent", "already", "last_owner"]:
        if self.answer:
            return self.answer
        self._roles[channel, user] = role
        return wire.entry(wire.change_fact(channel, 3, "member.changed", {"user_id": user, "role": role}))

    async def page(self, channel: ChannelId, query: MemberQuery) -> list[Member]:
        return []

    async def shared(self, channels: Sequence[int], users: Sequence[int]) -> list[tuple[ChannelId, UserId]]:
        return [place for place in self._roles if place[0] in channels and place[1] in users]

    async def mark_read(
        self, channel: ChannelId, user: UserId, seq: Seq, thread: Seq | None = None
    ) -> Literal["already"]:
        self.read.append((user, seq))
        return "already"

    async def set_notifications(
        self, channel: ChannelId, user: UserId, level: NotificationLevel | None
    ) -> Literal["absent"]:
        return "absent"


@cache
def _shared_passwords() -> Passwords:
    return Passwords()


def member_service(
    channels: FakeChannels | None = None,
    members: FakeMembers | None = None,
    users: FakeUsers | None = None,
    passwords: Passwords | None = None,
    publisher: FakePublisher | None = None,
) -> MemberService:
    """With fakes for whatever is left out."""
    channels = channels or FakeChannels()
    return MemberService(
        channels,
        members or FakeMembers(channels),
        users or FakeUsers("alice", "bob", "mallory"),
        passwords or _shared_passwords(),
        publisher or FakePublisher(),
    )
