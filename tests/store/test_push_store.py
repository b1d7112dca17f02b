"""What devices are yet to be told of: looked at once, leased to one instance at a time, and read when it is sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from models.ids import ChannelId, Seq, SessionId, UserId
from models.push import Due
from store.push import PushStore
from tests.store.shelf import Shelf


@pytest.fixture
def pushes(shelf: Shelf) -> PushStore:
    return PushStore(shelf.database)


@pytest.fixture
async def behind(database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


async def device(shelf: Shelf, pushes: PushStore, user: UserId, endpoint: str = "https://x.example/1") -> str:
    session = await shelf.sessions.create(user, "", datetime.now(UTC) + timedelta(days=1), "hash")
    assert session is not None
    put = await pushes.put(user, session, endpoint, b"k", b"a", shows_text=True)
    assert not isinstance(put, str)
    return put[0].id


async def called(shelf: Shelf, pushes: PushStore) -> tuple[ChannelId, Seq]:
    """A channel of alice's and bob's, in which she has just called for him at his one device."""
    alice, bob = await shelf.person("alice"), await shelf.person("bob")
    channel = await shelf.channel(alice, bob)
    await device(shelf, pushes, bob)
    await shelf.members.set_notifications(channel, bob, "all")
    return channel, await shelf.say(channel, alice)


async def test_news_are_noted_once_whoever_asks(shelf: Shelf, pushes: PushStore) -> None:
    channel, seq = await called(shelf, pushes)

    assert await pushes.news() == [channel]
    await pushes.note([channel])
    (due,) = await pushes.claim("one", 10)
    assert (due.channel_id, due.until_seq, due.attempts) == (channel, seq, 0)
    await pushes.finish([due], "one")

    assert await pushes.news() == []
    await pushes.note([channel])
    assert await pushes.claim("one", 10) == []


async def test_what_one_instance_works_on_is_no_others_until_its_lease_is_over(
    shelf: Shelf, pushes: PushStore, behind: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    channel, _ = await called(shelf, pushes)
    await pushes.note([channel])
    (mine,) = await pushes.claim("one", 10)
    assert await pushes.claim("other", 10) == []

    await behind.execute("update pushes set next_at = now()")
    (theirs,) = await pushes.claim("other", 10)
    await pushes.finish([mine], "one")
    await pushes.postpone([mine], timedelta(), "one", counts=True)

    assert theirs == mine
    assert await behind.fetchval("select lease_owner from pushes") == "other"


async def test_what_comes_while_a_notice_is_sent_is_due_after_it(shelf: Shelf, pushes: PushStore) -> None:
    channel, first = await called(shelf, pushes)
    await pushes.note([channel])
    (due,) = await pushes.claim("one", 10)
    alice = UserId(await shelf.database.value("get_credentials", shelf.workspace, "alice"))
    second = await shelf.say(channel, alice, "more")
    await pushes.note([channel])
    assert await pushes.claim("other", 10) == []

    await pushes.finish([due], "one")

    assert [(one.after_seq, one.until_seq) for one in await pushes.claim("other", 10)] == [(first, second)]


async def test_a_session_that_is_over_names_no_device(shelf: Shelf, pushes: PushStore) -> None:
    bob = await shelf.person("bob")

    put = await pushes.put(bob, SessionId("none"), "https://x.example/1", b"k", b"a", shows_text=True)

    assert put == "no_session"
    assert await pushes.of(bob) == []


async def test_a_session_that_ran_out_is_told_nothing_and_swept(
    shelf: Shelf, pushes: PushStore, behind: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    channel, _ = await called(shelf, pushes)
    await pushes.note([channel])
    due = await pushes.claim("one", 10)
    assert await pushes.calls(due)

    await behind.execute("update sessions set expires_at = now()")

    assert await pushes.calls(due) == {}
    await pushes.sweep()
    assert await behind.fetchval("select count(*) from push_subscriptions") == 0
    assert await behind.fetchval("select count(*) from pushes") == 0


async def test_a_device_that_takes_nothing_for_long_is_dropped(shelf: Shelf, pushes: PushStore) -> None:
    bob = await shelf.person("bob")
    found = await device(shelf, pushes, bob)

    failed = [await pushes.failed(found) for _ in range(19)]
    await pushes.succeeded(found)
    failed += [await pushes.failed(found) for _ in range(20)]

    assert failed == [False] * 38 + [True]
    assert await pushes.of(bob) == []


async def test_nothing_of_another_workspace_is_told(
    shelf: Shelf, pushes: PushStore, behind: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    channel, _ = await called(shelf, pushes)
    await pushes.note([channel])
    due: list[Due] = await pushes.claim("one", 10)

    await behind.execute(
        "with made as (insert into workspaces (slug, name) values ('other', 'Other') returning id)"
        " update users set workspace_id = (select id from made) where username = 'bob'"
    )

    assert await pushes.calls(due) == {}


async def test_the_first_of_two_keys_stays(pushes: PushStore) -> None:
    assert [await pushes.key(b"one"), await pushes.key(b"two")] == [b"one", b"one"]
