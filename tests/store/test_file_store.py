"""Bytes and their rows: put, read, counted and deleted, on a disk and in a bucket, whatever happens in between."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from models.errors import NotFound, Unavailable
from models.files import Content, Usage
from models.ids import ChannelId, FileId, UserId, WorkspaceId
from services.file_check import FileCheck
from services.file_ports import Blobs
from store.disk_blobs import DiskBlobs
from store.files import FileStore
from store.pool import Database, open_database
from store.queries import load_queries
from store.s3_blobs import S3Blobs, open_bucket
from store.spool import Spool
from tests.buckets import open_buckets

DATA = os.urandom(9 * 2**20)
MOST = Usage(2**62, 2**62)


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    with open_buckets() as url:
        yield url


@pytest.fixture(params=["disk", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "disk":
        return DiskBlobs(tmp_path / "blobs")
    return S3Blobs(open_bucket(request.getfixturevalue("bucket_url") % tmp_path.name))


def put_aside(directory: Path, data: bytes = DATA) -> str:
    path = directory / "arrived"
    path.write_bytes(data)
    return str(path)


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_what_is_put_is_read_whole_and_in_ranges_and_deleted(blobs: Blobs, tmp_path: Path) -> None:
    name = sha256(DATA).hexdigest()
    await blobs.put(name, put_aside(tmp_path))
    await blobs.put(name, put_aside(tmp_path))

    assert await whole(await blobs.read(name, 0, len(DATA))) == DATA
    for start, length in ((0, 1), (5, 3_000_000), (len(DATA) - 1, 1), (7, 0)):
        assert await whole(await blobs.read(name, start, length)) == DATA[start : start + length]
    assert [one async for one in blobs.names()] == [(name, len(DATA))]

    await blobs.delete([name, "a" * 64])

    assert [one async for one in blobs.names()] == []
    with pytest.raises(NotFound):
        await blobs.read(name, 0, 1)


async def test_a_store_that_is_away_is_one_error(tmp_path: Path) -> None:
    blobs = S3Blobs(open_bucket("s3://key:secret@127.0.0.1:9/files?tls=off"))

    with pytest.raises(Unavailable):
        await blobs.put("a" * 64, put_aside(tmp_path, b"x"))
    with pytest.raises(Unavailable):
        await blobs.read("a" * 64, 0, 1)


class Shelf:
    """A store of files with a channel of Alice's."""

    def __init__(self, database: Database, raw: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.files = FileStore(database)
        self.raw = raw

    async def add(self, blobs: Blobs, directory: Path, data: bytes, id_: str) -> str:
        content = Content(sha256(data).hexdigest(), len(data), "text/plain")
        await self.files.touch(content)
        await blobs.put(content.digest, put_aside(directory, data))
        return await self.files.add(
            WorkspaceId(1), ChannelId(1), FileId(id_), UserId(1), "a.txt", content, MOST
        )

    async def age(self) -> None:
        """An hour and a bit goes by."""
        await self.raw.execute("update blobs set touched_at = touched_at - interval '2 hours'")


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Shelf]:
    raw = await asyncpg.connect(dsn)
    await raw.execute("""
        insert into users (workspace_id, username, username_key, display_name, role) values (1, 'a', 'a', 'a', 'admin');
        insert into channels (workspace_id, kind, name, visibility, creator_id)
        values (1, 'channel', 'c', 'public', 1);
        insert into members (channel_id, user_id, role) values (1, 1, 'owner')
    """)
    async with open_database(dsn, load_queries(), 4) as database:
        yield Shelf(database, raw)
    await raw.close()


@pytest.fixture
async def shelf(database: str) -> AsyncIterator[Shelf]:
    async with opened(database) as one:
        yield one


async def names(blobs: Blobs) -> set[str]:
    return {name async for name, _ in blobs.names()}


