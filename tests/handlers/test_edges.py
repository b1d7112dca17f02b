"""The edge: methods, headers, sizes, and the doors that are not for everyone."""

import asyncio
import json
import re
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.page import FILES, VIEWS
from server.routes import API, DOORS, all_routes
from tests.handlers.town import Town, code, open_town
from tests.house import NO_TLS, PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}
BARE = [
    "/health/live",
    "/health/ready",
    "/health/startup",
    "/metrics",
    "/openapi.json",
    "/doc",
    "/doc/style.css",
    *(re.sub(r"\{.*?\}", "7", path) for path in (*VIEWS, *FILES)),
    "/assets/7",
]
PAGE = set(BARE[7:])
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def urls() -> dict[str, set[str]]:
    """Every path, with numbers for its ids, and the methods that it knows."""
    found: dict[str, set[str]] = {path: {"GET", "HEAD"} for path in BARE} | {"/hooks/7": {"POST"}}
    for method, path, _ in DOORS:
        methods = found.setdefault(API + re.sub(r"\{.*?\}", "7", path), set())
        methods |= {"GET", "HEAD"} if method == "GET" else {method}
    return found


def most_memory() -> int:
    """The bytes that this process, the instance within it, has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.fixture
async def outside(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=town.house.url, verify=NO_TLS) as http:
        yield http


async def test_the_urls_known_here_are_those_of_the_routes() -> None:
    routes = {re.sub(r"\{.*?\}", "7", getattr(route, "path", "")) for route in all_routes()}

    assert {path for path in routes if not path.startswith("/ws") and path != "/7"} == set(urls())


@pytest.mark.parametrize("path", urls())
async def test_a_wrong_method_is_told_all_the_right_ones(
    town: Town, outside: httpx.AsyncClient, path: str
) -> None:
    right = urls()[path]

    for method in METHODS - right:
        answer = await outside.request(method, path)
        assert answer.status_code == 405, method
        assert method == "HEAD" or code(answer) == (405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(", ")) == right


@pytest.mark.parametrize(
    "path", [*urls(), "/nothing", "/api/v1/nothing", "/api/v2/users/me", "/..%2f..%2fetc/passwd"]
)
async def test_every_answer_has_its_security_headers_and_its_id(
    outside: httpx.AsyncClient, path: str
) -> None:
    for method in ("GET", "DELETE"):
        answer = await outside.request(method, path)
        assert EVERYWHERE.items() <= {name: answer.headers.get(name) for name in EVERYWHERE}.items(), method
        default = "'self'" if path in PAGE and answer.status_code == 200 else "'none'"
        assert f"default-src {default};" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a-proxy-gave.this_1", True), ("short", False), ("x" * 65, False), ("a b c d e", False)],
)
async def test_a_request_keeps_the_id_it_came_with_where_that_is_harmless(
    outside: httpx.AsyncClient, given: str, kept: bool
) -> None:
    answer = await outside.get("/nothing", headers={"X-Request-ID": given})

    assert code(answer) == (404, "not_found")
    assert (answer.headers["X-Request-ID"] == given) is kept


async def test_no_path_leads_elsewhere_by_the_host_a_client_names(outside: httpx.AsyncClient) -> None:
    answer = await outside.get("/api/v1/users/", headers={"Host": "evil.example"})

    assert "evil.example" not in answer.headers.get("Location", "")


async def test_what_is_told_to_one_is_kept_by_no_cache(town: Town) -> None:
    for path in ("/users/me", "/channels", "/auth/sessions", "/users/999999"):
        assert (await town.admin.call("GET", path)).headers["Cache-Control"] == "no-store"


async def test_head_is_get_without_a_body(town: Town) -> None:
    got, head = await town.admin.call("GET", "/users/me"), await town.admin.call("HEAD", "/users/me")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.9, 127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer x"},
        {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer "[:6]},
    ],
)
async def test_metrics_do_not_pass_through_a_proxy(
    outside: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert code(await outside.get("/metrics", headers=headers)) == (403, "forbidden")


async def test_metrics_are_for_this_machine_and_name_no_path_or_person(
    town: Town, outside: httpx.AsyncClient
) -> None:
    await town.nobody.get("/nothing/with/a-secret-name")

    answer = await outside.get("/metrics")

    assert answer.status_code == 200
    assert "chalkline_requests_total" in answer.text
    assert "secret" not in answer.text
    assert town.admin.name not in answer.text


async def test_metrics_open_to_their_token_from_anywhere(database: str, tmp_path: Path) -> None:
    token, away = "a token of sixteen or more", {"X-Forwarded-For": "203.0.113.9"}
    async with (
        open_town(database, tmp_path, metrics_token=token) as town,
        httpx.AsyncClient(base_url=town.house.url) as http,
    ):
        for given, status in ((token, 200), (token[:-1], 403), (token + "x", 403), (town.admin.token, 403)):
            answer = await http.get("/metrics", headers={"Authorization": f"Bearer {given}", **away})
            assert answer.status_code == status


async def test_health_says_what_works(outside: httpx.AsyncClient) -> None:
    assert (await outside.get("/health/live")).json() == {"status": "ok"}
    assert (await outside.get("/health/startup")).json() == {"status": "ok"}
    ready = await outside.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"]["database"] == "ok"


async def test_the_document_has_every_door_and_says_what_each_refuses(outside: httpx.AsyncClient) -> None:
    document = (await outside.get("/openapi.json")).json()

    named = {(path, method) for path, methods in document["paths"].items() for method in methods}
    plain = {(API + re.sub(r":\w+\}", "}", path), method.lower()) for method, path, _ in DOORS}
    assert named == plain
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}


async def test_the_reference_page_needs_no_foreign_host_and_no_script(outside: httpx.AsyncClient) -> None:
    page = await outside.get("/doc")

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href)="(?!/|#)[^"]*"', page.text) == []
    for _, path, door in DOORS:
        assert door.name in page.text
        assert re.sub(r":\w+\}", "}", path) in page.text


async def test_a_crowd_that_signs_in_is_told_to_come_back_and_costs_no_memory(town: Town) -> None:
    """Each password hash takes 19 MiB: without a bound, 200 at once would take four gigabytes."""
    bob = await town.newcomer()
    body = {"username": bob.name, "password": PASSWORD}
    before = most_memory()
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=f"{town.house.url}/api/v1", limits=limits, timeout=60) as http:
        answers = await asyncio.gather(*(http.post("/auth/login", json=body) for _ in range(200)))

    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert len(refused) >= 100
    for answer in refused:
        assert code(answer) == (503, "unavailable")
        assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert most_memory() - before < 256 * 2**20
    assert (await town.nobody.post("/auth/login", json=body)).status_code == 200


async def test_an_unknown_user_costs_a_hash_as_a_wrong_password_does(town: Town) -> None:
    """Both fill the same bounded queue, so that neither the time nor a refusal under load tells them apart."""
    outcomes = []
    for name in (town.admin.name, "nobody-here"):
        body = {"username": name, "password": "wrong horse battery"}
        async with httpx.AsyncClient(
            base_url=f"{town.house.url}/api/v1", limits=httpx.Limits(max_connections=80), timeout=60
        ) as http:
            answers = await asyncio.gather(*(http.post("/auth/login", json=body) for _ in range(80)))
        outcomes.append({answer.status_code for answer in answers})

    assert outcomes == [{401, 503}, {401, 503}]


async def test_a_head_that_never_ends_is_refused(town: Town) -> None:
    host, _, port = town.house.url.removeprefix("http://").partition(":")
    for head in (b"GET /" + b"a" * 100_000, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head)
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")), head[:40]


async def test_bytes_that_are_no_request_harm_nobody(town: Town) -> None:
    host, _, port = town.house.url.removeprefix("http://").partition(":")
    for noise in (
        b"\x16\x03\x01\x02\x00\x01",
        b"\0" * 1000,
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n\r\nx y z\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(noise)
        writer.write_eof()
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        assert not answer or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 404 "))
    assert json.loads((await town.admin.call("GET", "/users/me")).text)["id"] == town.admin.id
