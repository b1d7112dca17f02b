"""What stands where no AI endpoint is configured."""

from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Self

from models.ai import Piece, Prompt
from models.errors import AiUnavailable


class NoProvider:
    """An async context manager. Every ask raises AiUnavailable."""

    is_configured = False
    open = failovers = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    async def models(self) -> list[str]:
        raise AiUnavailable

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        del prompt  # nobody reads it
        await self.models()
        yield Piece()
