"""Coming and going: what is refused, in which words, and who is told when it is not."""

from collections.abc import Awaitable, Callable

import pytest

from models.accounts import Actor
from models.channels import JoinChannel
from models.errors import Conflict, Fault, Forbidden, NotFound, Unavailable, WrongPassword
from models.ids import ChannelId, Seq, UserId
from services.members import MemberService
from services.passwords import Passwords
from tests.services.fakes import ALICE, BOB, GENERAL, MALLORY, FakeChannels, FakePublisher
from tests.services.town import FakeMembers, FakeUsers, member_service


class Room:
    """Alice owns GENERAL and Bob is in it; Mallory is not."""

    def __init__(self) -> None:
        self.channels, self.publisher = FakeChannels(), FakePublisher()
        self.channels.roles = {(GENERAL, ALICE.user_id): "owner", (GENERAL, BOB.user_id): "member"}
        self.members, self.users = FakeMembers(self.channels), FakeUsers("alice", "bob", "mallory")

    def service(self, passwords: Passwords | None = None) -> MemberService:
        return member_service(self.channels, self.members, self.users, passwords, self.publisher)


@pytest.fixture
def room() -> Room:
    return Room()


async def refused(kind: type[Fault], attempt: Awaitable[object]) -> None:
    with pytest.raises(kind) as caught:
        await attempt
    assert type(caught.value) is kind


async def test_a_newcomer_is_told_to_the_channel_and_then_to_themselves(room: Room) -> None:
    await room.service().join(MALLORY, GENERAL, JoinChannel())

    assert room.publisher.facts == [
        (f"channel:{GENERAL}", "member.joined"),
        (f"user:{MALLORY.user_id}", "channel.opened"),
    ]


async def test_who_is_in_joins_again_without_password_and_without_a_word(room: Room) -> None:
    room.channels.password_hash = "not even a hash"

    await room.service().join(BOB, GENERAL, JoinChannel())

    assert room.publisher.told == []


async def test_a_password_opens_its_channel_and_no_other_does(room: Room) -> None:
    async with Passwords(threads=1) as passwords:
        room.channels.password_hash = await passwords.hash("open sesame")
        service = room.service(passwords)

        await refused(WrongPassword, service.join(MALLORY, GENERAL, JoinChannel()))
        await refused(WrongPassword, service.join(MALLORY, GENERAL, JoinChannel(password="Open sesame")))
        await service.join(MALLORY, GENERAL, JoinChannel(password="open sesame"))

    assert room.channels.roles[GENERAL, MALLORY.user_id] == "member"


async def test_a_private_channel_is_not_there_whatever_one_knows_of_it(room: Room) -> None:
    async with Passwords(threads=1) as passwords:
        room.channels.visible = {GENERAL: "private"}
        room.channels.password_hash = await passwords.hash("open sesame")

        await refused(
            NotFound, room.service(passwords).join(MALLORY, GENERAL, JoinChannel(password="open sesame"))
        )


async def test_a_busy_server_is_unavailable_and_not_a_wrong_password(room: Room) -> None:
    async with Passwords(threads=1, waiting=0) as passwords:
        room.channels.password_hash = await passwords.hash("open sesame")
        passwords._free = 0

        await refused(Unavailable, room.service(passwords).join(MALLORY, GENERAL, JoinChannel(password="x")))
        passwords._free = 1


async def test_a_channel_that_goes_away_meanwhile_is_not_found(room: Room) -> None:
    room.members.answer = "absent"
    service = room.service()

    await refused(NotFound, service.join(MALLORY, GENERAL, JoinChannel()))
    await refused(NotFound, service.put(ALICE, GENERAL, MALLORY.user_id))
    await refused(NotFound, service.put(ALICE, GENERAL, BOB.user_id, "owner"))
    await refused(NotFound, service.remove(ALICE, GENERAL, BOB.user_id))
    await refused(NotFound, service.leave(BOB, GENERAL))
    assert room.publisher.told == []


async def test_what_another_did_first_is_done_and_told_no_more(room: Room) -> None:
    room.members.answer = "already"
    service = room.service()

    await service.join(MALLORY, GENERAL, JoinChannel())
    await service.put(ALICE, GENERAL, MALLORY.user_id)
    await service.put(ALICE, GENERAL, BOB.user_id, "moderator")

    assert room.publisher.told == []


