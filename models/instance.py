"""What a server says about itself to whoever asks."""

from typing import Literal

from models.values import Value

Registration = Literal["open", "invite", "closed"]


class Instance(Value, frozen=True):
    """`is_new`: nobody has an account yet, so whoever registers becomes the admin."""

    name: str
    version: str
    registration: Registration
    is_new: bool
