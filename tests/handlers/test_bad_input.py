"""Every door of the table, with everything that can be wrong about a path, a query or a body. Nothing is written."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from msgspec import inspect

from handlers.door import Door
from server.routes import DOORS
from tests.handlers import wrong
from tests.handlers.good import GOOD, OTHER_CASES
from tests.handlers.town import JSON, Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODIES = [one for one in DOORS if one[2].body is not None]
QUERIES = [one for one in DOORS if one[2].query is not None]
PATHS = [one for one in DOORS if ":id}" in one[1]]
SIGNED_IN = [one for one in DOORS if one[2].takes_sign_in]


def called(one: tuple[str, str, Door]) -> str:
    return one[2].name


class Owner:
    """The admin, with a channel of theirs that has somebody else and a message in it."""

    def __init__(self, town: Town, channel: int, member: int, invite: str, sketch: dict[str, int]) -> None:
        self.town = town
        ids = {
            "channel_id": channel,
            "user_id": member,
            "seq": 3,
            "invite_id": invite,
            "run_id": 1,
            "emoji": "👍",
            "token_id": "bot-none",
            "hook_id": 1,
            "command_id": 1,
            "report_id": 1,
            "file_id": "nothing",
            "subscription_id": "nothing",
        }
        self.values = {**ids, **sketch}

    def path(self, path: str, **values: object) -> str:
        for name, value in {**self.values, **values}.items():
            path = path.replace(f"{{{name}:id}}", str(value)).replace(f"{{{name}:word}}", str(value))
            path = path.replace(f"{{{name}:emoji}}", str(value))
        return path

    async def call(self, method: str, path: str, body: bytes | None = None, **more: Any) -> httpx.Response:
        return await self.town.admin.call(method, path, content=body, headers=JSON, **more)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def owner(town: Town) -> AsyncIterator[Owner]:
    bob = await town.newcomer()
    channel = await town.room(town.admin, bob)
    await town.admin.say(channel, "hello")
    invite = (await town.admin.post("/auth/invites"))["id"]
    yield Owner(town, channel, bob.id, invite, await sketched(town.admin, channel))


async def sketched(who: Person, channel: int) -> dict[str, int]:
    """The ids of a sketch and of what hangs on it."""
    sketch = (await who.post(f"/channels/{channel}/sketches", {"title": "plan"}))["id"]
    link = (await who.post(f"/sketches/{sketch}/links"))["id"]
    comment = (await who.post(f"/sketches/{sketch}/comments", {"text": "hello"}))["id"]
    version = (await who.post(f"/sketches/{sketch}/versions", {"label": "first"}))["number"]
    return {"sketch_id": sketch, "link_id": link, "comment_id": comment, "version": version}


async def test_the_bodies_known_here_are_those_of_the_table() -> None:
    assert GOOD.keys() == {door.body for _, _, door in BODIES}
    assert len(SIGNED_IN) == len(DOORS) - len(
        {"register", "login", "refresh", "get_instance", "get_shared_sketch"}
    )


@pytest.mark.parametrize("one", BODIES, ids=called)
async def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    owner: Owner, one: tuple[str, str, Door]
) -> None:
    method, path, door = one
    before = await owner.town.rows()

    for field in wrong.fields(door.body):
        values = wrong.values(field)
        assert len(values) >= 5, field
        for value in values:
            body = wrong.document(GOOD[door.body], **{field.name: value})
            answer = await owner.call(method, owner.path(path), body)
            assert code(answer) == (422, "invalid"), (field.name, value[:80], answer.text)
            named = list(answer.json()["fields"])
            assert [name.partition("[")[0] for name in named] == [field.name], (value[:80], named)

    assert await owner.town.rows() == before


@pytest.mark.parametrize("one", BODIES, ids=called)
async def test_what_is_no_json_object_is_refused(owner: Owner, one: tuple[str, str, Door]) -> None:
    method, path, door = one
    good, before = GOOD[door.body], await owner.town.rows()
    names = [field.name for field in wrong.fields(door.body)]
    bodies = [
        *(text.encode() for text in (*wrong.NO_JSON, "null", "[]", "5", '"x"', "{", "{}{}", "{'a': 1}", '{"a" 1}')),
        *(wrong.document(good, **{name: text}) for name in names for text in wrong.NO_JSON),
        *(wrong.document(good, unknown=text) for text in ("1", "{}", '"\\ud800"', wrong.DEEP)),
        b"\xff\xfe", b'{"\xff": 1}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"),
        wrong.document(good, unknown="[" * 60_000 + "]" * 60_000),
        wrong.document(good, **{f"field_{n}": "1" for n in range(10_000)}),
    ]  # fmt: skip
    bodies += [] if door.may_be_empty else [b""]

    for body in bodies:
        answer = await owner.call(method, owner.path(path), body)
        assert code(answer) == (422, "invalid"), (body[:80], answer.text)

    assert await owner.town.rows() == before


@pytest.mark.parametrize("one", BODIES, ids=called)
async def test_a_required_field_that_is_missing_is_named(owner: Owner, one: tuple[str, str, Door]) -> None:
    method, path, door = one
    for field in wrong.fields(door.body):
        if field.required:
            rest = {name: value for name, value in GOOD[door.body].items() if name != field.name}
            answer = await owner.call(method, owner.path(path), wrong.document(rest))
            assert code(answer) == (422, "invalid")
            assert list(answer.json()["fields"]) == [field.name]


@pytest.mark.parametrize("one", BODIES, ids=called)
async def test_a_body_beyond_its_bound_or_in_another_format_is_refused(
    owner: Owner, one: tuple[str, str, Door]
) -> None:
    method, path, door = one
    body = wrong.document(GOOD[door.body])

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(door.body_bytes // 1024 + 40):
            yield b" " * 1024

    admin = owner.town.admin
    whole = await owner.call(method, owner.path(path), body + b" " * door.body_bytes)
    chunked = await admin.call(method, owner.path(path), content=trickle(), headers=JSON)
    assert code(whole) == code(chunked) == (413, "too_large")
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonx",
    ):
        answer = await admin.call(method, owner.path(path), content=body, headers={"Content-Type": kind})
        assert code(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("one", QUERIES, ids=called)
async def test_a_wrong_parameter_is_refused_by_its_name(owner: Owner, one: tuple[str, str, Door]) -> None:
    method, path, door = one
    cases: dict[str, list[str]] = {"unknown": ["", "1"], "limit": ["201", "1001"], "'": ["1"]}
    for field in wrong.fields(door.query):
        is_text = field.encode_name in ("q", "cursor")
        numbers = [
            "",
            "x",
            "-1",
            "1.5",
            "1e400",
            "NaN",
            "null",
            "true",
            "9007199254740992",
            "9" * 5000,
            "١",
            " 1",
            "0x1",
        ]
        texts = ["\0", "a\0b", "x" * 101, "\n", "\u202e"]
        cases.setdefault(field.encode_name, []).extend(texts if is_text else numbers)
    right = {("list_events", "limit"): "201", ("list_threads", "unread"): "true"}
    for (name, parameter), value in right.items():
        if name == door.name:
            cases[parameter].remove(value)
    cases |= OTHER_CASES.get(door.name, {})
    if "cursor" in cases:
        cases["cursor"] += ["", "0", "-1", "x", "null", "9" * 16, "1' or true"]

    for name, values in cases.items():
        for value in values:
            answer = await owner.call(method, owner.path(path), params={name: value})
            assert code(answer) == (422, "invalid"), (name, value[:80], answer.text)
            assert list(answer.json()["fields"]) == [name], (name, value[:80])
    twice = await owner.call(method, owner.path(path), params=[("limit", "1"), ("limit", "1")])
    assert code(twice) == (422, "invalid")
    assert list(twice.json()["fields"]) == ["limit"]


@pytest.mark.parametrize("one", PATHS, ids=called)
async def test_an_id_that_names_nothing_is_not_found(owner: Owner, one: tuple[str, str, Door]) -> None:
    method, path, door = one
    before = await owner.town.rows()
    body = None if door.body is None else wrong.document(GOOD[door.body])
    names = [name for name in owner.values if f"{{{name}:id}}" in path]

    for name in names:
        for value in (
            "0",
            "00",
            "-1",
            "1.0",
            "1e3",
            "x",
            "%00",
            "%ff",
            "٣",
            2**53 - 1,
            2**53,
            10**16,
            "9" * 5000,
        ):
            answer = await owner.call(method, owner.path(path, **{name: value}), body)
            assert code(answer) == (404, "not_found"), (name, str(value)[:80], answer.text)

    assert await owner.town.rows() == before


@pytest.mark.parametrize("one", SIGNED_IN, ids=called)
async def test_without_a_sign_in_no_door_opens(owner: Owner, one: tuple[str, str, Door]) -> None:
    method, path, _ = one
    nobody, before = owner.town.nobody, await owner.town.rows()
    bare = owner.path(path)

    answers = [
        await nobody.request(method, bare),
        await nobody.request(method, f"{bare}?access_token={owner.town.admin.token}"),
        await nobody.request(method, f"{bare}?token={owner.town.admin.token}"),
        *[
            await nobody.request(method, bare, headers={b"Authorization": value.encode("latin-1")})
            for value in (
                "Bearer",
                "bearer x",
                "Bearer x.y.z",
                "Basic YWxpY2U6cA==",
                owner.town.admin.token,
                "Bearer \xe9",
            )
        ],
    ]

    assert [code(answer) for answer in answers] == [(401, "unauthenticated")] * 9
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert await owner.town.rows() == before


async def test_a_field_of_what_is_told_cannot_be_set_by_asking(owner: Owner) -> None:
    """Mass assignment: nothing that a body may hold is a thing that only the server knows."""
    told = {"id", "author_id", "created_at", "creator_id", "kind", "epoch", "head_seq", "deleted", "user_id"}

    asked = {field.name for _, _, door in BODIES for field in wrong.fields(door.body)}

    assert asked.isdisjoint(told)
    assert all(
        isinstance(found := inspect.type_info(door.body), inspect.StructType) and found.forbid_unknown_fields
        for _, _, door in BODIES
    )
