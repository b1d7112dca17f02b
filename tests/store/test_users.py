"""Users as rows: names that count as one, the first and the last admin, invitations, and what a deletion leaves."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models.accounts import UpdateUser, User, UserQuery
from models.ids import Seq, UserId
from tests.store.shelf import Shelf, fact

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


async def test_of_many_who_come_first_at_once_one_is_the_admin(shelf: Shelf) -> None:
    made = await asyncio.gather(
        *(shelf.users.create(shelf.workspace, f"first{n}", "First", "hash") for n in range(8))
    )

    assert sorted(one.role for one in made if isinstance(one, User)) == ["admin"] + ["member"] * 7


async def test_names_that_read_alike_go_to_one_of_those_who_want_them(shelf: Shelf) -> None:
    names = ("straße", "STRASSE", "Strasse", "ｓtrasse")

    made = await asyncio.gather(
        *(shelf.users.create(shelf.workspace, name, name, "hash") for name in names * 2)
    )

    assert made.count("taken") == 7
    found = await shelf.users.credentials(shelf.workspace, "sTrAsSe")
    assert found is not None


async def test_an_invitation_serves_exactly_as_many_as_it_says(shelf: Shelf, alice: UserId) -> None:
    await shelf.invites.create(shelf.workspace, b"digest", 3, TOMORROW, alice)

    made = await asyncio.gather(
        *(
            shelf.users.create(shelf.workspace, f"guest{n}", "Guest", "hash", invite=b"digest")
            for n in range(10)
        )
    )

    assert made.count("no_invite") == 7
    assert await shelf.invites.usable(shelf.workspace) == []


async def test_a_taken_name_uses_up_no_invitation(shelf: Shelf, alice: UserId) -> None:
    invite = await shelf.invites.create(shelf.workspace, b"digest", 1, TOMORROW, alice)

    assert await shelf.users.create(shelf.workspace, "ALICE", "A", "hash", invite=b"digest") == "taken"

    assert await shelf.invites.usable(shelf.workspace) == [invite]


async def test_an_invitation_that_ran_out_or_was_taken_back_or_made_up_serves_nobody(
    shelf: Shelf, alice: UserId
) -> None:
    await shelf.invites.create(shelf.workspace, b"old", 1, YESTERDAY, alice)
    taken_back = await shelf.invites.create(shelf.workspace, b"taken back", 1, TOMORROW, alice)
    assert await shelf.invites.delete(shelf.workspace, taken_back.id)
    assert not await shelf.invites.delete(shelf.workspace, taken_back.id)

    for digest in (b"old", b"taken back", b"made up"):
        made = await shelf.users.create(shelf.workspace, "mallory", "M", "hash", invite=digest)
        assert made == "no_invite"


async def test_the_first_user_needs_no_invitation(shelf: Shelf) -> None:
    made = await shelf.users.create(shelf.workspace, "alice", "Alice", "hash", invite=b"none")

    assert isinstance(made, User)
    assert made.role == "admin"


async def test_the_last_admin_stays_when_two_take_the_role_from_each_other(
    shelf: Shelf, alice: UserId
) -> None:
    for number in range(10):
        other = await shelf.person(f"admin{number}")
        await shelf.users.update(shelf.workspace, other, UpdateUser(role="admin"))

        answers = await asyncio.gather(
            shelf.users.update(shelf.workspace, alice, UpdateUser(role="member")),
            shelf.users.delete(shelf.workspace, other, alice)
            if number % 2
            else shelf.users.update(shelf.workspace, other, UpdateUser(disabled=True)),
        )

        assert sum(answer == "last_admin" for answer in answers) == 1
        await shelf.users.update(shelf.workspace, other, UpdateUser(disabled=False))
        await shelf.users.update(shelf.workspace, alice, UpdateUser(role="admin"))
        await shelf.users.delete(shelf.workspace, other, alice)


async def test_a_disabled_admin_does_not_count_as_one(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    await shelf.users.update(shelf.workspace, bob, UpdateUser(role="admin", disabled=True))

    assert await shelf.users.update(shelf.workspace, alice, UpdateUser(role="member")) == "last_admin"
    assert await shelf.users.delete(shelf.workspace, alice, alice) == "last_admin"


async def test_a_deleted_user_leaves_a_row_without_a_person(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    general = await shelf.channel(bob, alice)
    await shelf.say(general, bob, "I was here")

    deleted = await shelf.users.delete(shelf.workspace, bob, alice)

    assert not isinstance(deleted, str)
    entry, left = deleted
    assert (fact(entry)["type"], entry.drops) == ("user.revoked", "*")
    assert [fact(one)["type"] for one in left[general]] == ["member.left", "member.changed"]
    assert await shelf.roles(general) == {alice: "owner"}
    ghost = await shelf.users.get(shelf.workspace, bob)
    assert ghost is not None
    assert (ghost.username, ghost.display_name, ghost.deleted) == ("deleted user", "deleted user", True)
    assert await shelf.users.credentials(shelf.workspace, "bob") is None
    assert await shelf.users.page(shelf.workspace, UserQuery(q="deleted")) == []
    assert [one["message"]["author_id"] for one in await shelf.log(general) if "message" in one] == [bob]
    assert await shelf.person("bob") != bob
    assert await shelf.users.delete(shelf.workspace, bob, alice) == "absent"
    assert await shelf.users.update(shelf.workspace, bob, UpdateUser(role="admin")) == "absent"


async def test_a_deletion_waits_for_whoever_changes_the_users_channels_meanwhile(
    shelf: Shelf, alice: UserId
) -> None:
    for number in range(6):
        person = await shelf.person(f"guest{number}")
        channels = [await shelf.channel(alice, person) for _ in range(5)]

        answers = await asyncio.gather(
            shelf.users.delete(shelf.workspace, person, alice),
            *(shelf.members.remove(channel, person, alice) for channel in reversed(channels)),
            return_exceptions=True,
        )

        assert not [answer for answer in answers if isinstance(answer, Exception)]
        for channel in channels:
            facts = [one["type"] for one in await shelf.log(channel)]
            assert facts == ["member.joined", "member.joined", "member.left"]


@pytest.mark.parametrize("q", ["li", "LI", "ALICE", "wonder", ""])
async def test_a_search_finds_a_part_of_the_username_or_the_display_name(shelf: Shelf, q: str) -> None:
    await shelf.users.create(shelf.workspace, "alice", "Wonderful", "hash")

    assert [one.username for one in await shelf.users.page(shelf.workspace, UserQuery(q=q))] == ["alice"]


async def test_a_users_own_log_has_no_gap_whoever_writes_it(shelf: Shelf, alice: UserId) -> None:
    channels = [await shelf.channel(alice) for _ in range(5)]
    bob = await shelf.person("bob")

    await asyncio.gather(*(shelf.members.add(channel, bob, "member", bob) for channel in channels))
    await asyncio.gather(
        *(shelf.members.remove(channel, bob, bob) for channel in channels), shelf.sessions.revoke_all(bob)
    )

    facts = await shelf.users.facts(bob, Seq(0), 100)
    assert [entry.seq for entry in facts] == list(range(1, 12))
    assert await shelf.users.heads([bob]) == {bob: 11}
    assert [entry.seq for entry in await shelf.users.facts(bob, Seq(8), 2)] == [9, 10]
