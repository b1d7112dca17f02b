"""What answers drew on sketches, until it is taken back."""

from collections.abc import Sequence

from models import wire
from models.ai import Run, ToolUse
from models.facts import AiUndone, Entry
from models.ids import ChannelId, RunId, Seq, SketchId, UserId
from models.sketches import Altered
from store.changes import append_change, lock
from store.chat import message_of
from store.pool import Database


class DrawingStore:
    """A run's drawings are one unit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self, channel: ChannelId, run: int, sketch: SketchId, tool: str, altered: Sequence[Altered]
    ) -> None:
        await self._database.value("add_drawing", channel, run, sketch, tool, wire.pack(altered))

    async def of(self, channel: ChannelId, run: RunId) -> list[tuple[SketchId, list[Altered]]]:
        """As they were made, the oldest first."""
        rows = await self._database.all("list_drawings", channel, run)
        return [(SketchId(row["sketch_id"]), wire.unpack(row["altered"], list[Altered])) for row in rows]

    async def undone(self, run: Run, by: UserId) -> Entry | None:
        """The message says so from now on; None where it is gone, or somebody was faster."""
        async with self._database.transaction() as transaction:
            is_there = await lock(transaction, run.channel_id)
            deleted = await transaction.all("delete_drawings", run.channel_id, run.id)
            row = await transaction.first("get_message", run.channel_id, run.seq)
            if not (is_there and deleted) or row is None:
                return None
            info = message_of(row).ai
            if not info:
                return None
            told = wire.replace(info, tools=[_undone(use) for use in info.tools])
            await transaction.value("set_run_info", run.channel_id, run.seq, wire.row_of(told))
            row = await transaction.first("get_message", run.channel_id, run.seq)
            assert row is not None  # messages are never deleted physically
            fact = AiUndone(run.channel_id, Seq(0), run.id, by, message_of(row))
            return await append_change(transaction, by, fact)


def _undone(use: ToolUse) -> ToolUse:
    return use if use.undo is None else wire.replace(use, undo=None, undone=True)
