"""RESP3, read as it comes: whole values however they are cut, and every loss an error."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.exceptions import ResponseError

from connections.resp import Resp

PUSHES = (
    b">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"
    b">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$8\r\nx\r\n$1\r\ny\r\n"
    b":2\r\n+OK\r\n$-1\r\n_\r\n%1\r\n$1\r\nk\r\n*2\r\n:1\r\n,1.5\r\n"
    b">2\r\n$10\r\ninvalidate\r\n_\r\n"
    b">3\r\n$7\r\nmessage\r\n$2\r\n\xc3\xa4\r\n$0\r\n\r\n"
)
TOLD = [("subscribe", "a", b""), ("message", "a", b"x\r\n$1\r\ny"), ("message", "ä", b"")]


@asynccontextmanager
async def _line() -> AsyncIterator[tuple[Resp, socket.socket]]:
    ours, theirs = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=ours)
    resp = Resp(writer, b"")
    with theirs:
        try:
            yield resp, theirs
        finally:
            resp.close()
            with contextlib.suppress(ConnectionError, ResponseError):
                await resp.lost


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_whatever_it_is_cut_into_the_same_is_told(size: int) -> None:
    async with _line() as (resp, _):
        told: list[tuple[str, str, bytes]] = []
        for at in range(0, len(PUSHES), size):
            resp.data_received(PUSHES[at : at + size])
        listening = asyncio.create_task(resp.listen(lambda *one: told.append(one)))
        await asyncio.sleep(0)
        resp.data_received(PUSHES)

        assert told == TOLD * 2
        resp.check()
        resp.close()
        with pytest.raises(ConnectionError):
            await listening


@pytest.mark.parametrize(
    "said", [b"-NOPERM no\r\n", b"!9\r\nNOPERM no\r\n", b"HTTP/1.1 200 OK\r\n", b":\r\n*x\r\n"]
)
async def test_an_error_and_what_is_no_resp_lose_the_connection(said: bytes) -> None:
    async with _line() as (resp, _):
        resp.data_received(said)

        with pytest.raises((ResponseError, ConnectionError, ValueError)):
            resp.check()
        with pytest.raises((ResponseError, ConnectionError, ValueError)):
            await resp.ask([[b"PING"]], answers=1)


async def test_an_answer_that_does_not_come_is_an_error_and_one_that_comes_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with _line() as (resp, end):
        await resp.ask([[b"PUBLISH", b"a", b"x\r\n"], [b"PUBLISH", b"a", b""]], answers=2)
        assert end.recv(1000) == (
            b"*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$3\r\nx\r\n\r\n*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$0\r\n\r\n"
        )
        now = asyncio.get_running_loop().time()
        monkeypatch.setattr(resp, "_now", lambda: now + 60)
        resp.data_received(b":0\r\n")

        with pytest.raises(TimeoutError):
            resp.check()
        resp.data_received(b":0\r\n")
        resp.check()


async def test_a_server_that_goes_away_is_an_error_for_who_listens() -> None:
    async with _line() as (resp, end):
        end.close()

        with pytest.raises(ConnectionError):
            await asyncio.wait_for(resp.listen(lambda *_: None), 5)
