"""Who may pass which door of a channel: every door and every frame, for everybody there can be."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple, get_args

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from models import frames
from server.routes import DOORS
from tests.handlers.town import Town
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTSIDE_PUBLIC, OUTSIDE_PRIVATE = ("stranger", "former", "admin"), ("stranger", "former", "admin")
INSIDE = ("member", "moderator", "owner")
CALLERS = [
    *(("public", who) for who in ("nobody", *OUTSIDE_PUBLIC, *INSIDE)),
    *(("private", who) for who in ("nobody", *OUTSIDE_PRIVATE, *INSIDE)),
]

BODIES: dict[str, Any] = {
    "mark_read": {"seq": 1},
    "put_settings": {"system": "Be brief."},
    "post_message": {"client_id": "c1", "text": "hello"},
    "edit_message": {"text": "new"},
    "update_membership": {"notifications": "none"},
    "update_channel": {"description": "new"},
    "create_sketch": {"title": "new"},
    "import_sketch": {"file": {"type": "excalidraw", "elements": []}},
    "put_sketch_settings": {"allows_generic": True},
}


class Row(NamedTuple):
    """What a door answers: to strangers and former members of a public channel, to an admin who isn't in it, and to
    members, moderators and owners of any. Of a private one it answers 404 to all who are not in it.
    """

    outsider: int
    admin: int
    member: int
    moderator: int
    owner: int


TABLE = {
    "get_channel": Row(200, 200, 200, 200, 200),
    "update_channel": Row(403, 200, 403, 403, 200),
    "delete_channel": Row(403, 204, 403, 403, 204),
    "join_channel": Row(200, 200, 200, 200, 200),
    "leave_channel": Row(403, 403, 204, 204, 204),
    "list_members": Row(403, 403, 200, 200, 200),
    "list_present": Row(403, 403, 200, 200, 200),
    "put_member": Row(403, 403, 204, 204, 204),
    "remove_member": Row(403, 403, 403, 204, 204),
    "update_membership": Row(403, 403, 204, 204, 204),
    "get_thread": Row(403, 403, 200, 200, 200),
    "follow_thread": Row(403, 403, 204, 204, 204),
    "unfollow_thread": Row(403, 403, 204, 204, 204),
    "mark_read": Row(403, 403, 204, 204, 204),
    "post_message": Row(403, 403, 201, 201, 201),
    "list_messages": Row(403, 403, 200, 200, 200),
    "get_message": Row(403, 403, 200, 200, 200),
    "edit_message": Row(403, 403, 403, 403, 200),
    "delete_message": Row(403, 403, 403, 204, 204),
    "list_versions": Row(403, 403, 403, 200, 200),
    "add_reaction": Row(403, 403, 204, 204, 204),
    "remove_reaction": Row(403, 403, 204, 204, 204),
    "pin_message": Row(403, 403, 204, 204, 204),
    "unpin_message": Row(403, 403, 204, 204, 204),
    "list_pinned": Row(403, 403, 200, 200, 200),
    "list_events": Row(403, 403, 200, 200, 200),
    "create_sketch": Row(403, 403, 201, 201, 201),
    "import_sketch": Row(403, 403, 201, 201, 201),
    "list_sketches": Row(403, 403, 200, 200, 200),
    "get_sketch_settings": Row(403, 403, 200, 200, 200),
    "put_sketch_settings": Row(403, 200, 403, 403, 200),
    "get_settings": Row(403, 403, 200, 200, 200),
    "put_settings": Row(403, 403, 403, 200, 200),
}
CHANNEL_DOORS = [(method, path, door.name) for method, path, door in DOORS if "{channel_id" in path]
READING = Row(403, 403, 200, 200, 200)
FRAMES: list[tuple[str, dict[str, Any], Row]] = [
    ("subscribe", {"after": 0}, READING),
    ("subscribe", {}, READING),
    ("message.post", {"client_id": "c-frame", "text": "hello"}, TABLE["post_message"]),
    ("channel.read", {"seq": 1}, TABLE["mark_read"]),
    ("reaction.add", {"seq": 8, "emoji": "👍"}, TABLE["add_reaction"]),
    ("reaction.remove", {"seq": 8, "emoji": "👍"}, TABLE["remove_reaction"]),
    ("message.pin", {"seq": 8}, TABLE["pin_message"]),
    ("message.unpin", {"seq": 8}, TABLE["unpin_message"]),
    ("message.edit", {"seq": 8, "text": "new"}, TABLE["edit_message"]),
    ("message.delete", {"seq": 8}, TABLE["delete_message"]),
]
UNASKED = {"typing", "unsubscribe", "auth", "ping", "ai.ask", "ai.stop"}
"""No right of a channel answers these (see test_sockets and test_bad_frames), and where no model is, none of AI's
(see test_ai)."""


def expected(row: Row, visibility: str, who: str) -> int:
    if who == "nobody":
        return 401
    if who in INSIDE:
        return int(getattr(row, who))
    if visibility == "private":
        return 404
    return row.admin if who == "admin" else row.outsider


class Cast:
    """Everybody there can be; `stage` is a channel in which each is what their name says."""

    def __init__(self, town: Town, people: dict[str, Person]) -> None:
        self.town = town
        self.people = people

    async def stage(self, visibility: str) -> int:
        owner, moderator = self.people["owner"], self.people["moderator"]
        members = [self.people[name] for name in ("moderator", "member", "target", "former")]
        channel = await self.town.room(owner, *members, visibility=visibility)
        await owner.call("PUT", f"/channels/{channel}/members/{moderator.id}", {"role": "moderator"})
        assert (await self.people["former"].call("POST", f"/channels/{channel}/leave")).status_code == 204
        await owner.say(channel, "the first message")  # with the seq 8
        return channel

    def headers(self, who: str) -> dict[str, str]:
        return {} if who == "nobody" else {"Authorization": f"Bearer {self.people[who].token}"}

    async def try_door(self, one: tuple[str, str, str], who: str, channel: int) -> httpx.Response:
        method, path, name = one
        for part, value in (("channel_id", channel), ("user_id", self.people["target"].id), ("seq", 8)):
            path = path.replace(f"{{{part}:id}}", str(value))
        path = path.replace("{emoji:emoji}", "👍")
        return await self.town.nobody.request(method, path, json=BODIES.get(name), headers=self.headers(who))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast(town: Town) -> AsyncIterator[Cast]:
    names = ("owner", "moderator", "member", "target", "former", "stranger")
    yield Cast(town, {"admin": town.admin} | {name: await town.newcomer(name) for name in names})


def without_its_own(answer: httpx.Response) -> tuple[object, ...]:
    """All of an answer but what every answer has of its own."""
    own = answer.headers["X-Request-ID"]
    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in ("date", "x-request-id")]
    return answer.status_code, answer.text.replace(own, ""), headers


async def test_the_table_has_every_door_of_a_channel_and_everybody() -> None:
    assert sorted(TABLE) == sorted(name for _, _, name in CHANNEL_DOORS)
    assert len(CHANNEL_DOORS) * len(CALLERS) == len(TABLE) * 14 == 462


async def test_the_frames_are_those_of_the_union_and_each_is_tried_by_everybody() -> None:
    tags = {str(kind.__struct_config__.tag) for kind in get_args(frames.Ask)}

    assert {kind for kind, _, _ in FRAMES} == tags - UNASKED
    assert len(FRAMES) * (len(CALLERS) - 2) == 120


@pytest.mark.parametrize("one", CHANNEL_DOORS, ids=lambda one: one[2])
async def test_a_door_opens_to_those_alone_whom_the_table_names(
    cast: Cast, one: tuple[str, str, str]
) -> None:
    found, stages = {}, {}
    for visibility, who in CALLERS:
        if visibility not in stages:
            stages[visibility] = await cast.stage(visibility)
        answer = await cast.try_door(one, who, stages[visibility])
        found[visibility, who] = answer.status_code
        if answer.status_code >= 400:
            assert "the first message" not in answer.text
        elif one[0] != "GET":
            del stages[visibility]  # it is no longer what it was

    assert found == {caller: expected(TABLE[one[2]], *caller) for caller in CALLERS}


@pytest.mark.parametrize("one", CHANNEL_DOORS, ids=lambda one: one[2])
async def test_a_private_channel_of_others_answers_as_one_that_does_not_exist(
    cast: Cast, one: tuple[str, str, str]
) -> None:
    channel, deleted = await cast.stage("private"), await cast.stage("public")
    await cast.people["owner"].call("DELETE", f"/channels/{deleted}")

    for who in OUTSIDE_PRIVATE:
        theirs, never, gone = [
            without_its_own(await cast.try_door(one, who, number)) for number in (channel, 999_999, deleted)
        ]
        assert theirs == never == gone


async def test_a_refused_door_leaves_nothing_behind(cast: Cast) -> None:
    public, private = await cast.stage("public"), await cast.stage("private")
    before = await cast.town.rows()

    for one in CHANNEL_DOORS:
        for who in ("nobody", *OUTSIDE_PRIVATE):
            await cast.try_door(one, who, private)
        if one[2] != "join_channel":
            for who in ("nobody", "stranger", "former"):
                await cast.try_door(one, who, public)

    assert await cast.town.rows() == before


@pytest.mark.parametrize(("visibility", "who"), CALLERS)
async def test_a_socket_of_a_channel_opens_to_its_members_alone(
    cast: Cast, visibility: str, who: str
) -> None:
    path = f"/ws/channels/{await cast.stage(visibility)}?after=0"
    listener = cast.people["admin" if who == "nobody" else who]
    status = expected(READING, visibility, who)
    if status == 200:
        async with listener.listen(path) as ear:
            assert (await ear.next())["seq"] == 1
        return

    with pytest.raises(InvalidStatus) as refused:
        async with listener.listen(path, additional_headers=cast.headers(who)):
            pass

    assert refused.value.response.status_code == status
    assert refused.value.response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller[1] != "nobody"])
async def test_a_frame_is_answered_like_its_door(cast: Cast, caller: tuple[str, str]) -> None:
    visibility, who = caller
    channel = await cast.stage(visibility)
    codes = {200: "ok", 201: "ok", 204: "ok", 403: "forbidden", 404: "not_found"}

    async with cast.people[who].listen() as ear:
        for kind, fields, row in FRAMES:
            answer = await ear.ask(kind, channel_id=channel, **fields)
            told = "ok" if answer["type"] == "ok" else answer["code"]
            assert told == codes[expected(row, visibility, who)], (kind, answer)
            if told == "not_found":
                never = await ear.ask(kind, channel_id=999_999, **fields)
                assert {**never, "ref": ""} == {**answer, "ref": ""}
