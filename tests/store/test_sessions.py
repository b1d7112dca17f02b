"""Sessions as rows: they begin with a password that still holds, move on one generation at a time, and end once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models.accounts import UpdateUser
from models.ids import SessionId, UserId
from tests.store.shelf import Shelf, fact

TOMORROW = datetime.now(UTC) + timedelta(days=1)


async def begin(shelf: Shelf, user: UserId) -> SessionId:
    session = await shelf.sessions.create(user, "browser", TOMORROW, "hash")
    assert session is not None
    return session


async def is_alive(shelf: Shelf, session: SessionId, user: UserId) -> bool:
    return await shelf.sessions.actor(session, user, 0) is not None


async def test_a_session_stands_for_its_own_user_alone(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    session = await begin(shelf, alice)

    actor = await shelf.sessions.actor(session, alice, 17.0)

    assert actor is not None
    assert (actor.user_id, actor.role, actor.session_id, actor.expires_at) == (alice, "admin", session, 17.0)
    assert not await is_alive(shelf, session, bob)
    assert not await is_alive(shelf, SessionId("made up"), alice)


async def test_of_many_refreshes_of_one_generation_one_wins(shelf: Shelf, alice: UserId) -> None:
    session = await begin(shelf, alice)

    answers = await asyncio.gather(
        *(shelf.sessions.rotate(session, 1, TOMORROW, "browser") for _ in range(20))
    )

    assert sorted(answers, key=str) == [alice] + [None] * 19
    assert await shelf.sessions.rotate(session, 2, TOMORROW, "browser") == alice


async def test_a_session_ends_once_and_its_end_is_a_fact_for_its_sockets(shelf: Shelf, alice: UserId) -> None:
    session = await begin(shelf, alice)

    ends = await asyncio.gather(*(shelf.sessions.revoke(session, alice) for _ in range(5)))

    (entry,) = [end for end in ends if end]
    assert (fact(entry)["type"], entry.drops) == ("session.revoked", f"session:{session}")
    assert not await is_alive(shelf, session, alice)
    assert await shelf.sessions.rotate(session, 1, TOMORROW, "browser") is None


async def test_nobody_ends_somebody_elses_session(shelf: Shelf, alice: UserId, mallory: UserId) -> None:
    session = await begin(shelf, alice)

    assert await shelf.sessions.revoke(session, mallory) is None

    assert await is_alive(shelf, session, alice)


async def test_a_new_password_ends_all_sessions_but_the_one_that_set_it(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    kept, *others = [await begin(shelf, alice) for _ in range(3)]
    bobs = await begin(shelf, bob)

    entries = await shelf.sessions.change_password(alice, kept, "new hash")

    assert {entry.drops for entry in entries} == {f"session:{other}" for other in others}
    assert [one.session_id for one in await shelf.sessions.alive(alice, kept)] == [kept]
    assert await is_alive(shelf, bobs, bob)
    assert await shelf.users.password_hash(alice) == "new hash"


async def test_nobody_signs_in_with_a_password_that_was_changed_meanwhile(
    shelf: Shelf, alice: UserId
) -> None:
    kept = await begin(shelf, alice)
    for number in range(10):
        begun, _ = await asyncio.gather(
            shelf.sessions.create(alice, "late", TOMORROW, f"hash{number}" if number else "hash"),
            shelf.sessions.change_password(alice, kept, f"hash{number + 1}"),
        )

        assert begun is None or not await is_alive(shelf, begun, alice)
        assert [one.session_id for one in await shelf.sessions.alive(alice, kept)] == [kept]


@pytest.mark.parametrize("change", [UpdateUser(disabled=True), UpdateUser(role="admin")])
async def test_a_change_of_what_a_user_may_do_ends_their_sessions(
    shelf: Shelf, bob: UserId, change: UpdateUser
) -> None:
    session = await begin(shelf, bob)

    changed = await shelf.users.update(shelf.workspace, bob, change)

    assert not isinstance(changed, str)
    assert changed[1] is not None
    assert changed[1].drops == "*"
    assert not await is_alive(shelf, session, bob)


async def test_a_disabled_user_begins_no_session_and_a_change_of_nothing_ends_none(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    session = await begin(shelf, alice)
    await shelf.users.update(shelf.workspace, bob, UpdateUser(disabled=True))

    assert await shelf.sessions.create(bob, "browser", TOMORROW, "hash") is None
    assert await shelf.users.credentials(shelf.workspace, "bob") is None
    unchanged = await shelf.users.update(shelf.workspace, alice, UpdateUser(role="admin", disabled=False))
    assert not isinstance(unchanged, str)
    assert unchanged[1] is None
    assert await is_alive(shelf, session, alice)


async def test_a_session_that_ran_out_is_none(shelf: Shelf, alice: UserId) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    session = await shelf.sessions.create(alice, "browser", past, "hash")
    assert session is not None

    assert not await is_alive(shelf, session, alice)
    assert await shelf.sessions.alive(alice, session) == []
    assert await shelf.sessions.rotate(session, 1, TOMORROW, "browser") is None
