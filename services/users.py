"""Users as others and admins see them. Whatever changes what a user may do ends their sessions at once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from models.accounts import Actor, Preferences, UpdateMe, UpdateUser, User, UserQuery
from models.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from models.facts import channel_topic, user_topic
from models.ids import AI_USER, BOT_IDS, HOOK_USER, UserId
from models.values import Page, given
from services import policy
from services.pages import page
from services.passwords import Passwords
from services.ports import Publisher, Sessions, Users

ASSISTANT = User(AI_USER, "assistant", "Assistant", "member", datetime(2026, 1, 1, tzinfo=UTC))
"""The author of what models said, for whoever looks up a message's author. It has no account and is in no list."""

WEBHOOK = User(HOOK_USER, "webhook", "Webhook", "member", datetime(2026, 1, 1, tzinfo=UTC), bot=True)
"""The author of what webhooks and commands posted. It has no account either."""

_NOBODY = {AI_USER: ASSISTANT, HOOK_USER: WEBHOOK}

log = structlog.get_logger()


class UserService:
    """Every method raises NotFound for a user of another workspace."""

    def __init__(self, users: Users, sessions: Sessions, passwords: Passwords, publisher: Publisher) -> None:
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._publisher = publisher

    async def get(self, actor: Actor, user: UserId) -> User:
        found = _NOBODY.get(user) or await self._users.get(actor.workspace_id, user)
        if found is None:
            raise NotFound("There is no such user.")
        return found

    async def list(self, actor: Actor, query: UserQuery) -> Page[User]:
        return page(await self._users.page(actor.workspace_id, query), query.limit, lambda user: user.id)

    async def update_me(self, actor: Actor, change: UpdateMe) -> User:
        """A new password takes the current one, and ends the user's other sessions.

        Raises Forbidden if the current password is wrong.
        """
        password = given(change.password)
        hash_ = None if password is None else await self._new_hash(actor, change, password)
        updated = await self._users.update_me(
            actor.user_id,
            display_name=given(change.display_name),
            status=given(change.status),
        )
        if updated is None:
            raise Unauthenticated("This user is gone.")
        user, entry = updated
        if entry:
            self._publisher.tell(user_topic(actor.user_id), [entry])
        if hash_:
            # Last, so that the same request can be repeated when it fails between the two.
            ended = await self._sessions.change_password(actor.user_id, actor.session_id, hash_)
            self._publisher.tell(user_topic(actor.user_id), ended)
            log.info("password_changed", user_id=actor.user_id)
        return user

    async def preferences(self, actor: Actor) -> Preferences:
        return Preferences(await self._users.quiet_hours(actor.user_id))

    async def set_preferences(self, actor: Actor, wanted: Preferences) -> Preferences:
        """Raises Invalid for a time zone that isn't known here."""
        if wanted.do_not_disturb is not None:
            _demand_timezone(wanted.do_not_disturb.timezone)
        await self._users.set_quiet_hours(actor.user_id, wanted.do_not_disturb)
        return wanted

    async def _new_hash(self, actor: Actor, change: UpdateMe, password: str) -> str:
        current = given(change.current_password) or ""
        if not await self._passwords.matches(current, await self._users.password_hash(actor.user_id)):
            raise Forbidden("A new password takes the current one, and this is not it.")
        return await self._passwords.hash(password)

    async def update(self, actor: Actor, user: UserId, change: UpdateUser) -> User:
        """Raises Forbidden for all but admins, Conflict where no admin would be left."""
        self._demand_admin(actor)
        if change.role == "admin" and user in BOT_IDS:
            raise Conflict("A bot can't be an admin.")
        changed = await self._users.update(actor.workspace_id, user, change, actor.user_id)
        if changed == "absent":
            raise NotFound("There is no such user.")
        if changed == "last_admin":
            raise Conflict("This is the last admin: make another one first.")
        after, entry = changed
        if entry:
            self._publisher.tell(user_topic(user), [entry])
        log.info("user_changed", user_id=user, by=actor.user_id, role=after.role, disabled=after.disabled)
        return after

    async def delete(self, actor: Actor, user: UserId) -> None:
        """Their messages stay, under the name "deleted user"; their channels they leave. Raises as `update` does."""
        self._demand_admin(actor)
        deleted = await self._users.delete(actor.workspace_id, user, actor.user_id)
        if deleted == "absent":
            raise NotFound("There is no such user.")
        if deleted == "last_admin":
            raise Conflict("This is the last admin: make another one first.")
        entry, left = deleted
        self._publisher.tell(user_topic(user), [entry])
        for channel, entries in left.items():
            self._publisher.tell(channel_topic(channel), entries)
        log.info("user_deleted", user_id=user, by=actor.user_id)

    @staticmethod
    def _demand_admin(actor: Actor) -> None:
        if not policy.may_administer(actor):
            raise Forbidden("Only admins may do this.")


def _demand_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        field = "do_not_disturb.timezone"
        raise Invalid(
            "There is no such time zone.", {field: "Expected a name such as Europe/Berlin"}
        ) from None
