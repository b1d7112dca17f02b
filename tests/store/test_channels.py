"""Channels as rows: one name, one direct channel for the same people, and what a caller gets to see."""

from typing import Literal

import pytest

from models.channels import ChannelQuery, UpdateChannel
from models.errors import NotFound
from models.ids import ChannelId, UserId
from tests.store.shelf import Shelf, fact


async def names(
    shelf: Shelf, caller: UserId, q: str = "", scope: Literal["joined", "all"] = "all"
) -> list[str]:
    return [
        one.name for one in await shelf.channels.page(shelf.workspace, caller, ChannelQuery(scope=scope, q=q))
    ]


async def make(shelf: Shelf, creator: UserId, name: str) -> ChannelId | None:
    made = await shelf.channels.create(
        shelf.workspace, creator, name=name, description="", visibility="public", password_hash=None
    )
    return made[0] if made else None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("General", "gENERAL"),
        ("Straße", "STRASSE"),
        ("ﬁle", "FILE"),
        ("Ångström", "A\u030angstro\u0308m"),
        ("１２３", "123"),
        ("Ω", "ω"),  # the ohm sign
    ],
)
async def test_names_that_read_alike_are_one_name(
    shelf: Shelf, alice: UserId, first: str, second: str
) -> None:
    assert await make(shelf, alice, first)

    assert await make(shelf, alice, second) is None


async def test_a_channel_keeps_its_name_in_another_case_and_frees_it_with_its_deletion(
    shelf: Shelf, alice: UserId
) -> None:
    general = await make(shelf, alice, "general")
    assert general is not None

    changed = await shelf.channels.update(
        shelf.workspace, general, alice, UpdateChannel(name="GENERAL"), None
    )
    assert not isinstance(changed, str)
    await shelf.channels.delete(general, alice)

    assert await make(shelf, alice, "general") not in (None, general)


@pytest.mark.parametrize("name", ["ﷺ" * 80, "㍿" * 80, "𝒲" * 80, "ΐ" * 80])
async def test_the_longest_name_fits_into_the_index_in_whatever_letters(
    shelf: Shelf, alice: UserId, name: str
) -> None:
    assert await make(shelf, alice, name)
    assert await make(shelf, alice, name) is None


async def test_a_search_finds_any_part_in_any_case_and_its_wildcards_are_letters(
    shelf: Shelf, alice: UserId
) -> None:
    for name in ("100% Rock", "a_b", "acb", "back\\slash", "Straßenbahn"):
        await make(shelf, alice, name)

    assert await names(shelf, alice, "%") == ["100% Rock"]
    assert await names(shelf, alice, "A_B") == ["a_b"]
    assert await names(shelf, alice, "\\") == ["back\\slash"]
    assert await names(shelf, alice, "STRASSE") == ["Straßenbahn"]


async def test_a_change_is_a_fact_that_shows_nobodys_membership(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice, bob, name="general")

    changed = await shelf.channels.update(
        shelf.workspace,
        general,
        alice,
        UpdateChannel(description="all about it", password="open sesame"),
        "hash",
    )

    assert not isinstance(changed, str)
    seen, entry = changed
    assert (seen.name, seen.description, seen.has_password) == ("general", "all about it", True)
    assert seen.membership is not None
    assert fact(entry)["channel"]["membership"] is None
    assert "hash" not in entry.payload.decode()


async def test_a_password_stays_until_it_is_changed_or_taken_away(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)
    for change, hash_, expected in (
        (UpdateChannel(password="open sesame"), "hash", "hash"),
        (UpdateChannel(description="else"), None, "hash"),
        (UpdateChannel(password=None), None, None),
    ):
        await shelf.channels.update(shelf.workspace, general, alice, change, hash_)
        standing = await shelf.channels.standing(shelf.workspace, general, alice)

        assert standing is not None
        assert standing.password_hash == expected


async def test_who_may_no_longer_see_a_channel_changes_nothing_in_it(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    secret = await shelf.channel(alice, bob, name="secret", visibility="private")
    await shelf.members.remove(secret, alice, alice)

    with pytest.raises(NotFound):
        await shelf.channels.update(shelf.workspace, secret, alice, UpdateChannel(name="mine"), None)

    found = await shelf.channels.get(shelf.workspace, secret, bob)
    assert found is not None
    assert found.name == "secret"


async def test_a_private_channel_shows_to_its_members_alone(
    shelf: Shelf, alice: UserId, mallory: UserId
) -> None:
    secret = await shelf.channel(alice, name="secret", visibility="private")
    await shelf.channel(alice, name="open")

    assert await names(shelf, alice) == ["secret", "open"]
    assert await names(shelf, mallory) == ["open"]
    assert await names(shelf, mallory, scope="joined") == []
    assert await shelf.channels.get(shelf.workspace, secret, mallory) is None
    found = await shelf.channels.get(shelf.workspace, secret, alice)
    assert found is not None
    assert found.membership is not None


async def test_both_lists_of_channels_say_the_same_of_one(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    general = await shelf.channel(alice, bob)
    await shelf.say(general, bob)

    for scope in ("joined", "all"):
        (listed,) = await shelf.channels.page(shelf.workspace, alice, ChannelQuery(scope=scope))
        assert listed == await shelf.channels.get(shelf.workspace, general, alice)


async def test_a_direct_channel_is_the_one_of_its_people(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    pair, entered = await shelf.channels.direct(shelf.workspace, alice, [alice, bob])
    again, nobody = await shelf.channels.direct(shelf.workspace, bob, [alice, bob])
    trio, _ = await shelf.channels.direct(shelf.workspace, bob, [alice, bob, mallory])

    assert again == pair != trio
    assert [user for user, _, _ in entered] == [alice, bob]
    assert nobody == []
    assert await shelf.channels.get(shelf.workspace, pair, mallory) is None
    found = await shelf.channels.get(shelf.workspace, pair, bob)
    assert found is not None
    assert (found.kind, found.direct_user_ids, found.member_count) == ("direct", [alice, bob], 2)


async def test_nameless_channels_do_not_take_each_others_name(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    assert await make(shelf, alice, "named")
    one, _ = await shelf.channels.direct(shelf.workspace, alice, [alice])
    two, _ = await shelf.channels.direct(shelf.workspace, alice, [alice, bob])

    assert one != two