async def test_the_last_owner_keeps_the_role(room: Room) -> None:
    room.members.answer = "last_owner"

    await refused(Conflict, room.service().put(ALICE, GENERAL, ALICE.user_id, "member"))


@pytest.mark.parametrize("role", ["owner", "moderator"])
async def test_members_bring_in_members_and_nothing_more(room: Room, role: str) -> None:
    service = room.service()

    await refused(Forbidden, service.put(BOB, GENERAL, MALLORY.user_id, role))  # type: ignore[arg-type]
    await service.put(BOB, GENERAL, MALLORY.user_id)

    assert room.channels.roles[GENERAL, MALLORY.user_id] == "member"


async def test_without_a_role_who_is_in_stays_what_they_are(room: Room) -> None:
    await room.service().put(BOB, GENERAL, ALICE.user_id)

    assert room.channels.roles[GENERAL, ALICE.user_id] == "owner"
    assert room.publisher.told == []


async def test_only_owners_change_roles_their_own_included(room: Room) -> None:
    service = room.service()

    await refused(Forbidden, service.put(BOB, GENERAL, BOB.user_id, "owner"))
    await refused(Forbidden, service.put(BOB, GENERAL, ALICE.user_id, "member"))
    await service.put(ALICE, GENERAL, BOB.user_id, "moderator")

    assert room.publisher.facts == [(f"channel:{GENERAL}", "member.changed")]


async def test_nobody_brings_in_a_user_who_is_not_there(room: Room) -> None:
    await refused(NotFound, room.service().put(ALICE, GENERAL, UserId(99)))


async def test_a_removal_is_told_to_the_channel_first(room: Room) -> None:
    await room.service().remove(ALICE, GENERAL, BOB.user_id)

    assert room.publisher.facts == [
        (f"channel:{GENERAL}", "member.left"),
        (f"user:{BOB.user_id}", "channel.closed"),
    ]


async def test_nobody_removes_their_betters_but_anyone_themselves(room: Room) -> None:
    service = room.service()

    await refused(Forbidden, service.remove(BOB, GENERAL, ALICE.user_id))
    await refused(NotFound, service.remove(BOB, GENERAL, MALLORY.user_id))
    await service.remove(BOB, GENERAL, BOB.user_id)

    assert (GENERAL, BOB.user_id) not in room.channels.roles


async def test_a_direct_channel_stays_between_the_same_people(room: Room) -> None:
    room.channels.kind, room.channels.visible = "direct", {GENERAL: "private"}
    room.channels.roles[GENERAL, ALICE.user_id] = "member"
    service = room.service()

    await refused(Conflict, service.leave(BOB, GENERAL))
    await refused(Conflict, service.remove(BOB, GENERAL, BOB.user_id))
    await refused(Forbidden, service.remove(BOB, GENERAL, ALICE.user_id))
    await refused(Conflict, service.put(BOB, GENERAL, MALLORY.user_id))
    await refused(Forbidden, service.put(BOB, GENERAL, BOB.user_id, "owner"))
    assert room.publisher.told == []


ATTEMPTS: list[Callable[[MemberService, Actor, ChannelId], Awaitable[object]]] = [
    lambda service, who, where: service.leave(who, where),
    lambda service, who, where: service.remove(who, where, ALICE.user_id),
    lambda service, who, where: service.put(who, where, MALLORY.user_id),
    lambda service, who, where: service.mark_read(who, where, Seq(1)),
    lambda service, who, where: service.reader(who, where),
]


@pytest.mark.parametrize("number", range(len(ATTEMPTS)))
async def test_an_outsider_is_refused_in_public_and_sees_nothing_in_private(room: Room, number: int) -> None:
    attempt = ATTEMPTS[number]

    await refused(Forbidden, attempt(room.service(), MALLORY, GENERAL))
    room.channels.visible = {GENERAL: "private"}
    with pytest.raises(NotFound) as private:
        await attempt(room.service(), MALLORY, GENERAL)
    with pytest.raises(NotFound) as absent:
        await attempt(room.service(), MALLORY, ChannelId(99))

    assert private.value.detail == absent.value.detail
    assert room.members.read == []
