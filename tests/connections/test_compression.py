"""permessage-deflate (RFC 7692) where it is switched on: agreed to as the RFC has it, deflated once, bounded."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from connections.audience import Audience
from connections.connection import Connection
from connections.framing import SMALL_BYTES, deflated, frame, payloads
from tests.bytewise import BINARY, CONTINUATION, PING, TEXT, Line, masked, open_line
from tests.connections.stage import open_stage
from tests.connections.test_protocol import App
from tests.house import open_house
from tests.impatient import impatient
from tests.served import served

OFFER = "Sec-WebSocket-Extensions: permessage-deflate"
DEFLATED = 4
LONG = ("what is said again and again " * 20).encode()


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with served(App(), deflates=True) as address:
        yield address


def packed(payload: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


async def upgraded(line: Line, offer: str = OFFER) -> str:
    """What the server agreed to."""
    request = "GET /adopted HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    await line.send(f"{request}{key}\r\n{offer}\r\n\r\n".encode())
    status, headers = await line.answer()
    assert status == 101
    return headers.get("sec-websocket-extensions", "")


@pytest.mark.parametrize("path", ["/adopted", "/ordinary"])
async def test_a_client_of_another_make_and_we_understand_each_other(url: str, path: str) -> None:
    async with connect(url.replace("http", "ws") + path, compression="deflate") as websocket:
        for text in ("short", LONG.decode(), "ä" * 30_000):
            await websocket.send(text)

            assert await websocket.recv() == text


@pytest.mark.parametrize(
    ("more", "agreed"),
    [
        ("", ""),
        ("; client_max_window_bits", ""),
        ("; client_max_window_bits=9", "; client_max_window_bits=9"),
        ("; server_max_window_bits=10", "; server_max_window_bits=10"),
        ("; server_no_context_takeover; client_no_context_takeover", ""),
        ("; server_max_window_bits=7, permessage-deflate", ""),
    ],
)
async def test_an_offer_is_agreed_to_with_nothing_taken_over(url: str, more: str, agreed: str) -> None:
    async with open_line(url) as line:
        answer = await upgraded(line, OFFER + more)

    words = {word.strip() for word in answer.split(";")}
    fixed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    assert words == {word.strip() for word in (fixed + agreed).split(";")}


@pytest.mark.parametrize(
    "more",
    [
        "; server_max_window_bits",
        "; server_max_window_bits=7",
        "; server_max_window_bits=16",
        "; client_max_window_bits=010",
        "; server_no_context_takeover=1",
        "; server_no_context_takeover; server_no_context_takeover",
        "; unheard_of",
    ],
)
async def test_an_offer_that_the_rfc_forbids_is_declined_and_the_socket_opens_without(
    url: str, more: str
) -> None:
    async with open_line(url) as line:
        assert await upgraded(line, OFFER + more) == ""
        await line.send(masked(packed(b"x"), reserved=DEFLATED))

        assert await line.closed() == 1002


async def test_a_deflated_message_may_come_in_fragments_with_others_between(url: str) -> None:
    whole = packed(LONG)
    async with open_line(url) as line:
        await upgraded(line)
        await line.send(
            masked(whole[:5], fin=False, reserved=DEFLATED),
            masked(b"", PING),
            masked(whole[5:9], CONTINUATION, fin=False),
            masked(whole[9:], CONTINUATION),
            masked(b"plain"),
            masked(b"", reserved=DEFLATED),
        )

        said = [(await line.frame()).payload for _ in range(4)]

    assert said == [b"", LONG, b"plain", b""]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (masked(packed(bytes(65_537)), reserved=DEFLATED), 1009),
        (masked(b"\xff\xff\xff", reserved=DEFLATED), 1007),
        (masked(packed(b"\xff"), reserved=DEFLATED), 1007),
        (masked(b"", PING, reserved=DEFLATED), 1002),
        (masked(b"a", fin=False) + masked(b"b", CONTINUATION, reserved=DEFLATED), 1002),
        (masked(b"a", reserved=2), 1002),
        (masked(b"a", reserved=DEFLATED | 1), 1002),
    ],
    ids=["bomb", "noise", "not UTF-8", "control", "continuation", "second bit", "third bit"],
)
async def test_what_is_too_much_or_forbidden_gets_its_code(url: str, frames: bytes, code: int) -> None:
    async with open_line(url) as line:
        await upgraded(line)
        await line.send(frames)

        assert await line.closed() == code


@pytest.mark.parametrize("bits", range(9, 16))
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_deflated_frame_inflates_to_its_payload_in_the_window_that_was_agreed(
    bits: int, opcode: int
) -> None:
    made = deflated(LONG, bits, opcode)
    ((_, body),) = payloads(made)

    assert made[0] == 0x80 | 0x40 | opcode
    assert zlib.decompressobj(-bits).decompress(body + b"\x00\x00\xff\xff") == LONG


def test_what_is_small_or_gains_nothing_stays_as_it_is() -> None:
    noise = bytes(range(200))

    assert deflated(b"x" * (SMALL_BYTES - 1), 15) == frame(b"x" * (SMALL_BYTES - 1))
    assert deflated(noise, 15) == frame(noise)
    assert deflated(LONG, 0) == frame(LONG)


@impatient
async def test_a_block_is_the_same_bytes_for_all_who_agreed_to_the_same() -> None:
    async with open_stage() as stage:
        heard: dict[Connection, bytes] = {}
        connections = []
        for bits in (15, 15, 0, 9):
            connection = stage.listener().connection
            connection.window_bits = bits
            connection._writer = _Keeper(heard, connection)  # type: ignore[assignment]
            connections.append(connection)

        Audience(connections).write(frame(LONG) + frame(b"small"))

        one, other, plain, narrow = (heard[connection] for connection in connections)
        assert one is other
        assert one == deflated(LONG, 15) + frame(b"small")
        assert narrow == deflated(LONG, 9) + frame(b"small")
        assert plain == frame(LONG) + frame(b"small")


class _Keeper:
    """A way that keeps what it was given."""

    def __init__(self, heard: dict[Connection, bytes], connection: Connection) -> None:
        self.heard = heard
        self.connection = connection

    def way(self, data: bytes) -> int:
        self.heard[self.connection] = data
        return len(data)


async def test_facts_come_deflated_live_and_from_the_log_and_are_what_they_were(
    database: str, tmp_path: Path
) -> None:
    async with open_house(database, tmp_path, compression=True) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        texts = ["long" * 200, "short", "ä" * 3000]
        async with asyncio.timeout(20), alice.listen(f"/ws/channels/{channel}") as ear:
            for number, text in enumerate(texts):
                await ear.ask("message.post", client_id=f"c{number}", text=text)
            live = [(await ear.next("message.posted"))["message"]["text"] for _ in texts]
        async with asyncio.timeout(20), alice.listen(f"/ws/channels/{channel}?after=0") as ear:
            again = [(await ear.next("message.posted"))["message"]["text"] for _ in texts]

    assert live == again == texts
