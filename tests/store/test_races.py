"""What several connections do at once: the log has no hole, nobody posts after a removal."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.channels import UpdateChannel
from models.errors import Conflict
from models.ids import Seq, UserId
from tests.store.shelf import Shelf, draft, open_shelf


@pytest.fixture
async def shelf(database: str) -> AsyncIterator[Shelf]:
    async with open_shelf(database, size=12) as opened:
        yield opened


async def test_batches_of_many_connections_leave_no_hole_and_no_client_id_twice(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    channels = [await shelf.channel(alice, bob) for _ in range(4)]
    chance = random.Random(7)  # noqa: S311 - the same mixture every time
    verdicts: dict[tuple[int, int, str], set[tuple[int | None, object]]] = {}

    async def write() -> None:
        for _ in range(12):
            names = {
                (chance.choice(channels), chance.choice([alice, bob]), f"c{chance.randrange(120)}")
                for _ in range(chance.randint(1, 12))
            }
            drafts = [draft(*name, "always the same") for name in names]
            for name, row in zip(names, await shelf.chat.append(drafts), strict=True):
                verdicts.setdefault(name, set()).add((row.seq, row.created_at))

    await asyncio.gather(*(write() for _ in range(12)))

    assert all(len(answers) == 1 for answers in verdicts.values())
    heads = await shelf.channels.heads(list(channels))
    for channel in channels:
        log = await shelf.log(channel)
        assert [fact["seq"] for fact in log] == list(range(1, heads[channel] + 1))
        messages = [fact["message"] for fact in log if fact["type"] == "message.posted"]
        names = {(one["author_id"], one["client_id"]) for one in messages}
        assert len(names) == len(messages)
        stamps = [one["created_at"] for one in messages]
        assert stamps == sorted(stamps)


async def test_one_client_id_posted_at_once_over_many_connections_is_one_message(
    shelf: Shelf, alice: UserId
) -> None:
    general = await shelf.channel(alice)

    for number in range(60):
        answers = await asyncio.gather(
            *(shelf.chat.append([draft(general, alice, f"c{number}")]) for _ in range(12))
        )
        rows = [row for (row,) in answers]

        assert sorted(row.outcome for row in rows) == ["posted"] + ["replayed"] * 11
        assert {row.seq for row in rows} == {number + 2}
    assert await shelf.channels.heads([general]) == {general: 61}


async def test_other_contents_under_one_client_id_at_once_give_one_message_and_conflicts(
    shelf: Shelf, alice: UserId
) -> None:
    general = await shelf.channel(alice)

    for number in range(30):
        answers = await asyncio.gather(
            *(shelf.chat.append([draft(general, alice, f"c{number}", f"text {n}")]) for n in range(8))
        )

        assert sorted(row.outcome for (row,) in answers) == ["conflict"] * 7 + ["posted"]
        assert {row.seq for (row,) in answers} == {number + 2}


async def test_after_a_removal_no_seq_is_its_users_until_they_are_back(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice, bob)
    is_over = asyncio.Event()

    async def post() -> None:
        while not is_over.is_set():
            await shelf.chat.append([draft(general, bob, shelf.name()), draft(general, alice, shelf.name())])

    async def remove_and_add() -> None:
        for _ in range(40):
            await shelf.members.remove(general, bob, alice)
            await shelf.members.add(general, bob, "member", alice)
        is_over.set()

    await asyncio.gather(remove_and_add(), *(post() for _ in range(6)))

    log = await shelf.log(general)
    assert [fact["seq"] for fact in log] == list(range(1, len(log) + 1))
    assert by_members_only(log) > 80


def by_members_only(log: list[dict[str, Any]]) -> int:
    """How many posts the log holds, each by somebody who was a member at its place."""
    inside, posts = set(), 0
    for fact in log:
        match fact["type"]:
            case "member.joined":
                inside.add(fact["user_id"])
            case "member.left":
                inside.remove(fact["user_id"])
            case "message.posted":
                assert fact["message"]["author_id"] in inside
                posts += 1
    return posts


async def test_nothing_is_posted_to_a_channel_after_its_deletion(shelf: Shelf, alice: UserId) -> None:
    for _ in range(15):
        general = await shelf.channel(alice)
        posts = [shelf.chat.append([draft(general, alice, shelf.name())]) for _ in range(8)]
        answers, _ = await asyncio.gather(asyncio.gather(*posts), shelf.channels.delete(general, alice))

        log = await shelf.log(general)
        assert log[-1]["type"] == "channel.deleted"
        assert [fact["seq"] for fact in log] == list(range(1, len(log) + 1))
        assert [row.outcome for (row,) in answers].count("posted") == len(log) - 2


async def test_whoever_reads_the_log_while_it_is_written_sees_no_gap(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice, bob)
    is_over = asyncio.Event()
    chance = random.Random(11)  # noqa: S311 - the same mixture every time

    async def post() -> None:
        for _ in range(40):
            await shelf.chat.append([draft(general, alice, shelf.name()) for _ in range(3)])

    async def change() -> None:
        for number in range(40):
            await shelf.channels.update(
                shelf.workspace, general, alice, UpdateChannel(description=f"{number}"), None
            )

    async def read() -> int:
        reads = 0
        while not is_over.is_set():
            head = (await shelf.channels.heads([general]))[general]
            after = chance.randrange(head + 1)
            entries = await shelf.chat.facts(general, Seq(after), 200)
            seqs = [entry.seq for entry in entries]
            assert seqs == list(range(after + 1, after + 1 + len(seqs)))
            assert after + len(seqs) >= min(head, after + 200)
            reads += 1
        return reads

    async def write() -> None:
        await asyncio.gather(post(), post(), change(), change())
        is_over.set()

    _, *reads = await asyncio.gather(write(), read(), read(), read())

    assert sum(reads) > 20
    assert len(await shelf.log(general)) == 2 + 2 * 120 + 2 * 40


async def test_a_direct_channel_opened_by_everyone_at_once_is_one(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId
) -> None:
    trio = [alice, bob, mallory]

    opened = await asyncio.gather(*(shelf.channels.direct(shelf.workspace, one, trio) for one in trio * 4))

    assert len({channel for channel, _ in opened}) == 1
    assert sorted(len(entered) for _, entered in opened) == [0] * 11 + [3]
    assert await shelf.roles(opened[0][0]) == dict.fromkeys(trio, "member")


async def test_a_name_taken_by_many_at_once_goes_to_one(shelf: Shelf, alice: UserId) -> None:
    made = await asyncio.gather(
        *(
            shelf.channels.create(
                shelf.workspace, alice, name=name, description="", visibility="public", password_hash=None
            )
            for name in ("Straße", "STRASSE", "strasse", "ｓｔｒａｓｓｅ") * 3
        )
    )

    assert sum(one is not None for one in made) == 1


async def test_two_channels_renamed_to_one_name_at_once_do_not_both_get_it(
    shelf: Shelf, alice: UserId
) -> None:
    for number in range(10):
        channels = [await shelf.channel(alice), await shelf.channel(alice)]
        change = UpdateChannel(name=f"new name {number}")

        answers = await asyncio.gather(
            *(shelf.channels.update(shelf.workspace, one, alice, change, None) for one in channels),
            return_exceptions=True,
        )

        refused = [answer for answer in answers if answer == "taken" or isinstance(answer, Conflict)]
        assert len(refused) == 1
        for channel in channels:
            log = await shelf.log(channel)
            assert [fact["seq"] for fact in log] == list(range(1, len(log) + 1))


async def test_of_two_owners_who_step_down_at_once_one_stays(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general = await shelf.channel(alice)
    await shelf.enter(general, bob, "owner")
    for _ in range(10):
        answers = await asyncio.gather(
            *(shelf.members.change_role(general, one, "member", one) for one in (alice, bob))
        )

        assert sum(answer == "last_owner" for answer in answers) == 1
        assert sorted((await shelf.roles(general)).values()) == ["member", "owner"]
        await asyncio.gather(*(shelf.members.change_role(general, one, "owner", one) for one in (alice, bob)))


async def test_comings_and_goings_at_once_keep_the_count_and_an_owner(shelf: Shelf, alice: UserId) -> None:
    people = [alice, *[await shelf.person(f"person{n}") for n in range(7)]]
    general = await shelf.channel(alice)
    chance = random.Random(3)  # noqa: S311 - the same mixture every time

    async def wander() -> None:
        for _ in range(15):
            one = chance.choice(people)
            if chance.random() < 0.5:
                await shelf.members.add(general, one, "member", one)
            else:
                await shelf.members.remove(general, one, one)

    await asyncio.gather(*(wander() for _ in range(8)))

    roles = await shelf.roles(general)
    channel = await shelf.channels.get(shelf.workspace, general, alice)
    assert channel is not None
    assert channel.member_count == len(roles)
    assert "owner" in roles.values() or not roles
    log = await shelf.log(general)
    assert [fact["seq"] for fact in log] == list(range(1, len(log) + 1))
