"""Signing in and out: who may register, what a stolen token is worth, and who hears of a session's end."""

from collections.abc import AsyncIterator

import pytest

from models.accounts import Actor, CreateInvite, Login, Register, Session, UpdateMe
from models.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from models.ids import WorkspaceId
from models.instance import Registration
from services.accounts import AccountService
from services.passwords import Passwords
from services.tokens import Tokens
from services.users import UserService
from tests.services.fakes import FakePublisher
from tests.services.town import FakeInvites, FakeSessions, FakeUsers

PASSWORD = "correct horse battery"


class Desk:
    """Where people register and sign in."""

    def __init__(self, passwords: Passwords) -> None:
        self.passwords, self.publisher, self.users = passwords, FakePublisher(), FakeUsers()
        self.sessions = FakeSessions(self.users)

    def service(self, registration: Registration = "open") -> AccountService:
        return AccountService(
            WorkspaceId(1),
            registration,
            self.users,
            self.sessions,
            FakeInvites(self.users),
            self.passwords,
            Tokens(b"k" * 32),
            self.publisher,
        )

    async def register(self, name: str) -> Session:
        return await self.service().register(Register(name, PASSWORD), "browser")

    async def actor(self, session: Session) -> Actor:
        return await self.service().actor(session.access_token)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with Passwords() as passwords:
        yield Desk(passwords)


async def test_who_registers_is_signed_in_and_the_first_is_the_admin(desk: Desk) -> None:
    alice, bob = await desk.register("alice"), await desk.register("bob")

    assert (alice.user.role, bob.user.role) == ("admin", "member")
    assert alice.user.display_name == "alice"
    assert (await desk.actor(bob)).user_id == bob.user.id
    assert PASSWORD not in desk.users.hashes.values()


async def test_a_taken_name_is_a_conflict_in_whatever_case(desk: Desk) -> None:
    await desk.register("alice")

    with pytest.raises(Conflict):
        await desk.register("ALICE")


async def test_a_server_is_new_until_somebody_has_an_account(desk: Desk) -> None:
    service = desk.service()

    assert await service.is_new()
    await service.register(Register("alice", PASSWORD), "browser")
    assert not await service.is_new()


async def test_closed_registration_takes_nobody_not_even_the_first(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        await desk.service("closed").register(Register("alice", PASSWORD), "")

    made = await desk.service("closed").create_user("alice", PASSWORD, "admin")
    assert made.role == "admin"
    assert (await desk.service("closed").login(Login("alice", PASSWORD), "")).user == made


async def test_by_invitation_the_first_comes_freely_and_others_with_a_code_that_serves_its_uses(
    desk: Desk,
) -> None:
    service = desk.service("invite")
    alice = await service.register(Register("alice", PASSWORD), "")
    invite = await service.invite(await desk.actor(alice), CreateInvite())

    for code in (None, "", "made up"):
        with pytest.raises(Forbidden):
            await service.register(Register("mallory", PASSWORD, invite=code), "")
    await service.register(Register("bob", PASSWORD, invite=invite.invite), "")
    with pytest.raises(Forbidden):
        await service.register(Register("mallory", PASSWORD, invite=invite.invite), "")


async def test_invitations_are_for_admins(desk: Desk) -> None:
    await desk.register("alice")
    bob = await desk.actor(await desk.register("bob"))
    service = desk.service()

    for attempt in (
        service.invite(bob, CreateInvite()),
        service.invites(bob),
        service.take_back_invite(bob, "invite-1"),
    ):
        with pytest.raises(Forbidden):
            await attempt


async def test_an_operators_bad_name_or_password_is_refused_by_its_field(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.service().create_user("alice", "short", "admin")
    assert list(refused.value.fields) == ["password"]
    with pytest.raises(Invalid) as refused:
        await desk.service().create_user("no spaces", PASSWORD, "admin")
    assert list(refused.value.fields) == ["username"]


async def test_an_unknown_name_and_a_wrong_password_answer_alike(desk: Desk) -> None:
    await desk.register("alice")
    details = []
    for ask in (Login("alice", "wrong horse"), Login("nobody", PASSWORD), Login("", "")):
        with pytest.raises(Unauthenticated) as refused:
            await desk.service().login(ask, "")
        details.append(refused.value.detail)

    assert len(set(details)) == 1


async def test_a_refresh_token_opens_once_and_its_second_use_ends_the_session(desk: Desk) -> None:
    first = await desk.register("alice")
    second = await desk.service().refresh(first.refresh_token, "browser")
    assert second.session_id == first.session_id
    await desk.actor(second)

    with pytest.raises(Unauthenticated):
        await desk.service().refresh(first.refresh_token, "thief")

    assert desk.publisher.facts == [(f"user:{first.user.id}", "session.revoked")]
    for session in (first, second):
        with pytest.raises(Unauthenticated):
            await desk.actor(session)
    with pytest.raises(Unauthenticated):
        await desk.service().refresh(second.refresh_token, "browser")
    assert len(desk.publisher.told) == 1


async def test_a_token_serves_its_purpose_alone(desk: Desk) -> None:
    session = await desk.register("alice")

    with pytest.raises(Unauthenticated):
        await desk.service().actor(session.refresh_token)
    with pytest.raises(Unauthenticated):
        await desk.service().refresh(session.access_token, "")
    await desk.actor(session)


async def test_nobody_ends_somebody_elses_session(desk: Desk) -> None:
    alice, mallory = await desk.register("alice"), await desk.register("mallory")

    with pytest.raises(NotFound):
        await desk.service().revoke(await desk.actor(mallory), alice.session_id)

    await desk.actor(alice)
    assert desk.publisher.told == []


async def test_signing_out_everywhere_ends_every_session_of_ones_own(desk: Desk) -> None:
    alice, bob = await desk.register("alice"), await desk.register("bob")
    again = await desk.service().login(Login("alice", PASSWORD), "phone")

    await desk.service().revoke_all(await desk.actor(again))

    for session in (alice, again):
        with pytest.raises(Unauthenticated):
            await desk.actor(session)
    await desk.actor(bob)
    assert desk.publisher.facts == [(f"user:{alice.user.id}", "user.revoked")]


async def test_a_new_password_takes_the_current_one_and_ends_the_other_sessions(desk: Desk) -> None:
    here = await desk.register("alice")
    there = await desk.service().login(Login("alice", PASSWORD), "phone")
    users = UserService(desk.users, desk.sessions, desk.passwords, desk.publisher)
    actor = await desk.actor(here)

    for wrong in (
        UpdateMe(password="new horse battery"),
        UpdateMe(password="new horse", current_password="x"),
    ):
        with pytest.raises(Forbidden):
            await users.update_me(actor, wrong)
    await users.update_me(actor, UpdateMe(password="new horse battery", current_password=PASSWORD))

    await desk.actor(here)
    with pytest.raises(Unauthenticated):
        await desk.actor(there)
    with pytest.raises(Unauthenticated):
        await desk.service().login(Login("alice", PASSWORD), "")
    await desk.service().login(Login("alice", "new horse battery"), "")
    assert desk.publisher.facts == [(f"user:{here.user.id}", "session.revoked")]


async def test_what_a_browser_calls_itself_is_kept_up_to_a_bound(desk: Desk) -> None:
    await desk.service().register(Register("alice", PASSWORD), "x" * 10_000)

    assert [len(agent) for agent in desk.sessions.agents] == [200]
