"""Bytes by name in a directory: the store that comes along.

`ab/abcdef…`: a hundred thousand of them leave no directory too large. Nothing here is a symbolic link, and none is
followed.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiofiles
from aiofiles.threadpool.binary import AsyncFileIO

from models.errors import NotFound
from store.spool import PIECE_BYTES, one_error

_GONE = "The bytes of this file are not there."


class DiskBlobs:
    """Fits `services.file_ports.Blobs`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def put(self, name: str, path: str) -> None:
        """By renaming, where both are on one disk: whole or not at all, and on the disk when this returns."""
        with one_error():
            await asyncio.to_thread(self._put, name, Path(path))

    def _put(self, name: str, source: Path) -> None:
        target = self._path(name)
        if target.is_file() and not target.is_symlink() and target.stat().st_size == source.stat().st_size:
            return
        is_new = not target.parent.exists()
        target.parent.mkdir(mode=0o700, exist_ok=True)
        source.chmod(0o600)
        _sync(source)
        try:
            source.replace(target)
        except OSError:
            beside = target.with_name(f".{name}")
            shutil.copyfile(source, beside)
            _sync(beside)
            beside.replace(target)
        _sync(target.parent)
        if is_new:
            _sync(self._directory)

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Raises NotFound where there is nothing, or a symbolic link."""
        path = self._path(name)
        try:
            await asyncio.to_thread(_look, path)
        except OSError as error:
            raise NotFound(_GONE) from error

        async def pieces() -> AsyncIterator[bytes]:
            left = length
            file = await _opened(path)
            try:
                await file.seek(start)
                while left and (piece := await file.read(min(left, PIECE_BYTES))):
                    left -= len(piece)
                    yield piece
            finally:
                await asyncio.shield(file.close())  # whoever reads may leave at any moment

        return pieces()

    async def delete(self, names: Sequence[str]) -> None:
        with one_error():
            await asyncio.to_thread(self._delete, names)

    def _delete(self, names: Sequence[str]) -> None:
        for name in names:
            self._path(name).unlink(missing_ok=True)

    async def names(self) -> AsyncIterator[tuple[str, int]]:
        for shard in await asyncio.to_thread(_entries, self._directory):
            for entry in await asyncio.to_thread(_entries, Path(shard.path)):
                yield entry.name, entry.stat(follow_symlinks=False).st_size

    def _path(self, name: str) -> Path:
        return self._directory / name[:2] / name


async def _opened(path: Path) -> AsyncFileIO:
    """Whoever is cancelled meanwhile leaves no open file behind."""
    opening = asyncio.ensure_future(aiofiles.open(path, "rb", buffering=0, opener=_open))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await (await opening).close()
        raise


def _entries(directory: Path) -> list[os.DirEntry[str]]:
    if directory.is_symlink() or not directory.is_dir():
        return []
    return sorted(os.scandir(directory), key=lambda entry: entry.name)


def _look(path: Path) -> None:
    os.close(_open(str(path), os.O_RDONLY))


def _open(path: str, flags: int) -> int:
    """Follows a symbolic link neither to the file nor to its directory."""
    directory = os.open(Path(path).parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        return os.open(Path(path).name, flags | os.O_NOFOLLOW, dir_fd=directory)
    finally:
        os.close(directory)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
