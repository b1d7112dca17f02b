"""What a server says about itself to whoever asks."""

from typing import Literal

from msgspec import UNSET, UnsetType

from models.values import Value

Registration = Literal["open", "invite", "closed"]


class Instance(Value, frozen=True):
    """`is_new`: nobody has an account yet, so whoever registers becomes the admin. `file_bytes`: of one
    file at most. `push_key`: what browsers subscribe with to be told of calls, where devices are told.
    """

    name: str
    version: str
    registration: Registration
    is_new: bool
    file_bytes: int
    push_key: str | UnsetType = UNSET
