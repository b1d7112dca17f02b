"""The same app on a server that isn't ours: slower, but every promise holds."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.app import create_app
from server.settings import load_settings
from tests.house import House, Person

TEXT = "x" * 3_900
POSTS = 1_500
"""More than the kernel holds for a reader that doesn't read, and our own buffer after it."""


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """In place of the one on our own protocols."""
    settings = load_settings({"data_dir": tmp_path, "rate_limits": "off"})
    app: Any = create_app(settings, database_url=database)
    config, stop = Config(), asyncio.Event()
    config.graceful_timeout = 1
    config.errorlog = None
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config.bind = [f"fd://{os.dup(listener.fileno())}"]  # which it closes
        serving = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
        async with House("http://127.0.0.1:{1}".format(*listener.getsockname())) as opened:
            yield opened
        stop.set()
        await serving


async def counted(house: House, name: str) -> int:
    """One of its metrics."""
    async with httpx.AsyncClient() as http:
        lines = (await http.get(f"{house.url}/metrics")).text.splitlines()
    return next(int(float(line.split()[1])) for line in lines if line.startswith(f"chalkline_{name} "))


async def test_a_sign_in_is_refused_before_the_upgrade(house: House, alice: Person) -> None:
    with pytest.raises(InvalidStatus) as nobody:
        await connect(house.url.replace("http", "ws") + "/ws/system")
    token = {"Authorization": f"Bearer {alice.token}"}
    with pytest.raises(InvalidStatus) as nowhere:
        await connect(house.url.replace("http", "ws") + "/ws/channels/999", additional_headers=token)

    assert nobody.value.response.status_code == 401
    assert nowhere.value.response.status_code == 404
    assert b'"code":"not_found"' in nowhere.value.response.body


async def test_posts_subscriptions_and_resumption_are_as_everywhere(alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    for number in range(250):
        await alice.say(channel, f"message {number}")

    async with bob.listen(f"/ws/channels/{channel}?after=2") as his, alice.listen() as hers:
        answer = await hers.ask("subscribe", channel_id=channel, after=200)
        assert [event["seq"] for event in answer["events"]] == list(range(201, 253))
        posted = await hers.ask("message.post", channel_id=channel, client_id="c1", text="größer")
        facts = [await his.next("message.posted") for _ in range(251)]

    assert [fact["seq"] for fact in facts] == list(range(3, 254))
    assert posted["seq"] == 253
    assert facts[-1]["message"]["text"] == "größer"


async def test_a_slow_reader_falls_behind_and_misses_nothing(
    house: House, alice: Person, bob: Person
) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", int(house.url.rpartition(":")[2])))
    async with (
        bob.listen(f"/ws/channels/{channel}", max_queue=1, sock=narrow, compression=None) as slow,
        alice.listen(f"/ws/channels/{channel}") as ear,
    ):
        for number in range(POSTS):
            await ear.send("message.post", client_id=f"c{number}", text=TEXT)
        for _ in range(POSTS):
            await ear.next("message.posted")
        assert await counted(house, "fell_behind_total") > 0

        seqs = [(await slow.next("message.posted"))["seq"] for _ in range(POSTS)]

    assert seqs == list(range(3, POSTS + 3))


async def test_sockets_are_closed_with_the_same_codes(house: House, alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with bob.listen(f"/ws/channels/{channel}") as his, alice.listen() as hers, bob.listen() as noisy:
        await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")
        assert await his.closed() == 4502

        for _ in range(40):
            await noisy.websocket.send("noise")
        assert await noisy.closed() == 4501

        await alice.post("/auth/logout")
        assert await hers.closed() == 4500


async def test_a_socket_that_ends_is_forgotten(house: House, alice: Person) -> None:
    async with alice.listen() as one:
        async with alice.listen() as other:
            assert await counted(house, "connections") == 2
            other.websocket.transport.abort()
            while await counted(house, "connections") > 1:
                pass

        assert (await one.ask("ping"))["type"] == "pong"
