"""Signing in and out. A session's end is a fact in its user's own log, so that open sockets everywhere hear of it."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

import structlog

from models import wire
from models.accounts import Actor, CreateInvite, Invite, Login, Register, Role, Session, SessionInfo, User
from models.errors import Conflict, Forbidden, NotFound, Unauthenticated
from models.facts import user_topic
from models.ids import SessionId, UserId, WorkspaceId
from models.instance import Registration
from services import policy
from services.passwords import Passwords
from services.ports import Invites, Publisher, Sessions, Users
from services.tokens import ACCESS_SECONDS, REFRESH_SECONDS, SIGN_IN, Tokens

_USER_AGENT_LENGTH = 200
_WRONG = "Wrong username or password."

log = structlog.get_logger()


class AccountService:
    """Registers people, and gives, checks and ends their sessions."""

    def __init__(
        self,
        workspace: WorkspaceId,
        registration: Registration,
        users: Users,
        sessions: Sessions,
        invites: Invites,
        passwords: Passwords,
        tokens: Tokens,
        publisher: Publisher,
    ) -> None:
        self._workspace = workspace
        self.registration = registration
        self._has_users = False
        self._users = users
        self._sessions = sessions
        self._invites = invites
        self._passwords = passwords
        self._tokens = tokens
        self._publisher = publisher

    async def is_new(self) -> bool:
        """Nobody has an account. Asked of the database only until somebody has: users' rows stay for ever."""
        self._has_users = self._has_users or not await self._users.is_empty(self._workspace)
        return not self._has_users

    async def register(self, ask: Register, user_agent: str) -> Session:
        """Raises Forbidden where registration is closed or takes an invitation, Conflict if the name is taken."""
        if self.registration == "closed":
            raise Forbidden("Registration is closed: ask an admin for an account.")
        digest = None
        if self.registration == "invite":
            digest = _digest(ask.invite or "")
            if not ask.invite and not await self._users.is_empty(self._workspace):
                raise Forbidden("Registration takes an invitation.")
        hash_ = await self._passwords.hash(ask.password)
        user = await self._create(ask.username, ask.display_name, hash_, None, digest)
        return await self._begin(user, hash_, user_agent)

    async def stand_in(self, username: str) -> Actor:
        """For an operator's command, which acts for somebody without a session. Raises NotFound."""
        found = await self._users.credentials(self._workspace, username)
        user = await self._users.get(self._workspace, found[0]) if found else None
        if user is None or user.deleted:
            raise NotFound("There is no such user.")
        return Actor(user.id, self._workspace, SessionId(""), user.role, 0.0)

    async def create_user(self, username: str, password: str, role: Role) -> User:
        """For operators: no registration setting applies. Raises Invalid, Conflict if the name is taken."""
        ask = wire.convert({"username": username, "password": password}, Register)
        return await self._create(ask.username, None, await self._passwords.hash(password), role, None)

    async def _create(
        self, username: str, display_name: str | None, hash_: str, role: Role | None, invite: bytes | None
    ) -> User:
        made = await self._users.create(
            self._workspace, username, display_name or username, hash_, role, invite
        )
        if made == "taken":
            raise Conflict("This username is taken.")
        if made == "no_invite":
            raise Forbidden("This invitation is not valid, or no longer.")
        log.info("user_created", user_id=made.id, role=made.role)
        return made

    async def login(self, ask: Login, user_agent: str) -> Session:
        """Raises Unauthenticated, in the same words and time whether the name or the password is wrong."""
        found = await self._users.credentials(self._workspace, ask.username)
        user_id, hash_ = found or (None, None)
        if not await self._passwords.matches(ask.password, hash_) or user_id is None or hash_ is None:
            log.info("login_refused")
            raise Unauthenticated(_WRONG)
        user = await self._users.get(self._workspace, user_id)
        if user is None:
            raise Unauthenticated(_WRONG)
        return await self._begin(user, hash_, user_agent)

    async def _begin(self, user: User, hash_: str, user_agent: str) -> Session:
        """Raises Unauthenticated where the password was changed since it was checked, or the user was disabled."""
        session = await self._sessions.create(
            user.id, user_agent[:_USER_AGENT_LENGTH], _refresh_expiry(), hash_
        )
        if session is None:
            raise Unauthenticated(_WRONG)
        log.info("session_started", user_id=user.id, session_id=session)
        return self._session(user, session, 1)

    def _session(self, user: User, session: SessionId, generation: int) -> Session:
        access = self._tokens.access(user.id, session)
        refresh = self._tokens.refresh(user.id, session, generation)
        return Session(user, session, access, ACCESS_SECONDS, refresh)

    async def refresh(self, token: str, user_agent: str) -> Session:
        """A token opens once. Raises Unauthenticated, and ends the session, when one comes a second time."""
        claims = self._tokens.check(token, "refresh")
        user_id = await self._sessions.rotate(
            claims.session_id, claims.generation, _refresh_expiry(), user_agent[:_USER_AGENT_LENGTH]
        )
        if user_id is None:
            if await self._end(claims.user_id, claims.session_id):
                log.warning("refresh_token_reused", user_id=claims.user_id, session_id=claims.session_id)
            raise Unauthenticated(SIGN_IN)
        user = await self._users.get(self._workspace, user_id)
        if user is None:
            raise Unauthenticated(SIGN_IN)
        return self._session(user, claims.session_id, claims.generation + 1)

    async def actor(self, access_token: str) -> Actor:
        """Who holds this token; raises Unauthenticated unless its session is alive now."""
        claims = self._tokens.check(access_token, "access")
        actor = await self._sessions.actor(claims.session_id, claims.user_id, claims.expires_at)
        if actor is None:
            raise Unauthenticated(SIGN_IN)
        return actor

    async def logout(self, actor: Actor) -> None:
        await self._end(actor.user_id, actor.session_id)

    async def revoke(self, actor: Actor, session: str) -> None:
        """Raises NotFound unless it is a living session of the actor's own."""
        if not await self._end(actor.user_id, SessionId(session)):
            raise NotFound("You have no such session.")

    async def revoke_all(self, actor: Actor) -> None:
        self._publisher.tell(user_topic(actor.user_id), [await self._sessions.revoke_all(actor.user_id)])
        log.info("sessions_revoked", user_id=actor.user_id)

    async def _end(self, user: UserId, session: SessionId) -> bool:
        entry = await self._sessions.revoke(session, user)
        if entry is None:
            return False
        self._publisher.tell(user_topic(user), [entry])
        log.info("session_ended", user_id=user, session_id=session)
        return True

    async def sessions(self, actor: Actor) -> list[SessionInfo]:
        return await self._sessions.alive(actor.user_id, actor.session_id)

    async def invite(self, actor: Actor, ask: CreateInvite) -> Invite:
        """Raises Forbidden for all but admins."""
        _demand_admin(actor)
        code = secrets.token_urlsafe(18)
        expires_at = datetime.now(UTC) + timedelta(hours=ask.hours)
        made = await self._invites.create(
            actor.workspace_id, _digest(code), ask.uses, expires_at, actor.user_id
        )
        return wire.replace(made, invite=code)

    async def invites(self, actor: Actor) -> list[Invite]:
        _demand_admin(actor)
        return await self._invites.usable(actor.workspace_id)

    async def take_back_invite(self, actor: Actor, invite: str) -> None:
        _demand_admin(actor)
        if not await self._invites.delete(actor.workspace_id, invite):
            raise NotFound("There is no such invitation.")


def _demand_admin(actor: Actor) -> None:
    if not policy.may_administer(actor):
        raise Forbidden("Only admins may do this.")


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _refresh_expiry() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=REFRESH_SECONDS)
