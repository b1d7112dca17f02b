"""Why a command cannot do its work, in words for the operator. Law: such an end prints its text and no traceback."""

from typing import ClassVar


class CannotStart(Exception):
    """The text says what is wrong and what to do about it; `exit_code` is the command's."""

    exit_code: ClassVar[int] = 1
