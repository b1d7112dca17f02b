"""Edits of a sketch that can be taken back later, whoever has drawn there since.

Law: what an edit alters is written down before it is made. Taking back what was never made changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from models.accounts import Actor
from models.errors import Conflict, Invalid
from models.ids import SketchId
from models.sketches import Altered
from services.sketch_edits import Change
from services.sketch_rooms import Rooms
from services.sketch_schema import MAX_ELEMENTS
from services.sketches import SketchService

TRIES = 3

Scene = Mapping[str, Mapping[str, Any]]
"""A sketch's roots, by name."""

Wanted = Mapping[tuple[str, str], Any]
"""(root, key) -> what it shall be; None is gone."""


class Alterations:
    """Under the rights of whoever asks: those that drawing by a script takes."""

    def __init__(self, sketches: SketchService, rooms: Rooms) -> None:
        self._sketches = sketches
        self._rooms = rooms

    async def make(
        self,
        actor: Actor,
        sketch: SketchId,
        plan: Callable[[Scene], Wanted],
        keep: Callable[[list[Altered]], Awaitable[None]],
    ) -> int:
        """`plan` says what to make of the sketch as it is, `keep` writes it down; the seq under which it is saved.

        Raises what these two raise, Invalid beyond a sketch's bounds, Conflict where others don't let it through.
        """
        found = self._sketches.drawable(await self._sketches.get(actor, sketch))
        async with self._rooms.holding(found) as room:
            for _ in range(TRIES):
                altered = altered_by(room.doc.scene(), plan(room.doc.scene()))
                if not altered:
                    return room.seq
                added = sum(one.before is None for one in altered if one.root == "el")
                if room.doc.elements + added > MAX_ELEMENTS:
                    raise Invalid(f"A sketch has at most {MAX_ELEMENTS} elements.")
                await keep(altered)
                scene = room.doc.scene()
                if all(scene[one.root].get(one.key) == one.before for one in altered):
                    edit = room.draw(_change(altered), actor.user_id)
                    return await room.until_saved(edit)
        raise Conflict("Others change these elements just now: try again.")

    async def undo(self, actor: Actor, sketch: SketchId, altered: Sequence[Altered]) -> int:
        """As one edit; the alterations as they were made, the oldest first."""
        found = self._sketches.drawable(await self._sketches.get(actor, sketch))
        async with self._rooms.holding(found) as room:
            taken = undone(room.doc.scene(), altered)
            edit = room.draw(_change(taken), actor.user_id) if taken else None
            return await room.until_saved(edit)


def altered_by(scene: Scene, wanted: Wanted) -> list[Altered]:
    """What isn't so already."""
    found = [
        Altered(root, key, scene[root].get(key), after)
        for (root, key), after in wanted.items()
        if scene[root].get(key) != after
    ]
    return sorted(found, key=lambda one: one.root != "geo")  # an element is whole when its style comes


def undone(scene: Scene, altered: Sequence[Altered]) -> list[Altered]:
    """What takes them back, the newest first: what was added goes, whoever moved or coloured it since.

    What was changed or deleted becomes as it was, unless somebody has changed it since: then it stays as they want it.
    """
    now = {(one.root, one.key): scene[one.root].get(one.key) for one in altered}
    for root, key, before, after in reversed(altered):
        if before is None or now[root, key] == after:
            now[root, key] = before
    return altered_by(scene, now)


def _change(altered: Sequence[Altered]) -> Change:
    def change(roots: Mapping[str, Any]) -> None:
        for root, key, _, after in altered:
            if after is not None:
                roots[root][key] = after
            elif key in roots[root]:
                del roots[root][key]

    return change
