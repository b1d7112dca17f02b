"""Bots: accounts of programs. A token signs a bot in, and lets it do what its scopes and the bot's own rights allow."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from models.ids import UserId
from models.text import Cursor, Description, DisplayName, Username
from models.values import Ask, Value

Scope = Literal["read", "post", "sketch", "manage"]

TokenName = DisplayName


class Bot(Value, frozen=True):
    id: UserId
    username: str
    display_name: str
    description: str
    created_by: UserId
    created_at: datetime
    disabled: bool


class BotToken(Value, frozen=True):
    """`token` is shown once, when it is made."""

    id: str
    name: str
    scopes: list[Scope]
    created_by: UserId
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    token: str | None = None


class CreateBot(Ask, frozen=True):
    username: Username
    display_name: DisplayName | None = None
    description: Description = ""


class CreateBotToken(Ask, frozen=True):
    """Without `hours` it is good until it is revoked."""

    name: TokenName
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=4)]
    hours: Annotated[int, Meta(ge=1, le=24 * 3660)] | None = None


class BotQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
