"""Sketches, what hangs on them, and what is asked about them."""

from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from models.ids import ChannelId, IdNumber, SketchId, UserId
from models.text import LINES, ChannelName, Cursor
from models.values import Ask, Value

Profile = Literal["sketch", "generic"]
"""`sketch`: the schema of docs/protocol.md, checked. `generic`: any Yjs document, within limits."""

ElementId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$(?!\n)")]
CommentText = Annotated[str, Meta(min_length=1, max_length=4000, pattern=LINES)]
LinkToken = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class Sketch(Value, frozen=True):
    """`head_seq` moves with every save of what is drawn. Edits made under one `epoch` don't fit another."""

    id: SketchId
    channel_id: ChannelId
    title: str
    profile: Profile
    epoch: str
    head_seq: int
    creator_id: UserId
    created_at: datetime
    updated_at: datetime
    message_seq: int | None = None
    """Of its message in the timeline."""


class SketchVersion(Value, frozen=True):
    number: int
    label: str
    seq: int
    author_id: UserId
    created_at: datetime


class Link(Value, frozen=True):
    """Whoever has the token may look at the sketch. It is shown once, when the link is made."""

    id: int
    author_id: UserId
    created_at: datetime
    token: str | None = None


class SharedSketch(Value, frozen=True):
    """What whoever has a link is told of the sketch, beside what is drawn."""

    id: SketchId
    title: str
    epoch: str


class Comment(Value, frozen=True):
    """The first of a thread hangs on an element, or on the sketch as a whole; the others name the first as `thread`."""

    id: int
    sketch_id: SketchId
    thread: int | None
    element_id: str | None
    text: str
    author_id: UserId
    created_at: datetime
    resolved_at: datetime | None
    deleted_at: datetime | None


class Elements(Value, frozen=True):
    """The elements that a call drew, in its order, and the seq under which they are saved."""

    ids: list[str]
    seq: int


class SketchSettings(Value, frozen=True):
    allows_generic: bool


class CreateSketch(Ask, frozen=True):
    title: ChannelName
    profile: Profile = "sketch"


class UpdateSketch(Ask, frozen=True):
    title: ChannelName | UnsetType = UNSET


class CreateVersion(Ask, frozen=True):
    label: ChannelName


class CreateComment(Ask, frozen=True):
    text: CommentText
    element_id: ElementId | None = None
    thread: IdNumber | None = None


class UpdateComment(Ask, frozen=True):
    resolved: bool


class PutSketchSettings(Ask, frozen=True):
    allows_generic: bool


class SketchQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class DrawElements(Ask, frozen=True):
    """Elements as docs/protocol.md describes them: the style's fields, and x, y, angle, scale, z beside them."""

    elements: Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=1000)]


class ExcalidrawFile(Struct, frozen=True):
    """As excalidraw.com saves it; what it may hold beyond this is left to it."""

    type: Literal["excalidraw"]
    elements: list[Any]
    files: dict[str, Any] = {}
    appState: dict[str, Any] = {}  # noqa: N815 - the file's own name


class ImportSketch(Ask, frozen=True):
    file: ExcalidrawFile
    title: ChannelName = "Imported sketch"


class PictureQuery(Ask, frozen=True):
    longest: Annotated[int, Meta(ge=16, le=4096)] = 2048
    """Pixels of the longer side, at most."""


class SketchWrite(NamedTuple):
    """Edits on their way into the log of a sketch."""

    sketch_id: SketchId
    epoch: str
    update: bytes
    author_id: UserId | None


class Altered(NamedTuple):
    """One value of a sketch's roots, as it was and as it became; None is none."""

    root: str
    key: str
    before: Any
    after: Any


class Loaded(NamedTuple):
    """A sketch as it is on disk: its newest snapshot and the updates since, up to `seq`."""

    epoch: str
    seq: int
    snapshot: bytes | None
    snapshot_seq: int
    updates: list[bytes]
