"""Every frame, with everything that can be wrong about it: an error with its ref, and the socket lives."""

import asyncio
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from models import frames
from tests.handlers import wrong
from tests.handlers.town import Town
from tests.house import Ear, Person, open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = {str(kind.__struct_config__.tag): kind for kind in get_args(frames.Ask)}
LONGEST = 65_536
GOOD: dict[str, dict[str, Any]] = {
    "subscribe": {},
    "unsubscribe": {},
    "message.post": {"client_id": "c1", "text": "hello"},
    "message.edit": {"seq": 2, "text": "hello"},
    "message.delete": {"seq": 2},
    "message.pin": {"seq": 2},
    "message.unpin": {"seq": 2},
    "reaction.add": {"seq": 2, "emoji": "👍"},
    "reaction.remove": {"seq": 2, "emoji": "👍"},
    "channel.read": {"seq": 1},
    "command.run": {"client_id": "c1", "text": "/help"},
    "typing": {},
    "ai.ask": {"client_id": "c1", "text": "hello"},
    "ai.stop": {"run_id": 1},
    "auth": {"token": "x"},
    "ping": {},
}
"""What each frame must hold at least."""


async def say(ear: Ear, text: str | bytes) -> Any:
    """The answer to a frame that may be anything; a ping after it shows that the socket lives."""
    await ear.websocket.send(text)
    answer = await ear.next("error")
    assert (await ear.ask("ping"))["type"] == "pong"
    return answer


def text_of(kind: str, fields: dict[str, Any], **replaced: str) -> str:
    return wrong.document({"type": kind, "ref": "r", **fields}, **replaced).decode()


async def test_the_frames_known_here_are_those_of_the_union() -> None:
    assert GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wrong_value_in_a_frame_is_an_error_with_its_ref(town: Town, kind: str) -> None:
    bob = await town.newcomer()
    good = GOOD[kind] | (
        {"channel_id": await town.room(bob)} if "channel_id" in KINDS[kind].__struct_fields__ else {}
    )
    async with bob.listen() as ear:
        before = await town.rows()
        for field in wrong.fields(KINDS[kind]):
            for value in wrong.values(field):
                text = text_of(kind, good, **{field.name: value})
                if len(text) > LONGEST:
                    continue
                answer = await say(ear, text)
                assert (answer["type"], answer["code"]) == ("error", "invalid"), (
                    field.name,
                    value[:60],
                    answer,
                )
                assert field.name in answer["detail"], (value[:60], answer)
                assert field.name == "ref" or answer["ref"] == "r", (value[:60], answer)
            if field.required:
                rest = {name: one for name, one in good.items() if name != field.name}
                answer = await say(ear, text_of(kind, rest))
                assert (answer["code"], answer["ref"]) == ("invalid", "r")
                assert field.name in answer["detail"]
        for text in ("1", "{}", '"__proto__"'):
            answer = await say(ear, text_of(kind, good, unknown=text))
            assert (answer["code"], answer["ref"]) == ("invalid", "r")
    assert await town.rows() == before


async def test_what_is_no_frame_at_all_is_an_error_and_the_socket_lives(town: Town) -> None:
    async with (await town.newcomer()).listen() as ear:
        nonsense = [
            *wrong.NO_JSON, "", " ", "{", "{}", "[]", "null", "5", '"ping"', "[" * LONGEST,
            '{"a":' * 10_000, '{"ref":' + "[" * 60_000, '{"x":' + "[" * 30_000 + "]" * 30_000 + ',"type":"ping"}',
            '{"type":null}', '{"type":5}', '{"type":["ping"]}', '{"type":"nonsense"}', '{"type":"PING"}',
            '{"type":"ping"}{"type":"ping"}', '{"type":"hello"}', '{"type":"ok"}', '{"type":"message.posted"}',
            '{"type":"ping","type":5}', '{"ty\\u0070e":"pong"}', '{"type":"message.edit","channel_id":1}',
        ]  # fmt: skip
        for text in nonsense:
            answer = await say(ear, text)
            assert (answer["type"], answer["code"]) == ("error", "invalid"), (text[:60], answer)


@pytest.mark.parametrize("data", [b"", b"\x00", b'{"type":"ping"}', b"\xff" * 1000])
async def test_a_binary_frame_is_an_error_on_a_text_socket(town: Town, data: bytes) -> None:
    async with (await town.newcomer()).listen() as ear:
        answer = await say(ear, data)

    assert (answer["type"], answer["code"]) == ("error", "invalid")


