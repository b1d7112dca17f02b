"""Files: what is told about one, where its bytes are, and under which name it is given out."""

import re
import unicodedata
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from models.ids import ChannelId, FileId, IdNumber, Seq, UserId
from models.text import UNSEEN_OR_CONTROL, FileIdText
from models.values import Ask, Value

API = "/api/v1/files"

LONGEST_NAME = 120
"""Characters of a file's name, its ending included."""

Attachments = Annotated[list[FileIdText], Meta(max_length=10)]
"""Ids of files, in the order in which they are shown."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,12}$")


class File(Value, frozen=True):
    """A file as everybody sees it who may read its channel. `type` is what its bytes are, whatever its name says."""

    id: FileId
    name: str
    size: int
    type: str
    url: str
    width: int | UnsetType = UNSET
    """Of an image, in pixels, as it is meant to be seen."""
    height: int | UnsetType = UNSET
    thumbnail_url: str | UnsetType = UNSET


class Content(Value, frozen=True):
    """What was found in some bytes: the same for each file of them. `digest` is their SHA-256 in hex."""

    digest: str
    size: int
    type: str
    width: int | None = None
    height: int | None = None
    thumbnail_size: int | None = None


class StoredFile(Value, frozen=True):
    """A file's row, and that of its bytes."""

    id: FileId
    name: str
    size: int
    type: str
    width: int | None
    height: int | None
    thumbnail_size: int | None
    digest: str
    channel_id: ChannelId
    uploader_id: UserId
    message_seq: Seq | None
    """Null before it is posted."""


class Usage(Value, frozen=True):
    """Bytes of all files of a workspace, and of those that one user uploaded."""

    of_workspace: int
    of_user: int


class UploadQuery(Ask, frozen=True):
    """Of an upload that is nothing but the file's bytes: where it belongs, and what it is called."""

    channel_id: IdNumber | None = None
    name: Annotated[str, Meta(max_length=1000)] | None = None


def file_of(id_: FileId, name: str, content: Content) -> File:
    """As the SQL function `file_facts` tells it."""
    url = f"{API}/{id_}"
    return File(
        id_, name, content.size, content.type, url,
        UNSET if content.width is None else content.width,
        UNSET if content.height is None else content.height,
        UNSET if content.thumbnail_size is None else f"{url}/thumbnail",
    )  # fmt: skip


def thumbnail_name(digest: str) -> str:
    """What the thumbnail of some bytes is called in the store, beside them."""
    return f"{digest}.thumbnail"


def file_name(given: str) -> str:
    """One line that no system takes for a path or shows as another name; never empty."""
    name = unicodedata.normalize("NFC", given.encode("utf-8", "replace").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = " ".join(re.sub(UNSEEN_OR_CONTROL, "", name).split()).strip(". ") or "file"
    if len(name) > LONGEST_NAME:
        found = _ENDING.search(name)
        ending = found[0] if found else ""
        name = name[: LONGEST_NAME - len(ending)].rstrip() + ending
    return name
