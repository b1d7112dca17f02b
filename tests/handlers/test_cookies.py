"""Pages: which of them get cookies, whose cookies count, and who may read an answer."""

from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.handlers.conftest import ALLOWED
from tests.handlers.town import Town, code
from tests.house import PASSWORD, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOREIGN = [
    "null", "", "https://evil.example", f"{ALLOWED}.evil.example", "https://chat.example.org:8443",
    "http://chat.example.org", "https://evil-chat.example.org", f"{ALLOWED}@evil.example", "file://", "x",
    f"https://evil.example/{ALLOWED}", "https://CHAT.example.org\u002eevil.example", f"{ALLOWED}, https://evil.example",
    f"{ALLOWED}/", "//", "http://[", "http://", "javascript://chat.example.org",
]  # fmt: skip
"""Origins that are not let in, some of which look like one that is."""

UNSAFE: list[tuple[str, str, Any]] = [
    ("GET", "/users/me", None),
    ("PATCH", "/users/me", {"display_name": "pwned"}),
    ("POST", "/channels", {"name": "pwned"}),
    ("POST", "/auth/revoke", {"all": True}),
    ("POST", "/auth/logout", None),
    ("POST", "/auth/refresh", None),
]


async def cookies_of(town: Town, person: Person, origin: str | None = ALLOWED) -> dict[str, str]:
    """What a browser on that page then sends along with every request."""
    headers = {} if origin is None else {"Origin": origin}
    async with httpx.AsyncClient(base_url=f"{town.house.url}/api/v1") as http:
        answer = await http.post(
            "/auth/login", json={"username": person.name, "password": PASSWORD}, headers=headers
        )
    assert answer.status_code == 200
    return dict(answer.cookies)


def sent(cookies: dict[str, str], **headers: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} | headers


async def test_a_page_of_an_allowed_origin_gets_cookies_that_no_script_reads(town: Town) -> None:
    bob = await town.newcomer()
    body = {"username": bob.name, "password": PASSWORD}

    answer = await town.nobody.post("/auth/login", json=body, headers={"Origin": ALLOWED})

    access, refresh = sorted(answer.headers.get_list("Set-Cookie"))
    for cookie in (access, refresh):
        assert "; HttpOnly" in cookie
        assert "; SameSite=strict" in cookie
        assert "Domain" not in cookie
    assert "; Path=/;" in access
    assert "; Path=/api/v1/auth;" in refresh
    town.nobody.cookies.clear()


@pytest.mark.parametrize("origin", [None, *FOREIGN])
async def test_no_other_page_gets_cookies(town: Town, origin: str | None) -> None:
    bob = await town.newcomer()

    assert await cookies_of(town, bob, origin) == {}


async def test_a_cookie_counts_for_pages_that_are_let_in_and_for_one_of_our_own(town: Town) -> None:
    cookies = await cookies_of(town, await town.newcomer())
    assert len(cookies) == 2

    for headers in (
        {"Origin": ALLOWED},
        {"Origin": town.house.url},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},  # an address that was typed
        {},  # over plain http, where browsers tell nothing
    ):
        answer = await town.nobody.get("/users/me", headers=sent(cookies, **headers))
        assert answer.status_code == 200, headers


async def test_a_cookie_alone_reads_and_does_nothing_else(town: Town) -> None:
    """Over plain http, where a foreign page and one of our own send the same."""
    bob = await town.newcomer()
    cookies = await cookies_of(town, bob)

    for origin in ({"Origin": FOREIGN[0]}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert code(await town.nobody.get("/users/me", headers=sent(cookies, **origin))) == (403, "forbidden")
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}):
        for method, path, body in UNSAFE[1:]:
            answer = await town.nobody.request(method, path, json=body, headers=sent(cookies, **headers))
            assert code(answer) == (403, "forbidden"), (path, headers)
        with pytest.raises(InvalidStatus) as refused:
            await connect(ws(town, "/ws/system"), additional_headers=sent(cookies, **headers))
        assert refused.value.response.status_code == 403
    seen = await town.nobody.get("/users/me", headers=sent(cookies))
    assert seen.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in seen.headers


