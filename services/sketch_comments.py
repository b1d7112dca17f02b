"""Comments on sketches: threads that hang on an element, or on the sketch as a whole. The channel hears of each."""

from models.accounts import Actor
from models.errors import Forbidden, NotFound
from models.facts import Entry, channel_topic
from models.ids import SketchId
from models.sketches import Comment, CreateComment, Sketch, SketchQuery, UpdateComment
from models.values import Page
from services import policy
from services.pages import page
from services.ports import Publisher
from services.sketch_ports import SketchChanges
from services.sketches import SketchService


class SketchCommentService:
    """Every method raises as `SketchService.seen` does."""

    def __init__(self, sketches: SketchService, changes: SketchChanges, publisher: Publisher) -> None:
        self._sketches = sketches
        self._changes = changes
        self._publisher = publisher

    async def add(self, actor: Actor, sketch: SketchId, ask: CreateComment) -> Comment:
        """Raises NotFound for an answer to what doesn't begin a thread."""
        found = await self._sketches.get(actor, sketch)
        made = await self._changes.comment(found.channel_id, sketch, actor.user_id, ask)
        return self._told(found, made)

    async def list(self, actor: Actor, sketch: SketchId, query: SketchQuery) -> Page[Comment]:
        """The oldest first."""
        found = await self._sketches.get(actor, sketch)
        after = int(query.cursor or 0)
        rows = await self._changes.comments(found.channel_id, sketch, after, query.limit + 1)
        return page(rows, query.limit, lambda comment: comment.id)

    async def update(self, actor: Actor, sketch: SketchId, comment: int, ask: UpdateComment) -> Comment:
        """A thread is resolved, or open again: every member may. Raises NotFound for an answer."""
        found = await self._sketches.get(actor, sketch)
        changed = await self._changes.resolve(
            found.channel_id, sketch, comment, actor.user_id, is_resolved=ask.resolved
        )
        return self._told(found, changed)

    async def delete(self, actor: Actor, sketch: SketchId, comment: int) -> None:
        """Raises Forbidden for all but its author and the channel's moderators."""
        found, standing = await self._sketches.seen(actor, sketch)
        there = await self._changes.get_comment(found.channel_id, sketch, comment)
        if there is None:
            raise NotFound("There is no such comment.")
        if not policy.may_change_sketch(actor, standing, there.author_id):
            raise Forbidden("Only its author and the channel's moderators may do this.")
        changed = await self._changes.delete_comment(found.channel_id, sketch, comment, actor.user_id)
        self._told(found, changed)

    def _told(self, sketch: Sketch, changed: tuple[Comment, Entry] | None) -> Comment:
        if changed is None:
            raise NotFound("There is no such comment.")
        self._publisher.tell(channel_topic(sketch.channel_id), [changed[1]])
        return changed[0]
