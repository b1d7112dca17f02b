"""Who is there and who is writing, over the real sockets."""

from tests.house import House, Person


async def test_a_member_who_comes_and_goes_is_told_to_those_who_listen(
    house: House, alice: Person, bob: Person
) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        async with bob.listen():
            came = await ear.next("presence.changed")
            while bob.id not in came["online"]:
                came = await ear.next("presence.changed")
            present = await alice.get(f"/channels/{channel}/presence")
        gone = await ear.next("presence.changed")

    assert {one["user_id"] for one in present["items"]} == {alice.id, bob.id}
    assert (gone["channel_id"], gone["online"], gone["offline"]) == (channel, [], [bob.id])
    assert "seq" not in gone


async def test_presence_is_for_members_only(alice: Person, mallory: Person) -> None:
    private = await alice.channel("private", visibility="private")
    public = await alice.channel("public")

    assert (await mallory.call("GET", f"/channels/{private}/presence")).status_code == 404
    assert (await mallory.call("GET", f"/channels/{public}/presence")).status_code == 403


async def test_nobody_hears_of_the_presence_of_people_they_share_no_channel_with(
    alice: Person, bob: Person
) -> None:
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear, bob.listen():
        told = await ear.next("presence.changed")

    assert told["online"] == [alice.id]


async def test_typing_is_told_without_an_answer(alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with alice.listen(f"/ws/channels/{channel}") as hers, bob.listen() as his:
        await his.send("typing", channel_id=channel)

        assert await hers.next("typing") == {"type": "typing", "channel_id": channel, "user_id": bob.id}
        assert (await his.ask("ping"))["type"] == "pong"
        assert his.kept == []


async def test_typing_into_a_channel_of_others_is_refused(alice: Person, mallory: Person) -> None:
    channel = await alice.channel(visibility="private")
    async with mallory.listen() as ear:
        assert (await ear.ask("typing", channel_id=channel))["code"] == "not_found"