@pytest.mark.parametrize("origin", [None, *FOREIGN])
async def test_a_page_that_is_not_let_in_does_nothing_with_the_cookies_of_its_visitor(
    town: Town, origin: str | None
) -> None:
    bob = await town.newcomer()
    cookies = await cookies_of(town, bob)
    before = await town.rows()
    headers = {"Sec-Fetch-Site": "cross-site"} | ({} if origin is None else {"Origin": origin})

    for method, path, body in UNSAFE:
        answer = await town.nobody.request(method, path, json=body, headers=sent(cookies, **headers))
        assert code(answer) == (403, "forbidden"), (path, answer.text)
        assert "Access-Control-Allow-Origin" not in answer.headers
    for path in ("/ws/system", f"/ws/channels/{await town.room(bob)}"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(ws(town, path), additional_headers=sent(cookies, **headers), origin=None)
        assert refused.value.response.status_code == 403

    after = await town.rows()
    assert after["sessions"] == before["sessions"]
    assert (await town.nobody.get("/users/me", headers=sent(cookies, Origin=ALLOWED))).status_code == 200


async def test_a_socket_does_not_take_a_cookie_on_the_word_of_fetch_metadata(town: Town) -> None:
    cookies = await cookies_of(town, await town.newcomer())

    with pytest.raises(InvalidStatus) as refused:
        await connect(
            ws(town, "/ws/system"), additional_headers=sent(cookies, **{"Sec-Fetch-Site": "same-origin"})
        )

    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", [ALLOWED, "own"])
async def test_a_socket_takes_the_cookie_of_a_page_that_is_let_in(town: Town, origin: str) -> None:
    bob = await town.newcomer()
    headers = sent(await cookies_of(town, bob), Origin=town.house.url if origin == "own" else origin)

    async with bob.listen(additional_headers=headers) as ear:
        assert ear.hello["user"]["id"] == bob.id


async def test_a_page_refreshes_by_its_cookie_and_forgets_it_at_logout(town: Town) -> None:
    cookies = await cookies_of(town, await town.newcomer())
    headers = sent(cookies, Origin=ALLOWED)

    refreshed = await town.nobody.post("/auth/refresh", headers=headers)
    new = dict(refreshed.cookies)
    left = await town.nobody.post("/auth/logout", headers=sent(new, Origin=ALLOWED))
    town.nobody.cookies.clear()

    assert refreshed.status_code == 200
    assert new["chalkline_refresh"] != cookies["chalkline_refresh"]
    assert left.status_code == 204
    assert all("Max-Age=0" in cookie for cookie in left.headers.get_list("Set-Cookie"))
    assert code(await town.nobody.get("/users/me", headers=sent(new, Origin=ALLOWED))) == (
        401,
        "unauthenticated",
    )


async def test_a_socket_signs_in_by_subprotocol_and_is_told_which_one_it_speaks(town: Town) -> None:
    bob = await town.newcomer()
    offered = ["chalkline.v1", f"bearer.{bob.token}"]

    async with bob.listen(subprotocols=offered, additional_headers={}) as ear:
        assert ear.websocket.subprotocol == "chalkline.v1"
        assert ear.hello["user"]["id"] == bob.id
    with pytest.raises(InvalidStatus) as refused:
        await connect(ws(town, "/ws/system"), subprotocols=["chalkline.v1", "bearer.x"])  # type: ignore[list-item]
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    "name", ["token", "access_token", "auth", "ticket", "authorization", "chalkline_access"]
)
async def test_a_token_in_the_url_signs_nobody_in(town: Town, name: str) -> None:
    bob = await town.newcomer()

    with pytest.raises(InvalidStatus) as refused:
        await connect(ws(town, f"/ws/system?{name}={bob.token}"))

    assert refused.value.response.status_code == 401


async def test_only_pages_that_are_let_in_may_read_an_answer(town: Town) -> None:
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}

    let_in = await town.nobody.options("/users/me", headers={"Origin": ALLOWED, **asked})
    plain = await town.nobody.get("/users/me", headers={"Origin": ALLOWED})

    assert let_in.status_code == 200
    for answer in (let_in, plain):
        assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "Origin" in answer.headers["Vary"]
    for origin in FOREIGN:
        for answer in (
            await town.nobody.options("/users/me", headers={"Origin": origin, **asked}),
            await town.nobody.get("/users/me", headers={"Origin": origin}),
        ):
            assert answer.status_code >= 400
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN[0], "Access-Control-Request-Method": "PATCH"},
        {"Origin": ALLOWED, "Access-Control-Request-Method": "TRACE"},
        {
            "Origin": ALLOWED,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "x-secret",
        },
    ],
)
async def test_a_preflight_is_refused_as_everything_is(town: Town, headers: dict[str, str]) -> None:
    refused = await town.nobody.options("/users/me", headers=headers)

    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "forbidden"
    assert refused.json()["request_id"] == refused.headers["X-Request-ID"]
    assert "Origin" in refused.headers["Vary"]


def ws(town: Town, path: str) -> str:
    return town.house.url.replace("http", "ws", 1) + path
