"""Uploads that somebody made to hurt: each gets its answer soon, and leaves nothing on the disk."""

import asyncio
import gzip
import io
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from tests.databases import NewDatabase
from tests.handlers.pictures import flood, picture
from tests.handlers.town import Town, code, open_town
from tests.handlers.uploading import upload, uploaded
from tests.house import Person

BOUNDARY = "b" * 30
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture
async def town(new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[Town]:
    """Files of 1 MiB at most, of one user 2, in all 3."""
    async with (
        new_database() as dsn,
        open_town(dsn, tmp_path, rate_limits=False, file_size=1, files_per_user=2, files_in_all=3) as opened,
    ):
        yield opened


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    more = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + data + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def left(directory: Path) -> list[Path]:
    """Every file of the spool and of the store."""
    return [path for path in (directory / "files").rglob("*") if not path.is_dir()]


async def form(who: Person, body: bytes) -> httpx.Response:
    return await who.call("POST", "/files", content=body, headers=MULTIPART)


async def test_forms_that_are_wrong_say_so_and_leave_nothing(town: Town, tmp_path: Path) -> None:
    channel = await town.admin.channel()
    aim, file = part("channel_id", str(channel).encode()), part("file", b"data", "a.txt")
    wrong: dict[bytes, tuple[int, str]] = {
        b"": (422, "invalid"),
        b"nonsense": (422, "invalid"),
        aim + END: (422, "invalid"),
        file + END: (422, "invalid"),
        aim + file: (422, "invalid"),
        aim + file[:-9]: (422, "invalid"),
        aim + file + file + END: (422, "invalid"),
        aim + part("other", b"x") + file + END: (422, "invalid"),
        part("channel_id", b"x") + file + END: (422, "invalid"),
        part("channel_id", b"1" * 100) + file + END: (422, "invalid"),
        part("channel_id", b"999999") + file + END: (404, "not_found"),
        aim * 10_000 + file + END: (413, "too_large"),
        file.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 9000 + b"\r\n\r\n") + END: (422, "invalid"),
        file.replace(b"\r\n\r\n", b"\r\n" + b"X: x\r\n" * 50 + b"\r\n") + END: (422, "invalid"),
        aim + part("file", b"x" * (2**20 + 1), "a") + END: (413, "too_large"),
    }
    before = await town.rows()

    for body, answer in wrong.items():
        began = time.perf_counter()
        assert code(await form(town.admin, body)) == answer, body[:200]
        assert time.perf_counter() - began < 2
    for kind in ("multipart/form-data", f"multipart/form-data; boundary={'x' * 300}"):
        refused = await town.admin.call("POST", "/files", content=aim, headers={"Content-Type": kind})
        assert code(refused) == (422, "invalid")

    assert await town.rows() == before
    assert left(tmp_path) == []


async def test_the_body_alone_is_a_file_too(town: Town, tmp_path: Path) -> None:
    channel = await town.admin.channel()

    async def raw(body: bytes, **query: object) -> httpx.Response:
        return await town.admin.call("POST", "/files", content=body, params=query)

    good = await raw(b"data", channel_id=channel, name="ä.txt")
    assert good.status_code == 201
    assert (good.json()["name"], good.json()["size"]) == ("ä.txt", 4)
    assert code(await raw(b"data", name="a")) == (422, "invalid")
    assert code(await raw(b"data", channel_id=channel)) == (422, "invalid")
    assert code(await raw(b"data", channel_id=channel, name="a", more=1)) == (422, "invalid")
    assert code(await raw(b"data", channel_id=999_999, name="a")) == (404, "not_found")
    assert len(left(tmp_path)) == 1


