"""Asking a model, over REST, as a stream of events and over sockets: everybody gets the same text."""

import asyncio
from pathlib import Path

from openai import AsyncOpenAI

from tests.fakes.provider import FakeProvider, begin, done, say, stall, until, usage
from tests.handlers.ai.ai_house import Reader, ask, events, said
from tests.handlers.town import code
from tests.house import House, open_house


async def test_without_an_endpoint_every_ask_says_which_variable_to_set(
    database: str, tmp_path: Path
) -> None:
    async with open_house(database, tmp_path) as bare:
        alice = await bare.register("alice")
        channel = await alice.channel()
        answers = [
            await alice.call("POST", "/ai/chat", ask(channel)),
            await alice.call("GET", "/ai/models"),
            await alice.call("POST", "/ai/conversations", {}),
            await alice.call("POST", "/ai/runs/1/stop"),
        ]
        async with alice.listen() as ear:
            frame = await ear.ask("ai.ask", **ask(channel))

    for answer in answers:
        assert code(answer) == (503, "ai_unavailable")
        assert "CHALKLINE_AI_BASE_URL" in answer.json()["detail"]
    assert frame["code"] == "ai_unavailable"


async def test_an_answer_is_a_message_that_everybody_sees_arrive(house: House) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    async with bob.listen(f"/ws/channels/{channel}") as ear, alice.listen() as asker:
        answered = await asker.ask("ai.ask", **ask(channel))
        posted = await ear.next("message.posted")
        started = await ear.next("ai.started")
        reader = Reader()
        final = await reader.read(ear)

    assert final == reader.text == "Hello there"
    assert posted["message"]["text"] == "What is chalk?"
    assert answered == {
        "type": "ok", "ref": answered["ref"], "run_id": started["run_id"], "seq": started["message"]["seq"]
    }  # fmt: skip
    assert started["message"]["reply_to"] == posted["seq"]
    assert started["message"]["kind"] == "ai"
    assert started["message"]["text"] == ""
    assert started["message"]["ai"] == {
        "run_id": started["run_id"], "status": "running", "model": "demo", "asked_by": alice.id
    }  # fmt: skip
    message = reader.finished["message"]
    assert message["ai"]["status"] == "done"
    assert message["ai"]["usage"] == {
        "prompt_tokens": 11, "completion_tokens": 7, "is_estimated": False, "cost": None
    }  # fmt: skip
    assert message == await bob.get(f"/channels/{channel}/messages/{message['seq']}")


async def test_the_facts_of_a_run_are_the_same_bytes_live_and_from_the_log(house: House) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        await ear.ask("ai.ask", **ask(channel))
        live = [await ear.next(kind) for kind in ("message.posted", "ai.started", "ai.finished")]

    logged = (await alice.get(f"/channels/{channel}/events"))["events"][1:]
    assert logged == live
    assert [fact["seq"] for fact in logged] == [2, 3, 4]


async def test_the_openai_client_our_stream_and_our_whole_answer_give_the_same_text(
    house: House, fake: FakeProvider
) -> None:
    words = ("Schräge ", "Kreide 🖍️ ", "on the ", "board.\n", "\tEnd")
    fake.default = (begin, say(*words, pause=0.03), usage(), done)
    alice = await house.register("alice")
    channel = await alice.channel()

    async with AsyncOpenAI(base_url=fake.url, api_key="none", max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="demo", messages=[{"role": "user", "content": "What is chalk?"}], stream=True
        )
        theirs = "".join([one.choices[0].delta.content or "" async for one in stream if one.choices])
    ours = await events(alice, "POST", "/ai/chat", ask(channel, stream=True))
    whole = await alice.post("/ai/chat", ask(channel, "q2"))

    assert theirs == said(ours) == whole["message"]["text"] == "".join(words)
    assert [name for name, _, _ in ours][-1] == "done"
    assert ours[-1][1]["message"]["text"] == theirs
    assert ours[-1][1]["usage"]["completion_tokens"] == 7
    offset = 0
    for name, data, _ in ours[:-1]:
        assert name == "delta"
        assert data["offset"] == offset
        offset += len(data["text"])


async def test_a_stream_goes_on_behind_the_last_event_that_its_reader_had(
    house: House, fake: FakeProvider
) -> None:
    fake.default = (begin, say("one ", "two ", "three ", pause=0.06), done)
    alice = await house.register("alice")
    channel = await alice.channel()
    first = await events(alice, "POST", "/ai/chat", ask(channel, stream=True))
    name, data, event_id = first[0]

    rest = await events(alice, "GET", f"/ai/runs/{data['run_id']}/stream", **{"Last-Event-ID": event_id})
    again = await events(alice, "POST", "/ai/chat", ask(channel, stream=True), **{"Last-Event-ID": event_id})

    assert name == "delta"
    assert data["text"] + said(rest) == data["text"] + said(again) == "one two three "
    assert len(fake.asked) == 1


