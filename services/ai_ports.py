"""What answers need of the world beside their runs."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from models.ai import Attached, Run
from models.facts import Entry
from models.ids import ChannelId, RunId, Seq, SketchId, UserId
from models.sketches import Altered


class Attachments(Protocol):
    """Files that messages carry, of a channel that the asker may read."""

    async def attached(self, channel: ChannelId, seqs: Sequence[Seq]) -> list[Attached]:
        """The newest message's first, in the order in which each has them."""


class Bytes(Protocol):
    """Where the bytes of files are."""

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Pieces. Raises NotFound, Unavailable."""


class Drawings(Protocol):
    """What answers drew, until it is taken back."""

    async def keep(
        self, channel: ChannelId, run: int, sketch: SketchId, tool: str, altered: Sequence[Altered]
    ) -> None: ...
    async def of(self, channel: ChannelId, run: RunId) -> list[tuple[SketchId, list[Altered]]]: ...
    async def undone(self, run: Run, by: UserId) -> Entry | None:
        """The fact of it; None where somebody was faster."""
