"""Sketches and the log of what is drawn on each: saved once, compacted later, never rewritten."""

from collections.abc import Sequence

from models.errors import NotFound
from models.facts import Entry
from models.ids import MAX_ID, ChannelId, SketchId, UserId
from models.sketches import Loaded, Sketch, SketchVersion, SketchWrite
from models.yjs import sync_update
from store.lane import Lane
from store.pool import Database


class SketchStore:
    """What is drawn: `append` is its only way in, `compact` only shortens it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lane = Lane(database)

    async def get(self, sketch: SketchId) -> Sketch | None:
        row = await self._database.first("get_sketch", sketch)
        return Sketch(*row) if row else None

    async def page(self, channel: ChannelId, before: int | None, limit: int) -> list[Sketch]:
        """The newest first."""
        rows = await self._database.all("list_sketches", channel, MAX_ID if before is None else before, limit)
        return [Sketch(*row) for row in rows]

    async def ids(self, after: int, limit: int) -> list[SketchId]:
        rows = await self._database.all("list_sketch_ids", after, limit)
        return [SketchId(row["id"]) for row in rows]

    async def allows_generic(self, channel: ChannelId) -> bool:
        return bool(await self._database.value("get_sketch_settings", channel))

    async def set_allows_generic(self, channel: ChannelId, allows: bool) -> None:
        await self._database.value("put_sketch_settings", channel, allows)

    # The log of what is drawn.

    async def append(self, writes: Sequence[SketchWrite]) -> list[int | None]:
        """The seq of each, in their order; None where the sketch is gone or of another epoch. Each sketch once."""
        if len(writes) == 1:  # arrays cost more than the rest of the call
            rows = await self._lane.all("append_sketch_update", *writes[0])
            return [rows[0]["head_seq"] if rows else None]
        rows = await self._lane.all(
            "append_sketch_updates",
            [write.sketch_id for write in writes],
            [write.epoch for write in writes],
            [write.update for write in writes],
            [write.author_id for write in writes],
        )
        return [row["head_seq"] for row in rows]

    async def load(self, sketch: SketchId) -> Loaded:
        """All that is saved, of one moment. Raises NotFound."""
        found = await self.get(sketch)
        rows = await self._database.all("load_sketch", sketch)
        if found is None or not rows:
            raise NotFound("There is no such sketch.")
        head, *log = rows
        snapshot = next((row for row in log if row["kind"] == "snapshot"), None)
        return Loaded(
            epoch=found.epoch,
            seq=head["seq"],
            snapshot=snapshot["data"] if snapshot else None,
            snapshot_seq=snapshot["seq"] if snapshot else 0,
            updates=[row["data"] for row in log if row["kind"] == "update"],
        )

    async def heads(self, sketches: list[int]) -> dict[int, int]:
        return {row["id"]: row["head_seq"] for row in await self._database.all("list_sketch_heads", sketches)}

    async def facts(self, sketch: SketchId, after: int, limit: int) -> list[Entry]:
        """What was drawn after a seq, as messages for its sockets; what was compacted comes as one of them."""
        rows = await self._database.all("list_sketch_log", sketch, after, limit)
        return [Entry(row["seq"], sync_update(row["data"]), is_whole=row["is_whole"]) for row in rows]

    async def compact(self, channel: ChannelId, sketch: SketchId, seq: int, state: bytes) -> bool:
        """Puts the whole document in the place of all updates up to `seq`; False where somebody else is at it."""
        async with self._database.transaction() as transaction:
            if not await transaction.value("lock_sketch_snapshot", sketch):
                return False
            if await transaction.value("put_sketch_snapshot", channel, sketch, seq, state) is None:
                return False
            await transaction.value("delete_sketch_updates", channel, sketch, seq)
            return True

    async def quarantine(
        self, channel: ChannelId, sketch: SketchId, update: bytes, author: UserId | None, error: str
    ) -> None:
        await self._database.value("insert_sketch_quarantine", channel, sketch, update, author, error)

    # Versions.

    async def versions(
        self, channel: ChannelId, sketch: SketchId, before: int | None, limit: int
    ) -> list[SketchVersion]:
        """The newest first."""
        before = MAX_ID if before is None else before
        rows = await self._database.all("list_sketch_versions", channel, sketch, before, limit)
        return [SketchVersion(*row) for row in rows]

    async def version(self, channel: ChannelId, sketch: SketchId, number: int) -> bytes | None:
        state: bytes | None = await self._database.value("get_sketch_version", channel, sketch, number)
        return state
