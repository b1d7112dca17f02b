"""What the doors of AI tell of a run: whole, or event by event."""

from models.ai import Usage
from models.chat import Message
from models.ids import RunId
from models.values import Value


class Answered(Value, frozen=True):
    """A run and its message; `usage` is null while it runs."""

    run_id: RunId
    message: Message
    usage: Usage | None


class DeltaEvent(Value, frozen=True):
    """`offset` is where the text belongs, in code points."""

    run_id: RunId
    offset: int
    text: str


class ErrorEvent(Value, frozen=True):
    """The run failed or was interrupted; the message holds what was said."""

    run_id: RunId
    code: str
    detail: str
    message: Message
    usage: Usage | None
