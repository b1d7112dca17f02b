"""Who may do what, as one table: a row for each standing, a column for each right."""

from itertools import product

import pytest

from models.accounts import Actor, Role
from models.channels import ChannelRole, Kind, Standing, Visibility
from models.ids import ChannelId, Seq, SessionId, UserId, WorkspaceId
from services import policy

RIGHTS = ("see", "read", "change", "add a member", "add an owner", "change roles")

TABLE: dict[tuple[Role, Kind, Visibility, ChannelRole | None], str] = {
    ("member", "channel", "public", None): "see",
    ("member", "channel", "public", "member"): "see, read, add a member",
    ("member", "channel", "public", "moderator"): "see, read, add a member",
    ("member", "channel", "public", "owner"): "see, read, change, add a member, add an owner, change roles",
    ("member", "channel", "private", None): "",
    ("member", "channel", "private", "member"): "see, read, add a member",
    ("member", "channel", "private", "moderator"): "see, read, add a member",
    ("member", "channel", "private", "owner"): "see, read, change, add a member, add an owner, change roles",
    ("admin", "channel", "public", None): "see, change",
    ("admin", "channel", "public", "member"): "see, read, change, add a member",
    ("admin", "channel", "public", "moderator"): "see, read, change, add a member",
    ("admin", "channel", "public", "owner"): "see, read, change, add a member, add an owner, change roles",
    ("admin", "channel", "private", None): "",
    ("admin", "channel", "private", "member"): "see, read, change, add a member",
    ("admin", "channel", "private", "moderator"): "see, read, change, add a member",
    ("admin", "channel", "private", "owner"): "see, read, change, add a member, add an owner, change roles",
    ("member", "direct", "private", None): "",
    ("member", "direct", "private", "member"): "see, read",
    ("admin", "direct", "private", None): "",
    ("admin", "direct", "private", "member"): "see, read",
}


def actor(role: Role) -> Actor:
    return Actor(UserId(1), WorkspaceId(1), SessionId("s"), role, 0.0)


def standing(kind: Kind, visibility: Visibility, role: ChannelRole | None) -> Standing:
    return Standing(ChannelId(1), kind, visibility, Seq(0), role)


@pytest.mark.parametrize("case", TABLE)
def test_a_standing_gives_the_rights_of_its_row(
    case: tuple[Role, Kind, Visibility, ChannelRole | None],
) -> None:
    role, *place = case
    here = standing(*place)  # type: ignore[arg-type]
    may = (
        policy.may_see(here),
        policy.may_read(here),
        policy.may_change(actor(role), here),
        policy.may_add(here, "member"),
        policy.may_add(here, "owner"),
        policy.may_change_roles(here),
    )

    assert ", ".join(right for right, is_his in zip(RIGHTS, may, strict=True) if is_his) == TABLE[case]


def test_one_removes_whom_one_outranks_and_owners_remove_anybody() -> None:
    roles: tuple[ChannelRole, ...] = ("member", "moderator", "owner")
    allowed = {
        (mine, theirs)
        for mine, theirs in product(roles, roles)
        if policy.may_remove(standing("channel", "private", mine), theirs)
    }

    assert allowed == {("moderator", "member"), *(("owner", role) for role in roles)}


def test_nobody_removes_anybody_from_a_direct_channel_or_from_outside() -> None:
    for theirs in ("member", "moderator", "owner"):
        assert not policy.may_remove(standing("direct", "private", "member"), theirs)
        assert not policy.may_remove(standing("channel", "public", None), theirs)


def test_only_admins_administer() -> None:
    assert policy.may_administer(actor("admin"))
    assert not policy.may_administer(actor("member"))
