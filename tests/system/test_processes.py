"""Real servers as processes: retries that race, a stop that is a clean one, and two instances on one database."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.server.running import Running, run
from tests.system.load import PATIENCE, Account, sign_up

SOCKETS = 12
ROUNDS = 400


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    with run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path) as running:
        yield running


async def until_hello(account: Account, stack: AsyncExitStack, count: int) -> list[ClientConnection]:
    sockets = [await stack.enter_async_context(account.connect("/ws/system")) for _ in range(count)]
    for socket in sockets:
        assert json.loads(await socket.recv())["type"] == "hello"
    return sockets


async def post(socket: ClientConnection, channel: int, client_id: str) -> dict[str, Any]:
    await socket.send(
        json.dumps({"type": "message.post", "channel_id": channel, "client_id": client_id, "text": "hello"})
    )
    answer: dict[str, Any] = json.loads(await socket.recv())
    return answer


async def test_one_client_id_over_twelve_sockets_at_once_is_one_message_four_hundred_times(
    server: Running,
) -> None:
    alice = await sign_up(server.url(), "alice")
    channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]

    async with AsyncExitStack() as stack, asyncio.timeout(60):
        sockets = await until_hello(alice, stack, SOCKETS)
        for number in range(ROUNDS):
            answers = await asyncio.gather(*(post(socket, channel, f"c{number}") for socket in sockets))

            assert [answer["type"] for answer in answers] == ["ok"] * SOCKETS
            assert {answer["seq"] for answer in answers} == {number + 2}

    rows = await alice.log(channel)
    assert [row.seq for row in rows] == list(range(1, ROUNDS + 2))
    assert [row.key for row in rows[1:]] == [f"c{number}" for number in range(ROUNDS)]


async def test_a_stop_tells_every_socket_to_come_back_and_ends_in_0(server: Running) -> None:
    alice = await sign_up(server.url(), "alice")
    channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]

    async with AsyncExitStack() as stack:
        sockets = await until_hello(alice, stack, 5)
        asked = [asyncio.create_task(post(socket, channel, f"c{n}")) for n, socket in enumerate(sockets)]
        acked = [answer["seq"] for answer in await asyncio.gather(*asked)]
        ended = asyncio.create_task(asyncio.to_thread(server.stop))
        codes = await asyncio.gather(*(code_of(socket) for socket in sockets))
        code, said = await ended

    assert sorted(acked) == [2, 3, 4, 5, 6]
    assert set(codes) <= {1001, 1012}
    assert code == 0
    assert "Traceback" not in said


async def test_until_it_is_sent_away_a_socket_goes_on_and_nobody_else_comes(server: Running) -> None:
    url = server.url()
    alice = await sign_up(url, "alice")
    channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]

    async with AsyncExitStack() as stack:
        sockets = await until_hello(alice, stack, SOCKETS)
        ended = asyncio.create_task(asyncio.to_thread(server.stop))
        told = [json.loads(await socket.recv()) for socket in sockets]
        last = sockets[max(range(SOCKETS), key=lambda place: told[place]["after_ms"])]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        answer = await post(last, channel, "late")
        codes = await asyncio.gather(*(code_of(socket) for socket in sockets))
        code, _ = await ended

    assert {frame["type"] for frame in told} == {"reconnect"}
    assert (answer["type"], answer["seq"]) == ("ok", 2)
    assert set(codes) == {1012}
    assert code == 0


async def code_of(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


async def test_two_instances_on_one_database_share_accounts_and_logs(
    tmp_path: Path, empty_database: str
) -> None:
    shared = {"CHALKLINE_DATABASE_URL": empty_database, "CHALKLINE_SECRET": secrets.token_urlsafe(48)}
    with (
        run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path / "a", variables=shared) as one,
        run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path / "b", variables=shared) as two,
    ):
        here, there = one.url(), two.url()
        alice = await sign_up(here, "alice")
        bob = await sign_up(there, "bob")
        channel = (await alice.call("POST", "/channels", {"name": "general"}))["id"]
        bob_here = await sign_up(here, "bob", path="login")
        await bob.call("POST", f"/channels/{channel}/join", {})
        for number, person in enumerate([alice, bob, bob_here] * 10):
            said = {"client_id": f"c{number}", "text": f"text {number}"}
            posted = await person.call("POST", f"/channels/{channel}/messages", said)

            for reader in (alice, bob, bob_here):
                found = await reader.call("GET", f"/channels/{channel}/messages/{posted['seq']}")
                assert found == posted
        again = {"client_id": "c0", "text": "text 0"}
        alice_there = Account(there, {"user": {"id": alice.id}, "access_token": alice.token})
        replayed = await alice_there.call("POST", f"/channels/{channel}/messages", again)
        assert replayed["seq"] == 3
        logs = [await reader.log(channel) for reader in (alice, bob)]

    assert logs[0] == logs[1]
    assert [row.seq for row in logs[0]] == list(range(1, 33))
