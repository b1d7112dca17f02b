"""Previews of links, where they are switched on; and a message as HTML."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from models.chat import Preview
from services.link_previews import links_in, preview_of
from tests.handlers.town import code
from tests.house import House, Person, open_house
from tests.target import Target

PAGE = (
    "<!doctype html><html><head><title>Chalk &amp; cheese</title><meta property='og:title' content='Chalk'>"
    "<meta name=description content='All about\nchalk\u202e'><meta property='og:site_name' content='Site'></head>"
    "<body><title>no</title><script>alert(1)</script></body></html>"
)


async def page(_: web.Request) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture
async def curious(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """A server that looks at links, also on this machine's second address."""
    async with open_house(
        database, tmp_path, link_previews=True, outbound_networks=("127.0.0.2/32",)
    ) as opened:
        yield opened


async def test_a_link_is_previewed_after_the_message_was_told(curious: House) -> None:
    alice = await curious.register("alice")
    channel = await alice.channel()
    async with Target("127.0.0.2") as target, alice.listen(f"/ws/channels/{channel}") as ear:
        target.answer = page
        said = await alice.say(channel, f"look: {target.url}/a, and `{target.url}/code`")
        fact = await ear.next("message.edited")

    preview = {"url": f"{target.url}/a", "title": "Chalk", "description": "All about chalk", "site": "Site"}
    assert "previews" not in said
    assert fact["message"] == {**said, "previews": [preview]}
    assert fact["message"] == await alice.get(f"/channels/{channel}/messages/{said['seq']}")
    assert len(target.heard) == 1
    edited = await alice.call("PATCH", f"/channels/{channel}/messages/{said['seq']}", {"text": "nothing"})
    assert "previews" not in edited.json()


async def test_nothing_inside_is_looked_at_for_a_preview(curious: House) -> None:
    alice = await curious.register("alice")
    channel = await alice.channel()
    async with Target("127.0.0.2") as door, Target() as inner, alice.listen(f"/ws/channels/{channel}") as ear:

        async def elsewhere(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": inner.url})

        door.answer = elsewhere
        await alice.say(channel, f"{inner.url} {door.url} http://169.254.169.254/latest")
        await door.count(1)
        door.answer = page
        await alice.say(channel, f"{door.url}/b")
        fact = await ear.next("message.edited")

    assert fact["message"]["previews"][0]["url"] == f"{door.url}/b"
    assert inner.heard == []


async def test_no_link_is_looked_at_unless_it_was_switched_on(house: House, alice: Person) -> None:
    channel = await alice.channel()
    async with Target() as target:
        await alice.say(channel, target.url)
        await alice.say(channel, "more")

    assert target.heard == []


async def test_a_message_is_rendered_where_that_is_asked_for(house: House, alice: Person) -> None:
    channel = await alice.channel()
    said = await alice.say(channel, "**hi** <script>alert(1)</script> [x](javascript:alert(1))")
    path = f"/channels/{channel}/messages/{said['seq']}"

    shown = await alice.get(path, render="html")

    assert shown == {**said, "html": shown["html"]}
    assert shown["html"].startswith("<p><strong>hi</strong> &lt;script&gt;")
    assert await alice.get(path) == said
    assert code(await alice.call("GET", path, params={"render": "pdf"})) == (422, "invalid")


def test_links_are_found_once_and_not_in_code() -> None:
    text = "https://a.org/x. (https://b.org/y) https://a.org/x `https://c.org` ```\nhttps://d.org\n``` <https://e.org>"

    assert links_in(text) == ["https://a.org/x", "https://b.org/y", "https://e.org"]
    assert len(links_in(" ".join(f"https://{n}.org" for n in range(100)))) == 3


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", None),
        (b"<title></title>", None),
        (b"\xff\xfe<title>\x00a\x01b</title>", "a b"),
        (b"<title>" + b"x" * 5000, "x" * 200),
        (b"<title>a</title><title>b</title>", "a"),
        (b"<meta property><meta content=x><title>t</title>", "t"),
        (b"<!" * 20_000 + b"<title>t</title>", None),
    ],
)
def test_a_page_that_says_odd_things_is_read_all_the_same(body: bytes, expected: str | None) -> None:
    found = preview_of("https://x.org", body, " charset=nonsense")

    assert found is None or isinstance(found, Preview)
    assert (found.title if found else None) == expected
