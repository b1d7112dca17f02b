"""What stands before a question, read while the question is on its way to the disk: so its answer begins sooner.

Law: it is used only where the log shows that nothing came in between. Else it is read again, behind the question.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Self

from models.ai import ContextMessage
from models.errors import Unavailable

Before = tuple[int, list[ContextMessage]]
"""The head of the channel at that moment, and the messages up to there, newest first."""


class ReadingAhead:
    """Begins at once. A context manager around what writes the question: where that fails, nothing is read."""

    def __init__(self, reading: Coroutine[Any, Any, Before] | None) -> None:
        """None reads nothing."""
        self._reading = None if reading is None else asyncio.create_task(reading)
        self._question: ContextMessage | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.drop()

    def drop(self) -> None:
        """Nobody will ask for it."""
        if self._reading is not None:
            self._reading.cancel()

    def of(self, question: ContextMessage) -> Self:
        """The question, as it stands in the log now."""
        self._question = question
        return self

    async def found(self) -> Sequence[ContextMessage] | None:
        """The question and what stands before it, newest first; None where that has to be read."""
        if self._reading is None or self._question is None:
            return None
        try:
            head, earlier = await self._reading
        except Unavailable:
            return None
        return [self._question, *earlier] if head == self._question.seq - 1 else None
