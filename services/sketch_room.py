"""One open sketch on this instance: what its sockets say, what is saved of it, and what the others are told.

Law: an edit is acknowledged when it is saved, and not before. The sockets here see it at once, other instances when it
has its seq: whoever saw one that was lost before it was saved has it, and brings it along when they come back.
"""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import structlog

from models import wire, yjs
from models.errors import Invalid, Unavailable
from models.facts import Entry, SketchChanged, channel_topic, sketch_topic
from models.ids import UserId
from models.lib0 import Lib0Reader, Malformed
from models.sketches import Sketch
from services.ports import Topics
from services.sketch_awareness import Awareness
from services.sketch_doc import Broke, SketchDoc
from services.sketch_inbox import Inbox
from services.sketch_saver import CANNOT_PROMISE, Save, Saver
from services.sketch_seat import EARLY, Ended, Seat, text_of
from services.sketch_teller import Teller

CURSOR_SECONDS = 0.033
CHANGED_SECONDS = 2.0
"""Between two `sketch.changed` in the channel while somebody draws."""

WAITING_BYTES = 256 * 1024
"""Of one socket, on their way to the disk, before it is read on."""

BROKEN = 4501
_SYNC = bytes((yjs.SYNC,))

log = structlog.get_logger()


class Links(NamedTuple):
    """What a room needs of the world around it."""

    save: Save
    topics: Topics
    quarantine: Callable[["Room", bytes, UserId | None, Broke], None]
    """Keeps what broke the document, and rebuilds the room."""