async def test_a_body_that_is_too_long_is_refused_before_it_is_read(town: Town, tmp_path: Path) -> None:
    channel = await town.admin.channel()
    query = {"channel_id": channel, "name": "a"}
    url = urlsplit(town.house.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = (
        f"POST /api/v1/files?channel_id={channel}&name=a HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {town.admin.token}\r\nContent-Length: 2000000000\r\n\r\n"
    )

    writer.write(head.encode())
    async with asyncio.timeout(1):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65_536

    assert code(await town.admin.call("POST", "/files", content=endless(), params=query)) == (
        413,
        "too_large",
    )
    packed = gzip.compress(b"\0" * 10**6)
    squeezed = {"Content-Encoding": "gzip"}
    answer = await town.admin.call("POST", "/files", content=packed, params=query, headers=squeezed)
    assert code(answer) == (415, "unsupported_media_type")
    assert left(tmp_path) == []


async def test_a_thousand_uploads_that_break_off_leave_nothing(town: Town, tmp_path: Path) -> None:
    channel = await town.admin.channel()
    url = urlsplit(town.house.url)
    head = (
        f"POST /api/v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {town.admin.token}\r\n"
        f"Content-Type: {MULTIPART['Content-Type']}\r\nContent-Length: 900000\r\n\r\n"
    ).encode() + part("channel_id", str(channel).encode())
    begun = part("file", b"x" * 3000, "a.txt")[:-2]
    before = await town.rows()
    gate = asyncio.Semaphore(8)

    async def break_off(number: int) -> None:
        async with gate:
            _, writer = await asyncio.open_connection(url.hostname, url.port)
            writer.write(head + begun[: 20 + number * 7 % len(begun)])
            await writer.drain()
            if number % 2:
                await asyncio.sleep(0)
                sock: socket.socket = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            writer.close()

    await asyncio.gather(*(break_off(number) for number in range(1000)))

    for _ in range(200):
        if not left(tmp_path):
            break
        await asyncio.sleep(0.05)  # the server hears of the last ones a little later
    assert left(tmp_path) == []
    assert await town.rows() == before
    assert (await upload(town.admin, channel)).status_code == 201


async def test_a_flood_of_pixels_is_refused_at_once(town: Town, tmp_path: Path) -> None:
    channel = await town.admin.channel()
    await uploaded(town.admin, channel, picture())  # the process of the workshop is there now
    before = len(left(tmp_path))

    began = time.perf_counter()
    answer = await upload(town.admin, channel, flood(), "small.png")

    assert code(answer) == (422, "invalid")
    assert time.perf_counter() - began < 1
    assert len(left(tmp_path)) == before


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
POLYGLOT = b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SVG, "cat.svg", "text/plain; charset=utf-8"),
        (HTML, "cat.png", "text/plain; charset=utf-8"),
        (POLYGLOT, "cat.gif", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "cat.png", "application/octet-stream"),
        (b"MZ\x90\0\3", "cat.jpg", "application/octet-stream"),
        (b"%PDF-1.7 (x)", "cat.html", "application/pdf"),
        (b"\xff\xfe<\0s\0", "utf16.html", "application/octet-stream"),
        (b"", "empty.html", "application/octet-stream"),
        (picture(), "page.html", "image/png"),
    ],
)
async def test_a_file_is_what_its_bytes_are_and_never_a_page(
    town: Town, data: bytes, name: str, kind: str
) -> None:
    file = await uploaded(town.admin, await town.admin.channel(), data, name)

    answer = await town.admin.call("GET", f"/files/{file['id']}")

    assert answer.content == data
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("%2e%2e%2fx", "%2e%2e%2fx"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1"),
        ("gnp.\u202etxt.exe", "gnp.txt.exe"),
        ("x" * 300 + ".tar.gz", "x" * 117 + ".gz"),
        ("a;b,c'd\".txt", "a;b,c'd\".txt"),
        ("übung 日本.txt", "übung 日本.txt"),
        ("\u200b", "file"),
    ],
)
async def test_a_name_leads_nowhere(town: Town, tmp_path: Path, given: str, kept: str) -> None:
    query = {"channel_id": await town.admin.channel(), "name": given}

    file = (await town.admin.call("POST", "/files", content=b"x", params=query)).json()

    assert file["name"] == kept
    answer = await town.admin.call("GET", f"/files/{file['id']}")
    told = answer.headers["Content-Disposition"]
    assert told.isascii()
    assert told.isprintable()
    assert "Set-Cookie" not in answer.headers
    assert [path.parent.parent.name for path in left(tmp_path)] == ["blobs"]


async def test_a_symbolic_link_in_the_store_is_refused(town: Town, tmp_path: Path) -> None:
    file = await uploaded(town.admin, await town.admin.channel())
    (kept,) = left(tmp_path)
    kept.unlink()
    kept.symlink_to("/etc/passwd")

    assert code(await town.admin.call("GET", f"/files/{file['id']}")) == (404, "not_found")


async def test_a_thumbnail_is_turned_and_tells_nothing(town: Town) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "where I live"
    data = picture(1600, 1000, "JPEG", exif=exif, comment=b"where I live")
    file = await uploaded(town.admin, await town.admin.channel(), data, "photo.jpg")

    answer = await town.admin.call("GET", f"/files/{file['id']}/thumbnail")

    assert (file["width"], file["height"]) == (1000, 1600)
    with Image.open(io.BytesIO(answer.content)) as small:
        assert (small.format, small.size) == ("WEBP", (450, 720))
        assert not small.getexif()
    assert b"where" not in answer.content


async def test_quotas_hold_also_at_once(town: Town) -> None:
    channel = await town.admin.channel()
    bob = await town.newcomer()
    await bob.post(f"/channels/{channel}/join")
    big = [bytes([n]) * 1_000_000 for n in range(4)]

    first = await asyncio.gather(*(upload(town.admin, channel, data) for data in big))
    second = [await upload(bob, channel, data) for data in big[:2]]

    assert sorted(answer.status_code for answer in first) == [201, 201, 413, 413]
    assert [answer.status_code for answer in second] == [201, 413]
    refused = [answer for answer in (*first, *second) if answer.status_code == 413]
    assert {answer.json()["code"] for answer in refused} == {"quota_exceeded"}
    waiting = next(answer.json() for answer in first if answer.status_code == 201)
    await town.admin.call("DELETE", f"/files/{waiting['id']}")
    assert (await upload(bob, channel, big[3])).status_code == 201
