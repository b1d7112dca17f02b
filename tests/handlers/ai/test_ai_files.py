"""Files and what is unread, as a model gets to read them."""

import json
from pathlib import Path

from tests.fakes.provider import FakeProvider, begin, call, call_end, done, say
from tests.handlers.ai.ai_house import Reader, ask, open_ai_house
from tests.handlers.pictures import picture
from tests.handlers.town import code
from tests.handlers.uploading import uploaded
from tests.house import House, Person


async def post_file(person: Person, channel: int, data: bytes, name: str, text: str = "") -> None:
    file = await uploaded(person, channel, data, name)
    await person.say(channel, text, attachments=[file["id"]])


async def test_a_model_reads_texts_and_is_told_of_what_it_cannot_read(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    await post_file(alice, channel, b"def chalk():\n    return 'white'\n", "chalk.py", "Look at this.")
    await post_file(alice, channel, picture(8, 8), "board.png")

    answered = await alice.post("/ai/chat", ask(channel))

    texts = [one["content"] for one in fake.asked[0]["messages"][1:]]
    assert texts == [
        "alice: Look at this.\n\n[file chalk.py]\ndef chalk():\n    return 'white'\n\n[end of chalk.py]",
        "alice: \n\n[file board.png, image/png: it can't be read here]",
        "alice: What is chalk?",
    ]
    assert answered["message"]["ai"]["files_left_out"] == 1


async def test_a_model_that_sees_gets_pictures(database: str, tmp_path: Path, fake: FakeProvider) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_vision_models="demo") as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        await post_file(alice, channel, picture(8, 8), "board.png", "The board.")

        answered = await alice.post("/ai/chat", ask(channel))

    words, shown = fake.asked[0]["messages"][1]["content"]
    assert words == {"type": "text", "text": "alice: The board."}
    assert shown["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert "files_left_out" not in answered["message"]["ai"]


async def test_a_text_that_is_too_long_is_cut_and_that_is_said(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_context_tokens=1600, ai_answer_tokens=100) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        await post_file(alice, channel, b"x" * 100_000, "long.txt", "Read.")

        answered = await alice.post("/ai/chat", ask(channel))

    told = fake.asked[0]["messages"][1]["content"]
    assert told.endswith("x\n[the rest of the file was left out]\n[end of long.txt]")
    assert 1000 < len(told) < 4500
    assert answered["message"]["ai"]["files_left_out"] == 1


async def test_what_a_file_says_about_another_channel_stays_there(house: House, fake: FakeProvider) -> None:
    alice = await house.register("alice")
    channel, other = await alice.channel(), await alice.channel("other")
    await post_file(alice, other, b"CANARY", "secret.txt")

    await alice.post("/ai/chat", ask(channel))

    assert "CANARY" not in json.dumps(fake.asked)


async def test_a_question_takes_files_along_which_are_its_messages_from_then_on(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    code_file = await uploaded(alice, channel, b"print('white')", "chalk.py")
    notes = await uploaded(alice, channel, b"Buy chalk.", "notes.txt")
    files = [code_file["id"], notes["id"]]
    asked = ask(channel, text="What is this?", attachments=files)
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await alice.post("/ai/chat", asked)
        posted = await ear.next("message.posted")
    again = await alice.post("/ai/chat", asked)

    assert fake.asked[0]["messages"][-1]["content"] == (
        "alice: What is this?\n\n[file chalk.py]\nprint('white')\n[end of chalk.py]"
        "\n\n[file notes.txt]\nBuy chalk.\n[end of notes.txt]"
    )
    history = await alice.get(f"/channels/{channel}/messages")
    question, answer = history["items"]
    assert question == posted["message"]
    assert (question["kind"], question["attachments"]) == ("file", [code_file, notes])
    assert again["message"] == answer
    assert len(fake.asked) == 1


async def test_files_alone_are_a_question_and_name_a_conversation(house: House, fake: FakeProvider) -> None:
    alice = await house.register("alice")
    place = await alice.post("/ai/conversations")
    notes = await uploaded(alice, place["id"], b"Buy chalk.", "notes.txt")
    async with alice.listen() as ear:
        await ear.ask("subscribe", channel_id=place["id"])
        asked = await ear.ask("ai.ask", **ask(place["id"], text="", attachments=[notes["id"]]))
        await Reader().read(ear)
    nothing = await alice.call("POST", "/ai/chat", ask(place["id"], "q2", text=""))

    assert asked["type"] == "ok"
    assert fake.asked[0]["messages"][-1]["content"] == (
        "alice: \n\n[file notes.txt]\nBuy chalk.\n[end of notes.txt]"
    )
    assert (await alice.get(f"/channels/{place['id']}"))["name"] == "notes.txt"
    assert code(nothing) == (422, "invalid")


async def test_a_question_takes_nobody_elses_files_and_none_twice(house: House, fake: FakeProvider) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel, other = await alice.channel(), await alice.channel("other")
    await bob.post(f"/channels/{channel}/join")
    his = await uploaded(bob, channel, b"CANARY", "his.txt")
    elsewhere = await uploaded(alice, other, b"CANARY", "elsewhere.txt")
    taken = await uploaded(alice, channel, b"Taken.", "taken.txt")
    await alice.say(channel, "", attachments=[taken["id"]])
    free = await uploaded(alice, channel, b"Free.", "free.txt")

    refused = [
        await alice.call("POST", "/ai/chat", ask(channel, f"q{number}", attachments=files))
        for number, files in enumerate(
            ([his["id"]], [elsewhere["id"]], [taken["id"]], [free["id"], his["id"]], ["nothing"])
        )
    ]
    twice = await alice.call("POST", "/ai/chat", ask(channel, attachments=[free["id"]] * 2))
    many = await alice.call("POST", "/ai/chat", ask(channel, attachments=[f"f{n}" for n in range(11)]))
    await alice.post("/ai/chat", ask(channel))
    with_more = await alice.call("POST", "/ai/chat", ask(channel, attachments=[free["id"]]))

    assert {code(answer) for answer in refused} == {(404, "not_found")}
    assert [code(answer) for answer in (twice, many)] == [(422, "invalid"), (422, "invalid")]
    assert code(with_more) == (409, "conflict")
    assert "CANARY" not in json.dumps(fake.asked)
    assert (await alice.get(f"/channels/{channel}/messages"))["items"][-1]["ai"]["status"] == "done"


async def test_a_model_can_tell_what_the_asker_has_not_read_and_nothing_that_came_after(
    house: House, fake: FakeProvider
) -> None:
    fake.script(begin, call("read_unread", "{}"), call_end(), done)
    fake.script(begin, say("Bob likes chalk."), done)
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    read = await bob.say(channel, "Old news.")
    await alice.post(f"/channels/{channel}/read", {"seq": read["seq"]})
    await bob.say(channel, "I like chalk.")
    await alice.say(channel, "My own words.")

    await alice.post("/ai/chat", ask(channel, text="Summarize what I missed."))

    told = json.loads(fake.asked[1]["messages"][-1]["content"])["messages"]
    assert [(one["author"], one["text"]) for one in told] == [("bob", "I like chalk.")]


async def test_what_a_question_replies_to_is_read_however_long_ago_it_was(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    async with open_ai_house(database, tmp_path, fake, rate_limits=False) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        old = await alice.say(channel, "Chalk was white then.")
        for number in range(205):
            await alice.say(channel, f"word {number}")

        await alice.post("/ai/chat", ask(channel, reply_to=old["seq"]))

    texts = [one["content"] for one in fake.asked[0]["messages"]]
    assert "alice: Chalk was white then." in texts
    assert "alice: word 0" not in texts
