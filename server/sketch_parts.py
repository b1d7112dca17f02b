"""The parts that keep sketches, wired: opened after the members that they ask, closed before them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from connections.manager import Manager
from server.heap import trim_heap
from server.settings import Settings
from services.members import MemberService
from services.painter import Painter
from services.sketch_comments import SketchCommentService
from services.sketch_rooms import Rooms
from services.sketches import SketchService
from services.workshop import Workshop
from store.pool import Database
from store.sketch_changes import SketchChangeStore
from store.sketches import SketchStore


@dataclass(frozen=True, slots=True)
class SketchParts:
    """What the doors, the metrics and the commands need of it."""

    service: SketchService
    comments: SketchCommentService
    rooms: Rooms
    painter: Painter


@asynccontextmanager
async def open_sketches(
    settings: Settings, database: Database, members: MemberService, manager: Manager, workshop: Workshop
) -> AsyncIterator[SketchParts]:
    store, changes = SketchStore(database), SketchChangeStore(database)
    async with AsyncExitStack() as stack:
        rooms = await stack.enter_async_context(Rooms(store, manager, settings.sketch_memory, trim=trim_heap))
        service = SketchService(store, changes, members, rooms, manager)
        comments = SketchCommentService(service, changes, manager)
        yield SketchParts(service, comments, rooms, Painter(workshop))
