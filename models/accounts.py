"""Users, their sessions, and what is asked about them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from models.bots import Scope
from models.ids import SessionId, UserId, WorkspaceId
from models.text import (
    MAX_PASSWORD_BYTES,
    Cursor,
    DisplayName,
    GivenPassword,
    GivenUsername,
    NewPassword,
    SearchText,
    SessionName,
    Status,
    TimeOfDay,
    TimezoneName,
    Token,
    Username,
)
from models.values import Ask, Value

Role = Literal["admin", "member"]


class User(Value, frozen=True):
    """A person as others see them. A deleted one keeps its id and its messages."""

    id: UserId
    username: str
    display_name: str
    role: Role
    created_at: datetime
    status: str = ""
    disabled: bool = False
    deleted: bool = False
    bot: bool | UnsetType = UNSET
    """Only where it is one."""


class Actor(Value, frozen=True):
    """Who asks: a user in a session that was alive when it was checked."""

    user_id: UserId
    workspace_id: WorkspaceId
    session_id: SessionId
    role: Role
    expires_at: float
    """Unix time at which the access token runs out."""
    head_seq: int = 0
    """The head of the user's own log when the session was checked."""
    address: str | None = None
    """From where they ask."""
    scopes: frozenset[Scope] | None = None
    """Of a bot's token; a person's session has none, and opens everything."""


class Session(Value, frozen=True):
    """The answer to a sign-in."""

    user: User
    session_id: SessionId
    access_token: str
    expires_in: int
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105


class SessionInfo(Value, frozen=True):
    """One place where a user is signed in."""

    session_id: SessionId
    created_at: datetime
    last_used_at: datetime
    user_agent: str
    current: bool


class Register(Ask, frozen=True):
    username: Username
    password: NewPassword
    display_name: DisplayName | None = None
    invite: Annotated[str, Meta(max_length=100)] | None = None

    def __post_init__(self) -> None:
        bound_password(self.password)


class Login(Ask, frozen=True):
    username: GivenUsername
    password: GivenPassword
    totp_code: Annotated[str, Meta(max_length=16)] | None = None


class Refresh(Ask, frozen=True):
    refresh_token: Token | None = None
    """Left out by the web client, whose cookie holds it."""


class Revoke(Ask, frozen=True):
    """One session by its id, or all of the caller's; with neither, the one that asks."""

    session_id: SessionName | None = None
    all: bool = False


class UpdateMe(Ask, frozen=True):
    display_name: DisplayName | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    password: NewPassword | UnsetType = UNSET
    current_password: GivenPassword | UnsetType = UNSET

    def __post_init__(self) -> None:
        if isinstance(self.password, str):
            bound_password(self.password)


class QuietHours(Ask, frozen=True):
    """Every day from one time to another, over midnight where that is the earlier one, in a zone of the IANA's."""

    start: TimeOfDay
    end: TimeOfDay
    timezone: TimezoneName = "UTC"


class Preferences(Ask, frozen=True):
    """What concerns only oneself. `do_not_disturb` of null is none."""

    do_not_disturb: QuietHours | None = None


class UpdateUser(Ask, frozen=True):
    role: Role | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class UserQuery(Ask, frozen=True):
    q: SearchText = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class CreateInvite(Ask, frozen=True):
    """An invitation to register, for `uses` people during `hours`."""

    uses: Annotated[int, Meta(ge=1, le=1000)] = 1
    hours: Annotated[int, Meta(ge=1, le=24 * 90)] = 72


class Invite(Value, frozen=True):
    """`invite` is shown once, when it is made."""

    id: str
    uses_left: int
    expires_at: datetime
    created_by: UserId
    invite: str | None = None


def bound_password(password: str) -> None:
    """A password's bound is in bytes, since bytes are what is hashed. The field is named as msgspec names it."""
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        raise ValueError("Expected at most 1 KiB of UTF-8 - at `$.password`")
