"""Holds the rows of files against the bytes in the store, in both directions, and puts right what can be."""

from collections.abc import AsyncIterator
from itertools import islice
from typing import NamedTuple

from models.files import thumbnail_name
from services.file_ports import Blobs, Shelved

ROWS = 500


class Finding(NamedTuple):
    """A sentence, and whether all is well again."""

    text: str
    is_mended: bool = False


class FileCheck:
    """May run while the server does: bytes that are on their way have their row."""

    def __init__(self, files: Shelved, blobs: Blobs) -> None:
        self._files = files
        self._blobs = blobs

    async def findings(self, *, repair: bool) -> AsyncIterator[Finding]:
        """With `repair` bytes without a row are deleted, and counts put right. Lost bytes can't be: they are named."""
        found = {name: size async for name, size in self._blobs.names()}
        async for digest, wanted in self._wanted():
            for name, size, is_thumbnail in wanted:
                if found.get(name) != size:
                    yield Finding(_lost(digest, found.get(name), size, is_thumbnail=is_thumbnail))
        async for name in self._strangers(found):
            yield Finding(f"{name}: no file has these bytes", is_mended=repair)
            if repair:
                await self._blobs.delete([name])
        if repair and (wrong := await self._files.recount()):
            yield Finding(f"{wrong} counts of uses were wrong", is_mended=True)

    async def _wanted(self) -> AsyncIterator[tuple[str, list[tuple[str, int, bool]]]]:
        """Of bytes that a file uses: the rest is the sweep's, and may be on its way."""
        after = ""
        while rows := await self._files.blobs(after, ROWS):
            for digest, size, thumbnail_size, uses in rows:
                after = digest
                thumbnail = [(thumbnail_name(digest), thumbnail_size, True)] if thumbnail_size else []
                if uses:
                    yield digest, [(digest, size, False), *thumbnail]

    async def _strangers(self, found: dict[str, int]) -> AsyncIterator[str]:
        names = iter(sorted(found))
        while some := list(islice(names, ROWS)):
            known = await self._files.known([name for name in map(_digest, some) if name])
            for name in some:
                if _digest(name) not in known:
                    yield name


def _digest(name: str) -> str:
    """That the name belongs to; nothing for what is no name of ours."""
    digest = name.removesuffix(".thumbnail")
    return digest if len(digest) == 64 and set(digest) <= set("0123456789abcdef") else ""


def _lost(digest: str, found: int | None, size: int, *, is_thumbnail: bool) -> str:
    what = "the thumbnail" if is_thumbnail else "the bytes"
    return f"{digest}: {what} {'are missing' if found is None else f'have {found} bytes, not {size}'}"