@pytest.mark.parametrize("ref", ["", "r", "r" * 64, "ü\n", "\u202e", "0"])
async def test_a_ref_comes_back_as_it_was_sent_with_answers_and_errors(town: Town, ref: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    async with bob.listen() as ear:
        for kind, fields in (
            ("ping", {}),
            ("subscribe", {"channel_id": channel}),
            ("message.post", {"channel_id": channel, "client_id": "c", "text": "hello"}),
            ("message.post", {"channel_id": channel, "client_id": "c", "text": "other"}),
            ("message.post", {"channel_id": 999_999, "client_id": "c", "text": "hello"}),
            ("channel.read", {"channel_id": channel, "seq": 1}),
            ("unsubscribe", {"channel_id": channel}),
            ("subscribe", {"channel_id": channel, "after": 999}),
            ("subscribe", {}),
            ("auth", {"token": "x"}),
        ):
            await ear.send(kind, ref=ref, **fields)
            while "ref" not in (answer := await ear.frame()):
                pass
            assert answer["ref"] == ref, (kind, answer)


async def test_a_socket_of_one_channel_is_for_that_channel(town: Town) -> None:
    bob = await town.newcomer()
    channel, other = await town.room(bob), await town.room(bob)
    async with bob.listen(f"/ws/channels/{channel}") as ear:
        for kind in ("subscribe", "message.post", "channel.read", "typing"):
            answer = await ear.ask(kind, channel_id=other, **GOOD[kind])
            assert (answer["type"], answer["code"]) == ("error", "invalid")
        assert (await ear.ask("message.post", channel_id=channel, **GOOD["message.post"]))["type"] == "ok"
    assert (await bob.get(f"/channels/{other}"))["head_seq"] == 1


async def test_a_frame_beyond_64_kib_closes_with_1009_and_one_of_64_kib_does_not(town: Town) -> None:
    bob = await town.newcomer()
    async with bob.listen() as ear:
        assert (await say(ear, "x" * LONGEST))["code"] == "invalid"
        await ear.websocket.send("x" * (LONGEST + 1))
        assert await ear.closed() == 1009


async def test_a_frame_in_many_pieces_is_bounded_as_a_whole(town: Town) -> None:
    async with (await town.newcomer()).listen() as ear:
        await ear.websocket.send(["x" * 40_000, "x" * 40_000])

        assert await ear.closed() == 1009


@pytest.mark.parametrize("data", [b"\xff", b'{"type":"\xed\xa0\x80"}', b'{"type":"ping"}\xc3'])
async def test_text_that_is_no_utf8_closes_with_1007(town: Town, data: bytes) -> None:
    async with (await town.newcomer()).listen() as ear:
        await ear.websocket.send(data, text=True)

        assert await ear.closed() == 1007


async def test_noise_without_end_closes_with_4501_and_harms_nobody_else(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    async with (
        bob.listen(f"/ws/channels/{channel}") as noisy,
        carol.listen(f"/ws/channels/{channel}") as quiet,
    ):
        for number in range(100):
            await noisy.websocket.send("[" * number)

        assert await noisy.closed() == 4501
        await carol.say(channel, "still here")
        assert (await quiet.next("message.posted"))["message"]["text"] == "still here"
    assert {frame["code"] for frame in noisy.kept if frame["type"] == "error"} == {"invalid"}


async def test_a_flood_closes_with_4029_and_says_when_to_come_back(database: str, tmp_path: Path) -> None:
    async with open_house(database, tmp_path) as house:
        alice = await house.register("alice")
        async with alice.listen() as ear, alice.listen() as other:
            await asyncio.gather(*(ear.send("ping") for _ in range(1000)))

            assert await ear.closed() == 4029
            assert (await other.ask("ping"))["type"] == "pong"
        last = ear.kept[-1]
        assert (last["type"], last["code"]) == ("error", "rate_limited")
        assert last["retry_after"] >= 1


async def refusal(person: Person, path: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {person.token}"}
    with pytest.raises(InvalidStatus) as refused:
        async with connect(person.url.replace("http", "ws", 1) + path, additional_headers=headers):
            pass
    response = refused.value.response
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return response.status_code, json.loads(response.body)["code"]


@pytest.mark.parametrize(
    "channel", ["0", "-1", "x", "1.0", "9007199254740991", "9007199254740992", "9" * 5000, "%00", ""]
)
async def test_a_socket_of_no_channel_is_not_found(town: Town, channel: str) -> None:
    assert await refusal(town.admin, f"/ws/channels/{channel}") == (404, "not_found")


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/nothing", "/", "/api/v1/users/me"])
async def test_a_socket_elsewhere_is_not_found(town: Town, path: str) -> None:
    assert await refusal(town.admin, path) == (404, "not_found")


@pytest.mark.parametrize("after", ["", "x", "-1", "1.0", "٣", "9007199254740992", "9" * 5000, "1&after=1"])
async def test_a_socket_from_no_seq_is_invalid(town: Town, after: str) -> None:
    channel = await town.room(town.admin)

    assert await refusal(town.admin, f"/ws/channels/{channel}?after={after}") == (422, "invalid")


async def test_a_socket_from_beyond_the_head_is_told_to_start_over_and_is_live(town: Town) -> None:
    """The seq of another life of the database. A browser can't read a refused handshake: so the hello's epoch tells."""
    channel = await town.room(town.admin)

    async with town.admin.listen(f"/ws/channels/{channel}?after=999") as ear:
        assert (await ear.next("error"))["code"] == "conflict"
        said = await town.admin.say(channel, "live")
        assert (await ear.next("message.posted"))["seq"] == said["seq"]


async def test_a_handshake_with_too_long_a_header_is_refused_at_once(town: Town) -> None:
    headers = {"Authorization": f"Bearer {'x' * 20_000}"}

    with pytest.raises(InvalidStatus) as refused:
        async with connect(
            town.house.url.replace("http", "ws", 1) + "/ws/system", additional_headers=headers, open_timeout=3
        ):
            pass

    assert 400 <= refused.value.response.status_code < 500
