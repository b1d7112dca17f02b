"""Nothing inside is reached, however it is spelled, resolved or redirected to; and everything has an end."""

import asyncio
import socket
import time
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from connections.outside import Outside
from models.errors import Invalid, TargetFailed
from tests.target import Target

INSIDE = [
    "127.0.0.1", "127.1", "0", "0.0.0.0", "0177.1", "2130706433", "0x7f000001", "localhost", "localhost.",  # noqa: S104
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
]  # fmt: skip
NEVER = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]",
    "224.0.0.1", "255.255.255.255", "[ff02::1]", "[::ffff:169.254.169.254]", "192.0.2.1", "198.18.0.1",
]  # fmt: skip


class Liar(AbstractResolver):
    """A name server that says something else each time."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=answer,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        pass


async def post(outside: Outside, url: str) -> Any:
    return await outside.post(url, b"{}", {}, 1000)


@pytest.mark.parametrize("host", INSIDE)
async def test_this_machine_is_not_called_by_any_name(host: str) -> None:
    async with Target() as target, Outside() as outside:
        port = target.url.rpartition(":")[2]
        for call in (post(outside, f"http://{host}:{port}/"), outside.get(f"http://{host}:{port}/", 1000)):
            with pytest.raises(TargetFailed, match=r"inside|connected|no such host|as it should"):
                await call

    assert target.heard == []


@pytest.mark.parametrize("host", NEVER)
async def test_no_address_inside_is_connected_to(host: str) -> None:
    async with Outside(seconds=2) as outside:
        with pytest.raises(TargetFailed, match="inside"):
            await post(outside, f"http://{host}/")
        with pytest.raises(Invalid):
            outside.demand(f"http://{host}/")


async def test_an_address_is_judged_when_it_is_connected_to_and_not_before() -> None:
    liar = Liar("192.0.2.1", "127.0.0.1")
    async with Target() as target, Outside(resolver=liar, seconds=2) as outside:
        port = target.url.rpartition(":")[2]
        for _ in range(3):
            with pytest.raises(TargetFailed, match="inside"):
                await post(outside, f"http://rebinding.example:{port}/")

    assert target.heard == []


async def test_an_allowed_network_is_reached_and_a_redirect_out_of_it_is_not_followed_inside() -> None:
    async with Target("127.0.0.2") as door, Target() as inner, Outside(["127.0.0.2/32"]) as outside:
        assert (await post(outside, door.url)).status == 200

        async def elsewhere(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": inner.url})

        door.answer = elsewhere
        assert (await post(outside, door.url)).status == 302
        with pytest.raises(TargetFailed, match="inside"):
            await outside.get(door.url, 1000)

    assert inner.heard == []


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "gopher://127.0.0.2/", "//", "http://", "http://[", "data:,x"]
)
async def test_a_redirect_to_nowhere_is_a_failure(place: str) -> None:
    async with Target("127.0.0.2") as door, Outside(["127.0.0.2"]) as outside:

        async def elsewhere(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": place})

        door.answer = elsewhere
        with pytest.raises(TargetFailed):
            await outside.get(door.url, 1000)


async def test_a_redirect_that_leads_on_is_followed_and_one_in_a_circle_ends() -> None:
    async with Target("127.0.0.2") as door, Outside(["127.0.0.2"]) as outside:

        async def around(request: web.Request) -> web.StreamResponse:
            if request.path == "/there":
                return web.Response(text="found")
            return web.Response(
                status=302, headers={"Location": "/there" if request.path == "/once" else "/again"}
            )

        door.answer = around
        found = await outside.get(f"{door.url}/once", 1000)
        assert (found.body, found.url) == (b"found", f"{door.url}/there")
        before = len(door.heard)
        with pytest.raises(TargetFailed, match="too often"):
            await outside.get(door.url, 1000)
        assert len(door.heard) - before == 4


async def test_a_body_without_end_is_cut_and_a_slow_one_is_given_up() -> None:
    async with Target("127.0.0.2") as door, Outside(["127.0.0.2"], seconds=0.6) as outside:

        async def endless(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(b"x" * 65_536)

        async def slow(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(b"x")
                await asyncio.sleep(0.1)

        door.answer = endless
        answer = await outside.get(door.url, 1000)
        assert (len(answer.body), answer.is_cut) == (1000, True)
        door.answer = slow
        began = time.monotonic()
        with pytest.raises(TargetFailed, match="too long"):
            await outside.get(door.url, 1000)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://example.org", "http://", "http:///x", "http://bob@example.org", "http://bob:x@example.org",
     "http://example.org:99999", "http://[", "javascript:x", "http://localhost", "http://a.localhost:1", "http://127.0.0.1"],
)  # fmt: skip
async def test_what_can_never_be_called_is_said_early(url: str) -> None:
    with pytest.raises(Invalid):
        Outside().demand(url)


async def test_what_may_be_called_may_be_named() -> None:
    for url in ("https://example.org/a?b=c", "http://8.8.8.8:8080", "https://[2606:4700::1111]/"):
        Outside().demand(url)
    Outside(["127.0.0.0/8"]).demand("http://localhost:9")


async def test_what_is_called_securely_is_called_over_https_but_on_ones_own_networks() -> None:
    outside = Outside(["127.0.0.0/8"])

    for url in ("https://push.example.org/x", "https://127.0.0.1/x", "http://127.0.0.1:9/x"):
        outside.demand(url, "endpoint", securely=True)
    for url in ("http://push.example.org/x", "http://8.8.8.8/x"):
        with pytest.raises(Invalid) as refused:
            outside.demand(url, "endpoint", securely=True)
        assert list(refused.value.fields) == ["endpoint"]
