"""How people come into a channel, what they are in it, and how they go."""

import pytest

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def roles(person: Person, channel: int) -> dict[int, str]:
    page = await person.get(f"/channels/{channel}/members", limit=200)
    return {member["user_id"]: member["role"] for member in page["items"]}


async def put(person: Person, channel: int, user: Person, role: str | None = None) -> tuple[int, str]:
    body = None if role is None else {"role": role}
    answer = await person.call("PUT", f"/channels/{channel}/members/{user.id}", body)
    return (204, "") if answer.status_code == 204 else code(answer)


async def remove(person: Person, channel: int, user: Person) -> tuple[int, str]:
    answer = await person.call("DELETE", f"/channels/{channel}/members/{user.id}")
    return (204, "") if answer.status_code == 204 else code(answer)


async def test_anybody_joins_a_public_channel_and_joining_again_changes_nothing(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob)
    await bob.say(channel, "before")

    first = await carol.post(f"/channels/{channel}/join")
    again = await carol.post(f"/channels/{channel}/join", {})

    assert first == again
    assert first["membership"] == {"role": "member", "last_read_seq": 2, "unread": 0, "mentions": 0}
    assert first["member_count"] == 2
    facts = (await carol.get(f"/channels/{channel}/events"))["events"]
    assert [fact["type"] for fact in facts] == ["member.joined", "message.posted", "member.joined"]


@pytest.mark.parametrize("password", [None, "", "wrong", "OPEN SESAME", "open sesame "])
async def test_a_channel_with_a_password_opens_to_it_alone(town: Town, password: str | None) -> None:
    bob, mallory = await town.newcomer(), await town.newcomer("mallory")
    channel = await town.room(bob, password="open sesame")
    body = {} if password is None else {"password": password}

    refused = await mallory.call("POST", f"/channels/{channel}/join", body)

    assert code(refused) == (403, "wrong_password")
    assert code(await mallory.call("GET", f"/channels/{channel}/messages")) == (403, "forbidden")
    assert (await mallory.post(f"/channels/{channel}/join", {"password": "open sesame"}))["membership"]


async def test_a_private_channel_is_entered_by_invitation_only(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, visibility="private", password="open sesame")

    for body in ({}, {"password": "open sesame"}, {"password": "wrong"}):
        assert code(await carol.call("POST", f"/channels/{channel}/join", body)) == (404, "not_found")

    async with carol.listen() as ear:
        assert await put(bob, channel, carol) == (204, "")
        assert (await ear.next("channel.opened"))["channel_id"] == channel
    assert (await carol.get(f"/channels/{channel}"))["membership"]["role"] == "member"


async def test_nobody_brings_in_who_is_not_there_and_nobody_outside_brings_in_anybody(town: Town) -> None:
    bob, gone, mallory = [await town.newcomer(name) for name in ("bob", "gone", "mallory")]
    await town.admin.call("DELETE", f"/users/{gone.id}")
    public, private = await town.room(bob), await town.room(bob, visibility="private")

    assert await put(bob, public, gone) == (404, "not_found")
    missing = await bob.call("PUT", f"/channels/{public}/members/999999")
    assert code(missing) == (404, "not_found")
    assert await put(mallory, public, mallory) == (403, "forbidden")
    assert await put(mallory, private, mallory, "owner") == (404, "not_found")
    assert await put(town.admin, private, town.admin) == (404, "not_found")


async def test_roles_are_given_by_owners_only(town: Town) -> None:
    owner, moderator, member, mallory = [await town.newcomer(n) for n in ("own", "mod", "mem", "mallory")]
    channel = await town.room(owner, moderator, member)
    assert await put(owner, channel, moderator, "moderator") == (204, "")

    for person in (moderator, member):
        assert await put(person, channel, person, "owner") == (403, "forbidden")
        assert await put(person, channel, owner, "member") == (403, "forbidden")
        assert await put(person, channel, mallory, "moderator") == (403, "forbidden")
        assert await put(person, channel, mallory, "owner") == (403, "forbidden")

    assert await roles(owner, channel) == {owner.id: "owner", moderator.id: "moderator", member.id: "member"}