async def test_a_late_viewer_gets_what_was_said_before_and_then_the_rest(
    house: House, fake: FakeProvider
) -> None:
    go_on = asyncio.Event()
    fake.default = (begin, say("early ", "words ", finish=None), until(go_on), say("late words"), done)
    alice = await house.register("alice")
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        asked = await ear.ask("ai.ask", **ask(channel))
        first = Reader()
        while len(first.text) < 12:
            first.hear(await ear.next())
        watching = asyncio.create_task(events(alice, "GET", f"/ai/runs/{asked['run_id']}/stream"))
        standing = await alice.get(f"/ai/runs/{asked['run_id']}")
        async with alice.listen(f"/ws/channels/{channel}?after=0") as late_ear:
            late = Reader()
            while len(late.text) < 12:
                late.hear(await late_ear.next())
            go_on.set()
            texts = [await first.read(ear), await late.read(late_ear), said(await watching)]

    assert texts == ["early words late words"] * 3
    assert first.text == late.text == texts[0]
    assert standing["message"]["text"] == "early words "


async def test_stop_closes_the_provider_and_keeps_what_was_said(house: House, fake: FakeProvider) -> None:
    fake.default = (begin, say("half an ", finish=None), stall)
    alice = await house.register("alice")
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        asked = await ear.ask("ai.ask", **ask(channel))
        await ear.next("ai.delta")
        assert (await ear.ask("ai.stop", run_id=asked["run_id"]))["type"] == "ok"
        await fake.all_closed(1.0)
        finished = await ear.next("ai.finished")

    assert finished["message"]["text"] == "half an "
    assert finished["message"]["ai"]["status"] == "stopped"
    assert finished["message"]["ai"]["usage"]["is_estimated"]
    assert finished["message"]["ai"]["usage"]["completion_tokens"] == 3


async def test_a_repeated_ask_is_one_run(house: House, fake: FakeProvider) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()

    first = await alice.post("/ai/chat", ask(channel))
    again = await alice.post("/ai/chat", ask(channel))
    other = await alice.call("POST", "/ai/chat", ask(channel, text="Something else?"))

    assert first == again
    assert code(other) == (409, "conflict")
    assert len(fake.asked) == 1


async def test_an_answer_that_was_stopped_goes_on_in_its_own_message(
    house: House, fake: FakeProvider
) -> None:
    fake.script(begin, say("The board ", finish=None), stall)
    fake.script(begin, say("is green."), usage(), done)
    alice = await house.register("alice")
    channel = await alice.channel()
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        asked = await ear.ask("ai.ask", **ask(channel))
        await ear.next("ai.delta")
        await alice.post(f"/ai/runs/{asked['run_id']}/stop")
        await ear.next("ai.finished")
        whole = await alice.post(f"/ai/runs/{asked['run_id']}/continue")
        restarted = [await ear.next("ai.started") for _ in range(2)][1]
        # Who has just come may be given the beginning once more.
        while (delta := await ear.next("ai.delta"))["text"] != "is green.":
            assert delta["text"] == "The board "

    assert whole["message"]["text"] == "The board is green."
    assert whole["message"]["seq"] == asked["seq"]
    assert restarted["message"]["text"] == "The board "
    assert delta["offset"] == len("The board ")
    assert fake.asked[1]["messages"][-2] == {"role": "assistant", "content": "The board "}
    done_already = await alice.call("POST", f"/ai/runs/{asked['run_id']}/continue")
    assert code(done_already) == (409, "conflict")


async def test_regenerate_answers_the_same_question_in_another_message(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    first = await alice.post("/ai/chat", ask(channel))

    second = await alice.post(f"/ai/runs/{first['run_id']}/regenerate", {"model": "other"})

    assert second["message"]["reply_to"] == first["message"]["reply_to"]
    assert second["message"]["seq"] > first["message"]["seq"]
    assert second["message"]["ai"]["model"] == fake.asked[1]["model"] == "other"
    assert fake.asked[0]["messages"] == fake.asked[1]["messages"]


async def test_a_model_that_is_not_offered_is_refused_before_anything_is_posted(house: House) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()

    refused = await alice.call("POST", "/ai/chat", ask(channel, model="gpt-secret"))

    assert code(refused) == (404, "not_found")
    assert (await alice.get(f"/channels/{channel}"))["head_seq"] == 1


async def test_the_models_and_their_limits_are_told(house: House) -> None:
    alice = await house.register("alice")

    models = (await alice.get("/ai/models"))["items"]

    assert [(one["id"], one["is_default"]) for one in models] == [("demo", True), ("other", False)]
    assert models[0]["context_tokens"] == 16_000


async def test_of_an_answer_that_was_deleted_nothing_is_told_again(house: House) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    answer = await alice.post("/ai/chat", ask(channel))
    seq = answer["message"]["seq"]
    assert answer["message"]["text"] == "Hello there"

    deleted = await alice.call("DELETE", f"/channels/{channel}/messages/{seq}")

    assert deleted.is_success
    log = await alice.get(f"/channels/{channel}/events", after=0)
    assert {event["type"] for event in log["events"]} >= {"ai.finished", "message.deleted"}
    assert "Hello there" not in str(log)
    assert "Hello there" not in str(await alice.get(f"/channels/{channel}/messages"))
