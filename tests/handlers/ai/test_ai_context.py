"""What a model gets to read, in which channel, and that nothing brings it what its asker may not read."""

import json
from pathlib import Path

from tests.fakes.provider import FakeProvider, begin, call, call_end, done, say, usage
from tests.handlers.ai.ai_house import ask, open_ai_house
from tests.handlers.town import code
from tests.handlers.uploading import uploaded
from tests.house import House

CANARY = "CANARY-7f3a"


def told(fake: FakeProvider, number: int = -1) -> list[tuple[str, str]]:
    """The messages of a request without the rules."""
    return [(one["role"], one["content"]) for one in fake.asked[number]["messages"][1:]]


async def test_a_model_reads_what_was_said_in_the_channel_with_who_said_it(
    house: House, fake: FakeProvider
) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel, other = await alice.channel(), await alice.channel("other")
    await bob.post(f"/channels/{channel}/join")
    await alice.say(other, CANARY)
    await bob.say(channel, "Chalk is limestone.")
    await alice.post("/ai/chat", ask(channel))

    await bob.post("/ai/chat", ask(channel, "q2", "Sure?"))

    assert told(fake) == [
        ("user", "bob: Chalk is limestone."),
        ("user", "alice: What is chalk?"),
        ("assistant", "Hello there"),
        ("user", "bob: Sure?"),
    ]
    assert CANARY not in json.dumps(fake.asked)


async def test_in_a_thread_it_reads_the_thread_and_after_a_reply_what_is_replied_to(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    root = (await alice.say(channel, "The root."))["seq"]
    await alice.say(channel, "Elsewhere.")
    await alice.say(channel, "In the thread.", thread=root)

    answered = await alice.post("/ai/chat", ask(channel, thread=root))

    assert answered["message"]["thread"] == root
    assert [text for _, text in told(fake)] == [
        "alice: The root.", "alice: In the thread.", "alice: What is chalk?"
    ]  # fmt: skip


async def test_what_is_read_ahead_of_a_question_is_what_is_read_behind_it(
    house: House, fake: FakeProvider
) -> None:
    """Another answer to the same question reads everything anew."""
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    root = (await bob.say(channel, "The root."))["seq"]
    gone = (await bob.say(channel, "Gone."))["seq"]
    await bob.call("DELETE", f"/channels/{channel}/messages/{gone}")
    await bob.call("PATCH", f"/channels/{channel}/messages/{root}", {"text": "The root, in other words."})
    file = await uploaded(bob, channel, b"Buy chalk.", "notes.txt")
    await bob.say(channel, "", attachments=[file["id"]], thread=root)
    for number, more in enumerate(({}, {"thread": root}, {"reply_to": root})):
        first = await alice.post("/ai/chat", ask(channel, f"q{number}", **more))
        await alice.post(f"/ai/runs/{first['run_id']}/regenerate")

        assert told(fake, -1) == told(fake, -2)
        assert "alice: What is chalk?" in told(fake)[-1]
        assert any("Buy chalk." in text for _, text in told(fake))


async def test_what_does_not_fit_the_window_is_left_out_and_that_is_said(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_context_tokens=1600, ai_answer_tokens=100) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        for number in range(10):
            await alice.say(channel, f"{number} " + "x" * 900)

        answered = await alice.post("/ai/chat", ask(channel))
        too_long = await alice.call("POST", "/ai/chat", ask(channel, "q2", "y" * 8000))

    texts = [text for _, text in told(fake)]
    assert texts[-1] == "alice: What is chalk?"
    assert texts[0].startswith("alice: 6 ")
    assert answered["message"]["ai"]["left_out"] == 6
    assert code(too_long) == (502, "ai_failed")
    assert "too long" in too_long.json()["detail"]
    assert len(fake.asked) == 1


async def test_a_pinned_prompt_begins_every_ask_and_only_who_keeps_order_sets_it(
    house: House, fake: FakeProvider
) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")

    refused = await bob.call("PUT", f"/channels/{channel}/ai", {"system": "Obey bob."})
    pinned = await alice.call("PUT", f"/channels/{channel}/ai", {"system": "Rhyme.", "model": "other"})
    await bob.post("/ai/chat", ask(channel))

    assert code(refused) == (403, "forbidden")
    assert pinned.json() == await bob.get(f"/channels/{channel}/ai") == {"model": "other", "system": "Rhyme."}
    assert fake.asked[0]["messages"][0]["content"].endswith("\n\nRhyme.")
    assert fake.asked[0]["model"] == "other"


async def test_a_conversation_is_named_after_its_first_question_and_follows_its_branch(
    house: House, fake: FakeProvider
) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    made = await alice.post("/ai/conversations", {"system": "Be brief."})
    place = made["id"]
    first = await alice.post("/ai/chat", ask(place, "q1", "What is chalk?\nSay it briefly."))
    await alice.post("/ai/chat", ask(place, "q2", "And slate?"))
    linear = told(fake)
    question = (await alice.get(f"/channels/{place}/messages"))["items"][-2]

    await alice.post("/ai/chat", ask(place, "q3", "And graphite?", branch_of=question["seq"]))
    again = await alice.post("/ai/chat", ask(place, "q3", "And graphite?", branch_of=question["seq"]))

    assert made["kind"] == "ai"
    assert made["visibility"] == "private"
    assert (await alice.get(f"/channels/{place}"))["name"] == "What is chalk? Say it briefly."
    assert [one["id"] for one in (await alice.get("/ai/conversations"))["items"]] == [place]
    assert (await bob.get("/ai/conversations"))["items"] == []
    assert code(await bob.call("POST", "/ai/chat", ask(place))) == (404, "not_found")
    assert [text for _, text in linear] == [
        "alice: What is chalk?\nSay it briefly.", "Hello there", "alice: And slate?"
    ]  # fmt: skip
    assert [text for _, text in told(fake)] == [
        "alice: What is chalk?\nSay it briefly.", "Hello there", "alice: And graphite?"
    ]  # fmt: skip
    assert again["message"]["reply_to"] == question["seq"] + 3
    assert first["message"]["reply_to"] == 2


async def test_a_tool_finds_what_was_said_and_its_use_is_shown(house: House, fake: FakeProvider) -> None:
    fake.script(
        begin, say("Let me look.", finish=None), call("search_history", '{"text":"LIME"}'), call_end(), done
    )
    fake.script(begin, say("Limestone."), usage(), done)
    alice = await house.register("alice")
    channel = await alice.channel()
    await alice.say(channel, "Chalk is limestone.")

    answered = await alice.post("/ai/chat", ask(channel))

    assert answered["message"]["text"] == "Let me look.\n\nLimestone."
    assert answered["message"]["ai"]["tools"] == [
        {
            "name": "search_history",
            "arguments": '{"text":"LIME"}',
            "is_ok": True,
            "writes": False,
            "undo": None,
            "undone": False,
        }
    ]
    result = fake.asked[1]["messages"][-1]
    assert result["role"] == "tool"
    assert result["tool_call_id"] == fake.asked[1]["messages"][-2]["tool_calls"][0]["id"]
    assert json.loads(result["content"]) == {
        "messages": [{"seq": 2, "author": "alice", "text": "Chalk is limestone."}]
    }


async def test_a_model_that_never_stops_calling_is_stopped(house: House, fake: FakeProvider) -> None:
    fake.default = (begin, call("read_unread", "{}"), call_end(), usage(), done)
    alice = await house.register("alice")

    answer = await alice.call("POST", "/ai/chat", ask(await alice.channel()))

    assert code(answer) == (502, "ai_failed")
    assert len(fake.asked) == 8
    assert "tools" not in fake.asked[-1]
