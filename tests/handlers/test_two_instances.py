"""Two instances on one database and one bus: what is said at one is heard at the other, with Redis and without."""

import time

from tests.house import House, visit


async def test_what_is_posted_at_one_is_heard_at_the_other_in_order(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    channel = await alice.channel()
    async with (await visit(alice, there)).listen(f"/ws/channels/{channel}") as ear:
        began = time.monotonic()
        for number in range(20):
            await alice.say(channel, f"{number}")
        facts = [await ear.next("message.posted") for _ in range(20)]

    assert time.monotonic() - began < patience
    assert [fact["seq"] for fact in facts] == list(range(2, 22))


async def test_a_session_that_ends_at_one_closes_its_sockets_at_the_other(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    visitor = await visit(alice, there)
    async with visitor.listen() as ear:
        began = time.monotonic()
        await alice.post("/auth/revoke", {"session_id": visitor.session["session_id"]})

        assert await ear.closed() == 4500

    assert time.monotonic() - began < patience
    assert (await alice.call("GET", "/users/me")).status_code == 200


async def test_who_is_removed_at_one_hears_nothing_more_at_the_other(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    bob = await there.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with bob.listen(f"/ws/channels/{channel}") as ear:
        await alice.say(channel, "before")
        began = time.monotonic()
        await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")
        await alice.say(channel, "after")

        assert await ear.closed() == 4502

    assert time.monotonic() - began < patience
    assert [frame["type"] for frame in ear.kept if "seq" in frame] == ["message.posted", "member.left"]


async def test_a_socket_resumes_at_the_other_instance_from_where_it_was(houses: tuple[House, House]) -> None:
    here, there = houses
    alice = await here.register("alice")
    visitor = await visit(alice, there)
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await alice.say(channel, "heard")
        last = (await ear.next("message.posted"))["seq"]
    for number in range(150):
        await alice.say(channel, f"missed {number}")

    async with visitor.listen(f"/ws/channels/{channel}?after={last}") as ear:
        facts = [await ear.next("message.posted") for _ in range(150)]

    assert [fact["seq"] for fact in facts] == list(range(last + 1, last + 151))


async def test_who_comes_to_one_is_present_at_the_other(houses: tuple[House, House]) -> None:
    here, there = houses
    alice = await here.register("alice")
    bob = await there.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with alice.listen(f"/ws/channels/{channel}") as ear, bob.listen():
        online: set[int] = set()
        while online != {alice.id, bob.id}:
            online |= set((await ear.next("presence.changed"))["online"])


async def test_who_is_banned_or_whose_token_is_revoked_at_one_is_out_at_the_other(
    houses: tuple[House, House], patience: float
) -> None:
    here, there = houses
    alice = await here.register("alice")
    bob, carol = await there.register("bob"), await there.register("carol")
    channel = await alice.channel()
    for one in (bob, carol):
        await one.post(f"/channels/{channel}/join")
    made = await alice.post("/bots", {"username": "robot"})
    token = await alice.post(f"/bots/{made['id']}/tokens", {"name": "t", "scopes": ["read"]})
    bot = there.person({"user": made, "access_token": token["token"]})
    async with (
        bob.listen(f"/ws/channels/{channel}") as in_channel,
        carol.listen() as in_workspace,
        bot.listen() as in_bot,
    ):
        began = time.monotonic()
        await alice.call("PUT", f"/channels/{channel}/bans/{bob.id}", {"hours": 1})
        await alice.call("PUT", f"/users/{carol.id}/ban", {"hours": 1})
        await alice.call("DELETE", f"/bots/{made['id']}/tokens/{token['id']}")

        assert await in_channel.closed() == 4502
        assert await in_workspace.closed() == 4500
        assert await in_bot.closed() == 4500

    assert time.monotonic() - began < patience
