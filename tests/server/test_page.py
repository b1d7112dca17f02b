"""The page's files: found by their names alone, packed for those who can unpack, and never stale."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from handlers.errors import on_fault, on_http_error
from models.errors import Fault
from server.page import Page

SCRIPT = b"console.log(1);" * 100


def served(folder: Path) -> httpx.AsyncClient:
    app = Starlette(
        routes=Page(folder).routes(), exception_handlers={Fault: on_fault, HTTPException: on_http_error}
    )
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://chalkline.test")


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A built page of four files, and one that lies outside of it."""
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (folder / "index.html").write_text("<!doctype html><title>Chalkline</title>")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "service-worker.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "main-abc.js.br").write_bytes(b"not unpacked in this test")
    async with served(folder) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/browse", "/sign-up?invite=x", "/c/7", "/c/7/41", "/account/sessions"]
)
async def test_each_view_is_the_page_asked_for_anew(page: httpx.AsyncClient, path: str) -> None:
    answer = await page.get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/c/0", "/c/x", "/c/7/41/x", "/nothing", "/index.html", "/account/a/b"])
async def test_what_is_no_view_is_not_found(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(path)).status_code == 404


async def test_the_policy_lets_in_no_inline_script_and_no_foreign_host(page: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/main-abc.js", "/service-worker.js"):
        policy = (await page.get(path)).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy


async def test_what_is_named_by_its_content_is_kept_and_what_is_not_is_asked_for(
    page: httpx.AsyncClient,
) -> None:
    asset = await page.get("/assets/main-abc.js")
    worker = await page.get("/service-worker.js")

    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert (await page.get("/manifest.webmanifest")).headers["Content-Type"] == "application/manifest+json"


async def test_a_browser_that_has_the_file_gets_it_only_once_more_when_it_changed(
    page: httpx.AsyncClient,
) -> None:
    first = await page.get("/")

    again = await page.get("/", headers={"If-None-Match": first.headers["ETag"]})
    other = await page.get("/", headers={"If-None-Match": '"something else"'})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br"), ("identity", None), ("", None)],
)
async def test_a_file_comes_packed_as_the_browser_can_unpack_it(
    page: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    async with page.stream("GET", "/assets/main-abc.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert len(body) == int(answer.headers["Content-Length"])
    assert encoding or body == SCRIPT
    assert encoding != "gzip" or gzip.decompress(body) == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/assets//etc/passwd",
        "/assets/",
        "/assets/main-abc.js.gz",
        "/assets/%00",
        "/assets/main-abc.js%00",
        "/assets/../index.html",
    ],
)
async def test_nothing_but_the_built_files_is_served(page: httpx.AsyncClient, path: str) -> None:
    answer = await page.get(path)

    assert answer.status_code == 404
    assert b"secret" not in answer.content


async def test_without_a_built_page_the_address_says_how_to_build_it(tmp_path: Path) -> None:
    async with served(tmp_path / "nothing") as client:
        answer = await client.get("/")

    assert answer.status_code == 503
    assert "make page" in answer.text