async def test_bytes_go_with_their_last_file_and_not_before(shelf: Shelf, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "blobs")
    for id_ in ("one", "two"):
        assert await shelf.add(blobs, tmp_path, b"same", id_) == "added"
    await shelf.age()

    await shelf.files.delete_waiting(ChannelId(1), FileId("one"))
    await shelf.files.sweep(10**6, blobs)
    assert await names(blobs)
    await shelf.files.delete_waiting(ChannelId(1), FileId("two"))
    await shelf.files.sweep(10**6, blobs)

    assert not await names(blobs)
    assert await shelf.raw.fetchval("select count(*) from blobs") == 0
    assert await shelf.raw.fetchval("select max(bytes) from file_usage") == 0


async def test_an_upload_that_nobody_posts_is_swept_after_its_grace(shelf: Shelf, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "blobs")
    await shelf.add(blobs, tmp_path, b"waiting", "one")
    await shelf.add(blobs, tmp_path, b"posted", "two")
    await shelf.raw.execute("update files set message_seq = 1 where id = 'two'")
    await shelf.age()

    assert await shelf.files.sweep(3600, blobs) == 0
    assert await shelf.files.sweep(-1, blobs) == 2

    assert await names(blobs) == {sha256(b"posted").hexdigest()}
    await shelf.raw.execute("update channels set deleted_at = now()")
    assert await shelf.files.sweep(3600, blobs) == 2
    assert not await names(blobs)


async def test_bytes_that_are_on_their_way_are_not_swept(shelf: Shelf, tmp_path: Path) -> None:
    """An upload that comes while the same bytes are being deleted waits, and puts them there again."""
    blobs = DiskBlobs(tmp_path / "blobs")
    await shelf.add(blobs, tmp_path, b"again", "one")
    await shelf.files.delete_waiting(ChannelId(1), FileId("one"))
    await shelf.age()
    uploads: list[asyncio.Task[str]] = []

    class Slow:
        async def delete(self, names: object) -> None:
            uploads.append(asyncio.create_task(shelf.add(blobs, tmp_path, b"again", "two")))
            await asyncio.sleep(0.1)
            assert not uploads[0].done()
            await blobs.delete([sha256(b"again").hexdigest()])

    await shelf.files.sweep(10**6, Slow())

    assert await uploads[0] == "added"
    assert await names(blobs) == {sha256(b"again").hexdigest()}
    assert await shelf.raw.fetchval("select uses from blobs") == 1


async def test_what_a_crash_leaves_at_any_step_is_swept(shelf: Shelf, tmp_path: Path) -> None:
    blobs, spool = DiskBlobs(tmp_path / "blobs"), Spool(tmp_path / "incoming")
    (tmp_path / "incoming" / "0123").write_bytes(b"half")
    await shelf.files.touch(Content(sha256(b"row alone").hexdigest(), 9, "text/plain"))
    both = Content(sha256(b"row and bytes").hexdigest(), 13, "text/plain")
    await shelf.files.touch(both)
    await blobs.put(both.digest, put_aside(tmp_path, b"row and bytes"))
    await shelf.age()

    assert await spool.sweep(3600) == 0
    assert await spool.sweep(-1) == 1
    assert await shelf.files.sweep(10**6, blobs) == 2

    assert not await names(blobs)
    assert await shelf.raw.fetchval("select count(*) from blobs") == 0


async def test_the_check_finds_what_is_missing_and_what_belongs_to_nobody(
    shelf: Shelf, blobs: Blobs, tmp_path: Path
) -> None:
    await shelf.add(blobs, tmp_path, b"good", "one")
    await shelf.add(blobs, tmp_path, b"lost", "two")
    lost, stranger = sha256(b"lost").hexdigest(), sha256(b"stranger").hexdigest()
    check = FileCheck(shelf.files, blobs)
    assert [one async for one in check.findings(repair=False)] == []

    await blobs.delete([lost])
    await blobs.put(stranger, put_aside(tmp_path, b"stranger"))
    await shelf.raw.execute("update blobs set uses = 7 where size = 4")
    found = [one async for one in check.findings(repair=True)]

    assert [one.text.partition(":")[0] for one in found] == [lost, stranger, "2 counts of uses were wrong"]
    assert [one.is_mended for one in found] == [False, True, True]
    assert [one.text async for one in check.findings(repair=False)] == [found[0].text]
