"""Slash commands: what somebody types after a `/`, done by the server or by a program that is called."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from models.chat import Message
from models.hooks import HookUrl
from models.ids import ChannelId, IdNumber, UserId
from models.text import LINE, ClientId, MessageText
from models.values import Ask, Value

CommandName = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9_-]*$(?!\n)")]
Hint = Annotated[str, Meta(max_length=100, pattern=LINE)]


class Command(Value, frozen=True):
    """`hint` tells what comes after the name. One with an `id` calls a URL, which admins see."""

    name: str
    hint: str
    description: str
    id: int | UnsetType = UNSET
    url: str | UnsetType = UNSET
    created_by: UserId | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    secret: str | UnsetType = UNSET
    """Shown once, when it is made."""


class OwnCommand(Value, frozen=True):
    """One of a workspace's own, as it is kept."""

    name: str
    hint: str
    description: str
    id: int
    url: str
    created_by: UserId
    created_at: datetime
    secret: str


class CreateCommand(Ask, frozen=True):
    name: CommandName
    url: HookUrl
    description: Hint = ""
    hint: Hint = ""


class UpdateCommand(Ask, frozen=True):
    url: HookUrl | UnsetType = UNSET
    description: Hint | UnsetType = UNSET
    hint: Hint | UnsetType = UNSET


class RunCommand(Ask, frozen=True):
    """`text` begins with the `/`. The same `client_id` does it once, where it posts something."""

    client_id: ClientId
    text: MessageText
    thread: IdNumber | None = None


class Ran(Value, frozen=True):
    """`text` is for the caller alone, `message` what was posted, `channel_id` where to go."""

    text: str | None = None
    message: Message | None = None
    channel_id: ChannelId | None = None