class Room:
    """Made by `services.sketch_rooms.Rooms`. Everything but the saving happens at once, in the order it was said."""

    def __init__(self, sketch: Sketch, doc: SketchDoc, seq: int, links: Links) -> None:
        self.sketch = sketch
        self.doc = doc
        self.seq = seq
        self.saved_since_snapshot = self.bytes_since_snapshot = 0
        self.is_over = self._telling = False
        self.seats: set[Seat] = set()
        self._unsaved: set[Seat] = set()
        self.holders = 0
        self.idle_since = self._told_channel_at = 0.0
        self.saver = Saver(self, links.save)
        self._inbox = Inbox(self._listen)
        self._teller = Teller(self._whisper, lambda: len(self.seats), self._inbox.empty)
        self._links = links
        self._topic = sketch_topic(sketch.id)
        self._awareness = Awareness()
        self._own: set[int] = set()
        self._cursors: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    # Seats.

    def enter(self, seat: Seat) -> None:
        """The server asks first what the client has, then says who is here."""
        self.seats.add(seat)
        seat.peer.send(yjs.sync_step_1(self.doc.state_vector()))
        states = self._awareness.all()
        if states:
            seat.peer.send(yjs.awareness(states))

    def leave(self, seat: Seat) -> None:
        self.seats.discard(seat)
        self._unsaved.discard(seat)
        self._awareness.leave(seat)
        self._tell_cursors_soon()
        self.idle_since = self._loop.time()

    def hear(self, seat: Seat, message: bytes) -> None:
        """One message of a socket. Raises Ended when it must be closed; nobody else notices."""
        if self.is_over:
            return
        seat.count_frame(self._loop.time())
        if not self._teller.is_resting or message[0:1] != _SYNC:
            self._listen(seat, message)
            return
        self._inbox.put(seat, message)
        if self._inbox.is_full:
            self._teller.flush()
        else:
            self._teller.soon()

    def _listen(self, seat: Seat, message: bytes) -> None:
        if self.is_over:
            return
        try:
            self._hear(seat, Lib0Reader(message))
        except Malformed as fault:
            log.info("sketch_message_refused", sketch_id=self.sketch.id, user_id=seat.user_id, why=str(fault))
            raise Ended(BROKEN, text_of(fault)) from None
        except Invalid as fault:
            seat.notice("invalid", fault.detail)

    def _hear(self, seat: Seat, reader: Lib0Reader) -> None:
        match reader.number():
            case yjs.SYNC:
                self._sync(seat, reader)
            case yjs.AWARENESS:
                states = yjs.read_awareness(reader.bytes(), most=2000)
                if seat.may_draw:  # a stroke that is being drawn is a state, too
                    self._awareness.say(seat, seat.user, states, self._loop.time())
                    self._tell_cursors_soon()
            case yjs.QUERY_AWARENESS:
                seat.answers.take(self._loop.time(), "questions")
                seat.peer.send(yjs.awareness(self._awareness.all()))
            case yjs.AUTH:
                pass  # only servers say something there
            case kind:
                raise Malformed(f"there is no message of kind {kind}")

    def _sync(self, seat: Seat, reader: Lib0Reader) -> None:
        step, data = reader.number(), reader.bytes()
        reader.finish()
        if step == yjs.STEP_1:
            seat.answers.take(self._loop.time(), "questions")
            seat.peer.send(yjs.sync_step_2(self.doc.since(data)))
        elif step in (yjs.STEP_2, yjs.UPDATE):
            self._edit(seat, data)
        else:
            raise Malformed("there is no such step")

    # Edits.

    def _edit(self, seat: Seat, update: bytes) -> None:
        seen = self.doc.look(update)
        if not seat.may_draw:
            if seen.is_news(self.doc.clocks):  # a reader's own document may repeat what it was told
                seat.notice("forbidden", "You may look at this sketch, and not draw.")
            return
        if seen.is_early(self.doc.clocks):
            self._ask_again(seat)
            return
        seat.early = 0
        seat.clients.take(self._loop.time(), "new clients", len(seen.new_clients(self.doc.clocks)))
        try:
            told, faults = self.doc.apply(update, seen)
        except Broke as fault:
            self._links.quarantine(self, update, UserId(seat.user_id) if seat.user_id else None, fault)
            raise Ended(BROKEN, "this update broke the document") from None
        seat.received += 1
        self._unsaved.add(seat)
        seat.notice_faults(faults)
        if told:
            seat.waiting_bytes += len(update)
            if seat.waiting_bytes > WAITING_BYTES:
                seat.peer.hold()
            self._teller.add(told)
            self.saver.keep(told, seat.user_id)
        elif not self.saver.is_busy:
            self.rest()

    def _ask_again(self, seat: Seat) -> None:
        """It builds on something that never came: pycrdt would show it, and every other client would not."""
        seat.early += 1
        if seat.early >= EARLY:
            raise Ended(BROKEN, "updates that build on what was never sent")
        seat.peer.send(yjs.sync_step_1(self.doc.state_vector()))

    def draw(self, change: Callable[[Any], None], author: UserId) -> int:
        """An edit of the server's for somebody: the number to wait for with `until_saved`. Raises Unavailable."""
        if self.is_over:
            raise Unavailable("This sketch is being opened anew.")
        self._teller.add(told := self.doc.edit(change))
        return self.saver.keep(told, author)

    async def until_saved(self, edit: int | None = None) -> int:
        """The seq under which everything up to this edit, or all, is saved. Raises Unavailable if it can't be."""
        self._teller.flush()
        await self.saver.until(self.saver.newest if edit is None else edit)
        return self.seq

    # Saving: what its saver asks of a room.

    @property
    def sockets(self) -> int:
        return len(self.seats)

    def mark(self) -> dict[Seat, int]:
        marks = {seat: seat.received for seat in self._unsaved}
        self._unsaved.clear()
        return marks

    def rest(self) -> None:
        self._acknowledge(self.mark())

    def tell(self, seq: int, update: bytes, mark: dict[Seat, int]) -> None:
        """The sockets here have seen it; those that came since a room was over have not."""
        self._teller.flush()
        self._own.add(seq)
        self.saved_since_snapshot += 1
        self.bytes_since_snapshot += len(update)
        entry = Entry(seq, yjs.sync_update(update), is_told=not self.is_over)
        self._links.topics.tell(self._topic, [entry])
        self._acknowledge(mark)
        now = self._loop.time()
        if now - self._told_channel_at > CHANGED_SECONDS:
            self._told_channel_at = now
            self._loop.call_later(CHANGED_SECONDS, self._tell_channel)

    def _tell_channel(self) -> None:
        fact = SketchChanged(self.sketch.channel_id, self.sketch.id, self.seq)
        self._links.topics.tell(channel_topic(self.sketch.channel_id), [Entry(0, wire.encode(fact))])

    def _acknowledge(self, marks: dict[Seat, int]) -> None:
        for seat, received in marks.items():
            seat.saved = received
            seat.waiting_bytes = 0
            if seat in self.seats:
                seat.peer.release()
                if seat.wants_notices:
                    seat.peer.send(yjs.saved(received))

    # What the topic says, from here and from other instances.

    def take(self, entry: Entry) -> None:
        if entry.seq == 0:
            if not self._telling:
                self._awareness.hear(yjs.states_of(entry.payload, most=2000), self._loop.time())
        elif entry.seq > self.seq:
            self.seq = entry.seq
            if entry.seq in self._own:
                self._own.discard(entry.seq)
            else:
                self._take_update(entry)

    def _take_update(self, entry: Entry) -> None:
        try:
            self.doc.hear(yjs.update_of(entry.payload), is_whole=entry.is_whole)
        except (Broke, Malformed) as fault:
            log.exception("sketch_update_from_elsewhere_refused", sketch_id=self.sketch.id, seq=entry.seq)
            self.end(CANNOT_PROMISE, text_of(fault))
        self.saved_since_snapshot += 1
        self.bytes_since_snapshot += len(entry.payload)

    def _tell_cursors_soon(self) -> None:
        """The newest state of each client, and no more often than anyone can see."""
        if self._cursors is None and self._awareness.changed:
            pause = CURSOR_SECONDS if len(self.seats) > 2 else 0.0
            self._cursors = self._loop.call_later(pause, self._tell_cursors)

    def _tell_cursors(self) -> None:
        self._cursors = None
        if states := self._awareness.take_changed():
            self._telling = True
            self._links.topics.tell(self._topic, [Entry(0, yjs.awareness(states))])
            self._telling = False

    def _whisper(self, update: bytes) -> None:
        self._telling = True
        self._links.topics.whisper(self._topic, Entry(0, yjs.sync_update(update)))
        self._telling = False

    def ahead(self) -> list[bytes]:
        """What the sockets here were told that has no seq yet."""
        return [] if self.is_over else [yjs.sync_update(update) for update in self.saver.unsaved]

    def tidy(self) -> None:
        """Called every few seconds."""
        self._awareness.expire(self._loop.time())
        self._tell_cursors_soon()

    # Its end.

    @property
    def is_idle(self) -> bool:
        return not (self.seats or self.holders or self.saver.is_busy or self._inbox)

    def forget(self) -> None:
        """Nobody comes back to it: circles are opened, so that it goes at once, and Rust's memory with it."""
        self.doc.close()
        if not self.is_over:  # else a save may still be on its way
            del self.saver, self._inbox, self._teller

    def end(self, code: int, reason: str) -> None:
        """Sends everyone away; who comes next opens the sketch anew, from what is saved."""
        self.is_over = True
        self._teller.drop()
        self.saver.settle()
        for seat in list(self.seats):
            seat.peer.close(code, reason)
