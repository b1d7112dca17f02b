"""Coming, going and what one is in a channel: each a fact of its log, and nobody is left without an owner."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.channels import ChannelRole, MemberQuery
from models.ids import ChannelId, Seq, UserId
from models.moderation import Ban
from tests.store.shelf import Shelf, fact


async def test_who_comes_in_is_told_to_the_channel_and_to_themselves(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice)

    entered = await shelf.members.add(general, bob, "moderator", alice)

    assert not isinstance(entered, str | Ban)
    user, entry, personal = entered
    assert user == bob
    told = {"type": "member.joined", "channel_id": general, "seq": 2, "user_id": bob, "role": "moderator"}
    assert fact(entry) == told
    assert fact(personal) == {"type": "channel.opened", "user_id": bob, "channel_id": general}
    assert await shelf.roles(general) == {alice: "owner", bob: "moderator"}


async def test_who_is_in_is_not_brought_in_again(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    general = await shelf.channel(alice, bob)

    assert await shelf.members.add(general, bob, "owner", alice) == "already"
    assert await shelf.roles(general) == {alice: "owner", bob: "member"}
    assert await shelf.channels.heads([general]) == {general: 2}


async def test_a_removal_ends_the_topic_for_the_removed_and_names_who_did_it(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice, bob)

    removed = await shelf.members.remove(general, bob, alice)

    assert not isinstance(removed, str)
    (entry,), personal = removed
    assert fact(entry) == {
        "type": "member.left",
        "channel_id": general,
        "seq": 3,
        "user_id": bob,
        "by": alice,
    }
    assert entry.drops == f"user:{bob}"
    assert fact(personal)["type"] == "channel.closed"
    assert await shelf.members.remove(general, bob, alice) == "absent"


async def test_a_deleted_channel_takes_nobody_in_and_lets_nobody_out(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice, bob)
    await shelf.channels.delete(general, alice)

    assert await shelf.members.add(general, mallory, "member", mallory) == "absent"
    assert await shelf.members.remove(general, bob, bob) == "absent"
    assert await shelf.members.change_role(general, bob, "owner", alice) == "absent"
    assert await shelf.channels.delete(general, alice) is None
    assert await shelf.channels.heads([general]) == {general: 3}


async def test_the_last_owner_hands_on_to_the_moderator_who_has_been_there_longest(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice)
    await shelf.enter(general, mallory)
    await shelf.enter(general, bob, "moderator")
    await shelf.enter(general, await shelf.person("carol"), "moderator")

    removed = await shelf.members.remove(general, alice, alice)

    assert not isinstance(removed, str)
    left, heir = map(fact, removed[0])
    assert (left["type"], left["seq"], heir["type"], heir["seq"]) == ("member.left", 5, "member.changed", 6)
    assert (heir["user_id"], heir["role"]) == (bob, "owner")
    assert (await shelf.roles(general))[bob] == "owner"


async def test_without_a_moderator_the_longest_serving_member_inherits(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice, mallory, bob)

    await shelf.members.remove(general, alice, alice)

    assert await shelf.roles(general) == {mallory: "owner", bob: "member"}


async def test_while_another_owner_is_there_nobody_inherits(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice, mallory)
    await shelf.enter(general, bob, "owner")

    removed = await shelf.members.remove(general, alice, bob)

    assert not isinstance(removed, str)
    assert len(removed[0]) == 1
    assert await shelf.roles(general) == {mallory: "member", bob: "owner"}


async def test_the_last_owner_cannot_step_down(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    general = await shelf.channel(alice, bob)

    assert await shelf.members.change_role(general, alice, "member", alice) == "last_owner"
    assert await shelf.members.change_role(general, bob, "member", alice) == "already"
    assert await shelf.members.change_role(general, UserId(99), "member", alice) == "absent"
    changed = await shelf.members.change_role(general, bob, "owner", alice)
    assert not isinstance(changed, str)
    assert fact(changed)["role"] == "owner"
    assert not isinstance(await shelf.members.change_role(general, alice, "member", alice), str)


async def test_unread_are_the_messages_of_others_since_one_came_and_last_read(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice)
    await shelf.say(general, alice)
    await shelf.enter(general, bob)
    assert await unread(shelf, general, bob) == 0

    first = await shelf.say(general, alice)
    await shelf.say(general, alice)
    await shelf.say(general, bob)
    assert await unread(shelf, general, bob) == 2
    assert await unread(shelf, general, alice) == 1

    await shelf.members.mark_read(general, bob, first)
    assert await unread(shelf, general, bob) == 1
    await shelf.do(
        "update messages set deleted_at = now() where channel_id = $1 and seq > $2", general, first
    )
    assert await unread(shelf, general, bob) == 0


async def test_one_cannot_have_read_what_was_not_said(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice, bob)

    assert not isinstance(await shelf.members.mark_read(general, bob, Seq(2**53 - 1)), str)
    await shelf.say(general, alice)

    assert await unread(shelf, general, bob) == 1
    assert await shelf.members.mark_read(general, mallory, Seq(1)) == "absent"


async def test_pages_of_members_are_the_whole_list_cut_into_pieces(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice, *[await shelf.person(f"person{n}") for n in range(6)])
    whole = await shelf.members.page(general, MemberQuery(limit=200))

    pieces, cursor = [], None
    while True:
        rows = await shelf.members.page(general, MemberQuery(limit=2, cursor=cursor))
        pieces += rows[:2]
        if len(rows) <= 2:
            break
        cursor = str(rows[1].user_id)

    assert pieces == whole
    assert len(whole) == 7


async def test_who_comes_into_an_empty_channel_becomes_its_owner(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice)
    await shelf.members.remove(general, alice, alice)

    await shelf.members.add(general, bob, "member", bob)
    await shelf.members.add(general, mallory, "member", mallory)

    assert await shelf.roles(general) == {bob: "owner", mallory: "member"}


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "change"]),
        st.integers(0, 3),
        st.sampled_from(["owner", "moderator", "member"]),
    ),
    max_size=12,
)


@given(steps)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_comes_and_goes_the_log_tells_who_is_in_and_as_what(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId, steps: list[tuple[str, int, ChannelRole]]
) -> None:
    people = [alice, bob, mallory, UserId(2**40)]
    general = await shelf.channel(alice, bob)

    for step, number, role in steps:
        if step == "add" and number < 3:
            await shelf.members.add(general, people[number], role, alice)
        elif step == "remove":
            await shelf.members.remove(general, people[number], alice)
        elif step == "change":
            await shelf.members.change_role(general, people[number], role, alice)

        roles = await shelf.roles(general)
        assert "owner" in roles.values() or not roles
        assert {user for user, _ in told(await shelf.log(general))} == roles.keys()
        channel = await shelf.channels.get(shelf.workspace, general, alice)
        assert channel is not None
        assert channel.member_count == len(roles)


def told(log: list[dict[str, int | str]]) -> set[tuple[int, str]]:
    """Who is in, by the facts alone."""
    inside: set[int] = set()
    for one in log:
        user = int(one.get("user_id", 0))
        if one["type"] == "member.joined":
            inside.add(user)
        elif one["type"] == "member.left":
            inside.remove(user)
        else:
            assert user in inside
    return {(user, "") for user in inside}


async def unread(shelf: Shelf, channel: ChannelId, user: UserId) -> int:
    found = await shelf.channels.get(shelf.workspace, channel, user)
    assert found is not None
    assert found.membership is not None
    return found.membership.unread