async def test_bringing_in_who_is_in_changes_nothing(town: Town) -> None:
    owner, moderator, member = [await town.newcomer(n) for n in ("own", "mod", "mem")]
    channel = await town.room(owner, moderator, member)
    await put(owner, channel, moderator, "moderator")
    before = await town.rows()

    for person, role in ((moderator, None), (moderator, "moderator"), (member, None), (member, "member")):
        assert await put(member, channel, person, role) == (204, "")
        assert await put(owner, channel, person, role) == (204, "")
    assert await put(owner, channel, owner) == (204, "")

    assert await town.rows() == before
    assert (await roles(owner, channel))[moderator.id] == "moderator"


async def test_only_who_stands_higher_removes_and_everybody_may_go(town: Town) -> None:
    owner, moderator, other, member = [await town.newcomer(n) for n in ("own", "mod", "mod", "mem")]
    channel = await town.room(owner, moderator, other, member)
    for person in (moderator, other):
        await put(owner, channel, person, "moderator")

    assert await remove(member, channel, moderator) == (403, "forbidden")
    assert await remove(moderator, channel, other) == (403, "forbidden")
    assert await remove(moderator, channel, owner) == (403, "forbidden")
    assert await remove(moderator, channel, member) == (204, "")
    assert await remove(moderator, channel, member) == (404, "not_found")
    assert await remove(other, channel, other) == (204, "")
    assert await remove(owner, channel, moderator) == (204, "")
    assert await roles(owner, channel) == {owner.id: "owner"}


async def test_who_was_removed_is_as_if_never_in_and_may_be_brought_back(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol, visibility="private")
    async with carol.listen(f"/ws/channels/{channel}") as ear:
        await remove(bob, channel, carol)
        assert await ear.closed() == 4502

    for path in ("", "/messages", "/messages/1", "/members", "/events"):
        assert code(await carol.call("GET", f"/channels/{channel}{path}")) == (404, "not_found")
    assert code(await carol.call("POST", f"/channels/{channel}/leave")) == (404, "not_found")

    await put(bob, channel, carol)
    async with carol.listen(f"/ws/channels/{channel}?after=0") as ear:
        facts = [await ear.next() for _ in range(4)]
    assert [fact["type"] for fact in facts] == [
        "member.joined",
        "member.joined",
        "member.left",
        "member.joined",
    ]


async def test_a_channel_with_members_always_has_an_owner(town: Town) -> None:
    owner, moderator, member = [await town.newcomer(n) for n in ("own", "mod", "mem")]
    channel = await town.room(owner, member, moderator)
    await put(owner, channel, moderator, "moderator")

    assert await put(owner, channel, owner, "member") == (409, "conflict")
    await owner.post(f"/channels/{channel}/leave")
    assert await roles(member, channel) == {moderator.id: "owner", member.id: "member"}
    await moderator.post(f"/channels/{channel}/leave")
    assert await roles(member, channel) == {member.id: "owner"}
    await member.post(f"/channels/{channel}/leave")

    assert (await owner.get(f"/channels/{channel}"))["member_count"] == 0


async def test_what_is_read_stays_within_what_was_said(town: Town) -> None:
    bob, carol = await town.newcomer(), await town.newcomer("carol")
    channel = await town.room(bob, carol)
    for number in range(3):
        await bob.say(channel, f"message {number}")
    path = f"/channels/{channel}"
    assert (await carol.get(path))["membership"]["unread"] == 3

    await carol.post(f"{path}/read", {"seq": 4})
    assert (await carol.get(path))["membership"]["unread"] == 1
    await carol.post(f"{path}/read", {"seq": 2**53 - 1})
    assert (await carol.get(path))["membership"] == {
        "role": "member", "last_read_seq": 5, "unread": 0, "mentions": 0,
    }  # fmt: skip
    assert (await bob.get(path))["membership"]["unread"] == 0


async def test_members_are_listed_page_by_page(town: Town) -> None:
    bob = await town.newcomer()
    others = [await town.newcomer("other") for _ in range(3)]
    channel = await town.room(bob, *others)

    first = await bob.get(f"/channels/{channel}/members", limit=3)
    second = await bob.get(f"/channels/{channel}/members", limit=3, cursor=first["next_cursor"])

    ids = [member["user_id"] for member in first["items"] + second["items"]]
    assert ids == [bob.id, *(other.id for other in others)]
    assert second["next_cursor"] is None
