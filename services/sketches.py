"""Sketches: made, found, renamed, deleted, kept as versions, shown by links. Who may read the channel may see them;
who may post may draw.
"""

import hashlib
import secrets
from typing import Any

import structlog

from models.accounts import Actor
from models.channels import Standing
from models.errors import Conflict, Forbidden, NotFound, Unavailable
from models.facts import channel_topic
from models.ids import ChannelId, Seq, SketchId
from models.sketches import (
    CreateSketch,
    CreateVersion,
    DrawElements,
    Elements,
    ImportSketch,
    Link,
    PutSketchSettings,
    Sketch,
    SketchQuery,
    SketchSettings,
    SketchVersion,
    UpdateSketch,
)
from models.values import Page, given
from services import policy
from services.excalidraw import scene_of
from services.members import MemberService
from services.pages import page
from services.ports import Publisher
from services.sketch_edits import draw, scene_in, show
from services.sketch_ports import SketchChanges, Sketches
from services.sketch_rooms import Rooms

log = structlog.get_logger()


class SketchService:
    """Every method raises NotFound for a sketch whose channel the actor may not see, Forbidden if not a member."""

    def __init__(
        self,
        sketches: Sketches,
        changes: SketchChanges,
        members: MemberService,
        rooms: Rooms,
        publisher: Publisher,
    ) -> None:
        self._sketches = sketches
        self._changes = changes
        self._members = members
        self._rooms = rooms
        self._publisher = publisher

    async def find(self, sketch: SketchId) -> Sketch:
        """Whoever asks: the right to it is the caller's to check."""
        found = await self._sketches.get(sketch)
        if found is None:
            raise NotFound("There is no such sketch.")
        return found

    async def get(self, actor: Actor, sketch: SketchId) -> Sketch:
        return (await self.seen(actor, sketch))[0]

    async def seen(self, actor: Actor, sketch: SketchId) -> tuple[Sketch, Standing]:
        """What every door to a sketch passes through. One that may not be seen answers as one that doesn't exist."""
        found = await self.find(sketch)
        try:
            return found, await self._members.reader(actor, found.channel_id)
        except NotFound:
            raise NotFound("There is no such sketch.") from None

    async def list(self, actor: Actor, channel: ChannelId, query: SketchQuery) -> Page[Sketch]:
        """The newest first."""
        await self._members.reader(actor, channel)
        before = int(query.cursor) if query.cursor else None
        rows = await self._sketches.page(channel, before, query.limit + 1)
        return page(rows, query.limit, lambda sketch: sketch.id)

    async def create(self, actor: Actor, channel: ChannelId, ask: CreateSketch) -> Sketch:
        """With a message in the timeline. Raises Conflict for a generic document where the channel has none."""
        await self._members.speaker(actor, channel)
        if ask.profile == "generic" and not await self._sketches.allows_generic(channel):
            raise Conflict("This channel doesn't take generic documents: its owner can let them in.")
        made = await self._changes.create(channel, actor.user_id, ask.title, ask.profile)
        if made is None:
            raise NotFound("There is no such channel.")
        sketch, entries = made
        self._publisher.tell(channel_topic(channel), entries)
        log.info("sketch_created", sketch_id=sketch.id, channel_id=channel, by=actor.user_id)
        return sketch

    async def update(self, actor: Actor, sketch: SketchId, change: UpdateSketch) -> Sketch:
        """Raises Forbidden for all but its creator and the channel's moderators."""
        found = await self._changeable(actor, sketch)
        title = given(change.title)
        if title is None or title == found.title:
            return found
        renamed = await self._changes.rename(found.channel_id, sketch, actor.user_id, title)
        if renamed is None:
            raise NotFound("There is no such sketch.")
        self._publisher.tell(channel_topic(found.channel_id), [renamed[1]])
        return renamed[0]

    async def delete(self, actor: Actor, sketch: SketchId) -> None:
        """Its sockets close. Raises Forbidden for all but its creator and the channel's moderators."""
        found = await self._changeable(actor, sketch)
        entry = await self._changes.delete(found.channel_id, sketch, actor.user_id)
        if entry is None:
            raise NotFound("There is no such sketch.")
        self._publisher.tell(channel_topic(found.channel_id), [entry])
        log.info("sketch_deleted", sketch_id=sketch, channel_id=found.channel_id, by=actor.user_id)

    async def _changeable(self, actor: Actor, sketch: SketchId) -> Sketch:
        found, standing = await self.seen(actor, sketch)
        policy.demand_voice(standing)
        if not policy.may_change_sketch(actor, standing, found.creator_id):
            raise Forbidden("Only who made it and the channel's moderators may do this.")
        return found

    # Settings of a channel.

    async def settings(self, actor: Actor, channel: ChannelId) -> SketchSettings:
        await self._members.reader(actor, channel)
        return SketchSettings(await self._sketches.allows_generic(channel))

    async def set_settings(self, actor: Actor, channel: ChannelId, ask: PutSketchSettings) -> SketchSettings:
        """Raises Forbidden for all but owners and admins."""
        standing = await self._members.seen(actor, channel)
        if not policy.may_change(actor, standing):
            raise Forbidden("Only the channel's owners and admins may do this.")
        await self._sketches.set_allows_generic(channel, ask.allows_generic)
        return SketchSettings(ask.allows_generic)

    # What is drawn.

    async def state(self, actor: Actor, sketch: SketchId) -> tuple[bytes, str]:
        """All of it as one Yjs update, and the name of just this state."""
        found = await self.get(actor, sketch)
        async with self._rooms.holding(found) as room:
            return room.doc.state(), f"{found.epoch}.{room.seq}"

    async def scene(self, actor: Actor, sketch: SketchId) -> tuple[Sketch, int, dict[str, dict[str, Any]]]:
        """Its elements, and the seq that they are of. Raises Conflict for a generic document."""
        found = self.drawable(await self.get(actor, sketch))
        async with self._rooms.holding(found) as room:
            return found, room.seq, room.doc.scene()

    async def draw(self, actor: Actor, sketch: SketchId, ask: DrawElements) -> Elements:
        """Saved when it returns. Raises Invalid, naming the field, and then nothing is drawn."""
        found, standing = await self.seen(actor, sketch)
        policy.demand_voice(standing)
        self.drawable(found)
        async with self._rooms.holding(found) as room:
            ids, change = draw(ask.elements, room.doc.elements)
            seq = await room.until_saved(room.draw(change, actor.user_id))
            return Elements(ids, seq)

    async def bring_in(self, actor: Actor, channel: ChannelId, ask: ImportSketch) -> Sketch:
        """A new sketch from a file. Raises Invalid, naming the element; then no sketch was made."""
        await self._members.speaker(actor, channel)
        file = ask.file
        scene = scene_of(file.elements, file.files, file.appState.get("viewBackgroundColor"))
        made = await self.create(actor, channel, CreateSketch(ask.title))
        async with self._rooms.holding(made) as room:
            await room.until_saved(room.draw(show(scene), actor.user_id))
        return await self.get(actor, made.id)

    def drawable(self, sketch: Sketch) -> Sketch:
        """The same sketch. Raises Conflict for a generic document."""
        if sketch.profile != "sketch":
            raise Conflict("This is a generic document: only its own clients know what it means.")
        return sketch

    # For operators.

    async def taken_out(self, sketch: SketchId) -> tuple[Sketch, dict[str, dict[str, Any]]]:
        """Whoever asks holds the machine. Raises NotFound, Conflict for a generic document."""
        found = self.drawable(await self.find(sketch))
        async with self._rooms.holding(found) as room:
            return found, room.doc.scene()

    async def compact_all(self) -> tuple[int, int]:
        """How many logs were shortened, and how many could not be read."""
        done, failed, last = 0, 0, 0
        while ids := await self._sketches.ids(last, 100):
            last = ids[-1]
            for sketch in ids:
                try:
                    done += await self._rooms.compact(await self.find(sketch))
                except Unavailable:
                    failed += 1
        return done, failed

    # Versions.

    async def versions(self, actor: Actor, sketch: SketchId, query: SketchQuery) -> Page[SketchVersion]:
        """The newest first."""
        found = await self.get(actor, sketch)
        before = int(query.cursor) if query.cursor else None
        rows = await self._sketches.versions(found.channel_id, sketch, before, query.limit + 1)
        return page(rows, query.limit, lambda version: version.number)

    async def add_version(self, actor: Actor, sketch: SketchId, ask: CreateVersion) -> SketchVersion:
        found = await self.get(actor, sketch)
        async with self._rooms.holding(found) as room:
            seq = await room.until_saved()
            state = room.doc.state()
            return await self._changes.add_version(
                found.channel_id, sketch, actor.user_id, ask.label, seq, state
            )

    async def version_scene(
        self, actor: Actor, sketch: SketchId, number: int
    ) -> tuple[Sketch, dict[str, dict[str, Any]]]:
        """The elements of a version. Raises NotFound, Conflict for a generic document."""
        found, state = await self._version(actor, sketch, number)
        return found, scene_in(state)

    async def restore(self, actor: Actor, sketch: SketchId, number: int) -> Sketch:
        """A new edit that brings the old picture back: nothing is lost, and it can be undone by another."""
        found, state = await self._version(actor, sketch, number)
        async with self._rooms.holding(found) as room:
            await room.until_saved(room.draw(show(scene_in(state)), actor.user_id))
        return await self.get(actor, sketch)

    async def _version(self, actor: Actor, sketch: SketchId, number: int) -> tuple[Sketch, bytes]:
        found = self.drawable(await self.get(actor, sketch))
        state = await self._sketches.version(found.channel_id, sketch, number)
        if state is None:
            raise NotFound("There is no such version.")
        return found, state

    # Links.

    async def links(self, actor: Actor, sketch: SketchId) -> Page[Link]:
        found = await self.get(actor, sketch)
        return Page(await self._changes.links(found.channel_id, sketch))

    async def add_link(self, actor: Actor, sketch: SketchId) -> Link:
        """The one time that its token is told."""
        found = await self.get(actor, sketch)
        token = secrets.token_urlsafe(24)
        made = await self._changes.add_link(found.channel_id, sketch, actor.user_id, _digest(token))
        return Link(made.id, made.author_id, made.created_at, token)

    async def revoke_link(self, actor: Actor, sketch: SketchId, link: int) -> None:
        """Whoever follows it is sent away. For who made it, the sketch's creator and moderators."""
        found, standing = await self.seen(actor, sketch)
        made = next(
            (one for one in await self._changes.links(found.channel_id, sketch) if one.id == link), None
        )
        if made is None:
            raise NotFound("There is no such link.")
        is_own = actor.user_id == made.author_id
        if not is_own and not policy.may_change_sketch(actor, standing, found.creator_id):
            raise Forbidden("Only who made it and the channel's moderators may do this.")
        entry = await self._changes.revoke_link(found.channel_id, sketch, link, actor.user_id)
        if entry is None:
            raise NotFound("There is no such link.")
        self._publisher.tell(channel_topic(found.channel_id), [entry])

    async def link(self, token: str) -> tuple[int, Seq]:
        """The link's id, and the head of the channel's log while it is good. Raises NotFound."""
        found = await self._changes.find_link(_digest(token))
        if found is None:
            raise NotFound("There is no such sketch.")
        return found[0], found[2]

    async def shown_by(self, token: str) -> Sketch:
        """The sketch that whoever has this token may look at. Raises NotFound."""
        found = await self._changes.find_link(_digest(token))
        if found is None:
            raise NotFound("There is no such sketch.")
        return await self.find(found[1])


def _digest(token: str) -> bytes:
    """Tokens are random and long: a plain hash can't be turned back."""
    return hashlib.sha256(token.encode()).digest()
