"""The two text sockets, over the real protocol."""

import asyncio

from tests.house import House, Person


async def test_a_post_is_told_to_every_member_of_the_channel_and_acknowledged(
    alice: Person, bob: Person
) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with alice.listen() as hers, bob.listen(f"/ws/channels/{channel}") as his:
        answer = await hers.ask("subscribe", channel_id=channel)
        assert (answer["type"], answer["head_seq"], answer["events"], answer["complete"]) == (
            "ok",
            2,
            [],
            True,
        )

        posted = await his.ask("message.post", client_id="b1", text="hello")

        assert (posted["type"], posted["channel_id"], posted["seq"]) == ("ok", channel, 3)
        fact = await hers.next("message.posted")
        assert (fact["seq"], fact["message"]["text"], fact["message"]["author_id"]) == (3, "hello", bob.id)
        assert (await his.next("message.posted")) == fact


async def test_a_socket_of_one_channel_gets_everything_after_its_seq(alice: Person) -> None:
    channel = await alice.channel()
    for number in range(250):
        await alice.say(channel, f"message {number}")

    async with alice.listen(f"/ws/channels/{channel}?after=1") as ear:
        assert ear.hello["head_seq"] == 251
        facts = [await ear.next() for _ in range(250)]
        await alice.say(channel, "live")
        facts.append(await ear.next())

    assert [fact["seq"] for fact in facts] == list(range(2, 253))


async def test_a_subscription_answers_with_what_was_missed_and_goes_on_live(alice: Person) -> None:
    channel = await alice.channel()
    for number in range(300):
        await alice.say(channel, "x" * 900, f"c{number}")

    async with alice.listen() as ear:
        answer = await ear.ask("subscribe", channel_id=channel, after=0)
        await alice.say(channel, "live")
        seqs = [event["seq"] for event in answer["events"]]
        assert not answer["complete"]
        while seqs[-1] < 302:
            seqs.append((await ear.next())["seq"])

    assert seqs == list(range(1, 303))


async def test_a_removed_member_hears_nothing_more(alice: Person, bob: Person) -> None:
    channel = await alice.channel(visibility="private")
    await alice.call("PUT", f"/channels/{channel}/members/{bob.id}")
    async with bob.listen(f"/ws/channels/{channel}") as his, bob.listen() as system:
        await system.ask("subscribe", channel_id=channel)
        removal = await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")
        await alice.say(channel, "secret")

        assert removal.status_code == 204
        assert await his.closed() == 4502
        assert [frame["type"] for frame in his.kept] == ["member.left"]
        await system.ask("ping")
        assert "message.posted" not in [frame["type"] for frame in system.kept]
        assert (await system.ask("subscribe", channel_id=channel))["code"] == "not_found"


async def test_a_revoked_session_closes_its_sockets_and_no_others(house: House, alice: Person) -> None:
    other = house.person(
        await alice.post("/auth/login", {"username": "alice", "password": "correct horse battery"})
    )
    async with alice.listen() as here, other.listen() as there:
        await alice.post("/auth/revoke", {"session_id": other.session["session_id"]})

        assert await there.closed() == 4500
        assert (await here.ask("ping"))["type"] == "pong"


async def test_many_posts_of_one_socket_share_commits_and_keep_their_order(alice: Person) -> None:
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await asyncio.gather(*(ear.send("message.post", client_id=f"m{n}", text=f"{n}") for n in range(200)))
        facts = [await ear.next("message.posted") for _ in range(200)]

    assert [fact["message"]["text"] for fact in facts] == [str(n) for n in range(200)]
    assert [fact["seq"] for fact in facts] == list(range(2, 202))
