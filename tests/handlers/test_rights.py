"""Who may pass which door of a channel: every door and every frame, for everybody there can be."""

from collections.abc import AsyncIterator
from typing import get_args

import asyncpg
import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from models import frames
from tests.handlers.rights import (
    BODIES,
    CALLERS,
    CHANNEL_DOORS,
    FRAMES,
    HOOKS,
    OUTSIDE,
    READING,
    TABLE,
    UNASKED,
    UNKNOWN,
    expected,
)
from tests.handlers.town import Town
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Cast:
    """Everybody there can be; `stage` is a channel in which each is what their name says."""

    def __init__(self, town: Town, people: dict[str, Person]) -> None:
        self.town = town
        self.people = people
        self.hooks: dict[int, dict[str, int]] = {}
        """Of each stage, by their kinds."""

    async def stage(self, visibility: str) -> int:
        owner, moderator = self.people["owner"], self.people["moderator"]
        members = [self.people[name] for name in ("moderator", "member", "muted", "target", "former")]
        channel = await self.town.room(owner, *members, visibility=visibility)
        await owner.call("PUT", f"/channels/{channel}/members/{moderator.id}", {"role": "moderator"})
        muted = f"/channels/{channel}/mutes/{self.people['muted'].id}"
        assert (await owner.call("PUT", muted)).status_code == 204
        assert (await self.people["former"].call("POST", f"/channels/{channel}/leave")).status_code == 204
        await owner.say(channel, "the first message")  # with the seq 9
        self.hooks[channel] = {}
        return channel

    async def _hook(self, channel: int, kind: str) -> int:
        """One of the stage's own, made when it is first tried; where no stage is there is none either."""
        if channel not in self.hooks:
            return 1
        if kind not in self.hooks[channel]:
            made = await self.people["owner"].call("POST", f"/channels/{channel}/hooks/{kind}", HOOKS[kind])
            self.hooks[channel][kind] = made.json()["id"] if made.is_success else 1
        return self.hooks[channel][kind]

    def headers(self, who: str) -> dict[str, str]:
        return {} if who == "nobody" else {"Authorization": f"Bearer {self.people[who].token}"}

    async def try_door(self, one: tuple[str, str, str], who: str, channel: int) -> httpx.Response:
        method, path, name = one
        hook = await self._hook(channel, path.split("/")[4]) if "{hook_id" in path else 1
        for part, value in (
            ("channel_id", channel),
            ("user_id", self.people["target"].id),
            ("seq", 9),
            ("hook_id", hook),
            ("report_id", 1),
        ):
            path = path.replace(f"{{{part}:id}}", str(value))
        path = path.replace("{emoji:emoji}", "👍")
        return await self.town.nobody.request(method, path, json=BODIES.get(name), headers=self.headers(who))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast(town: Town) -> AsyncIterator[Cast]:
    names = ("owner", "moderator", "member", "muted", "target", "former", "stranger", "disabled", "foreigner")
    people = {"admin": town.admin} | {name: await town.newcomer(name) for name in names}
    await town.admin.call("PATCH", f"/users/{people['disabled'].id}", {"disabled": True})
    connection = await asyncpg.connect(town.dsn)
    await connection.execute(
        "with made as (insert into workspaces (slug, name) values ('other', 'Other') returning id)"
        " update users set workspace_id = (select id from made) where id = $1",
        people["foreigner"].id,
    )
    await connection.close()
    yield Cast(town, people)


def without_its_own(answer: httpx.Response) -> tuple[object, ...]:
    """All of an answer but what every answer has of its own."""
    own = answer.headers["X-Request-ID"]
    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in ("date", "x-request-id")]
    return answer.status_code, answer.text.replace(own, ""), headers


async def test_the_table_has_every_door_of_a_channel_and_everybody() -> None:
    assert sorted(TABLE) == sorted(name for _, _, name in CHANNEL_DOORS)
    assert len(CHANNEL_DOORS) * len(CALLERS) == len(TABLE) * 20 == 1140


async def test_the_frames_are_those_of_the_union_and_each_is_tried_by_everybody() -> None:
    tags = {str(kind.__struct_config__.tag) for kind in get_args(frames.Ask)}

    assert {kind for kind, _, _ in FRAMES} == tags - UNASKED
    assert len(FRAMES) * (len(CALLERS) - 4) == 176


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

    for who in OUTSIDE:
        theirs, never, gone = [
            without_its_own(await cast.try_door(one, who, number)) for number in (channel, 999_999, deleted)
        ]
        assert theirs == never == gone


async def test_a_refused_door_leaves_nothing_behind(cast: Cast) -> None:
    public, private = await cast.stage("public"), await cast.stage("private")
    for one in CHANNEL_DOORS:
        await cast.try_door(one, "nobody", private)
        await cast.try_door(one, "nobody", public)
    before = await cast.town.rows()

    for one in CHANNEL_DOORS:
        for who in (*UNKNOWN, *OUTSIDE):
            await cast.try_door(one, who, private)
        if one[2] != "join_channel":
            for who in (*UNKNOWN, "stranger", "former", "foreigner"):
                await cast.try_door(one, who, public)

    assert await cast.town.rows() == before


@pytest.mark.parametrize(("visibility", "who"), CALLERS)
async def test_a_socket_of_a_channel_opens_to_its_members_alone(
    cast: Cast, visibility: str, who: str
) -> None:
    path = f"/ws/channels/{await cast.stage(visibility)}?after=0"
    listener = cast.people["admin" if who in UNKNOWN else who]
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


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller[1] not in UNKNOWN])
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
