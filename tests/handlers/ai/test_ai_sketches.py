"""A model at a sketch: it reads and draws under its asker's rights, all see it grow, and one undo takes it all back."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from server.demo_provider import DemoProvider
from tests.fakes.provider import FakeProvider, Step, begin, call, call_end, close, done, say, usage
from tests.handlers.ai.ai_house import ask, open_ai_house
from tests.handlers.town import code
from tests.house import House, Person
from tests.sketcher import sketching
from tests.yjs import Pen

TITLES = ("start", "ask", "answer", "end")


def calls(tool: str, **arguments: Any) -> tuple[Step, ...]:
    """One round of the model, with one call."""
    return begin, call(tool, json.dumps(arguments)), call_end(), done


def flow_chart(fake: FakeProvider, sketch: int) -> None:
    """What a model does for "draw a flow chart": boxes, arrows, order, a colour, a last word."""
    boxes = [{"id": title, "kind": "rectangle", "text": title} for title in TITLES]
    arrows = [
        {"start": start, "end": end, "id": f"{start}-{end}", "text": "then"}
        for start, end in itertools.pairwise(TITLES)
    ]
    fake.script(*calls("draw_elements", sketch_id=sketch, elements=boxes))
    fake.script(*calls("connect_elements", sketch_id=sketch, connections=arrows))
    fake.script(*calls("layout_elements", sketch_id=sketch))
    fake.script(*calls("update_elements", sketch_id=sketch, elements=[{"id": "end", "fill": "#b2f2bb"}]))
    fake.script(begin, say("There it is."), usage(), done)


async def a_sketch(person: Person, channel: int) -> int:
    return int((await person.post(f"/channels/{channel}/sketches", {"title": "Plan"}))["id"])


async def test_a_flow_chart_grows_before_everybody(house: House, fake: FakeProvider) -> None:
    alice, bob = await house.register("alice"), await house.register("bob")
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    sketch = await a_sketch(alice, channel)
    flow_chart(fake, sketch)
    sizes: list[int] = []
    pen = Pen()
    watching = pen.el.observe(lambda _: sizes.append(len(pen.el)))
    async with sketching(bob, sketch, pen) as watcher:
        answered = await alice.post("/ai/chat", ask(channel, text="Draw a flow chart."))
        await watcher.until(lambda: "fill" in pen.el.to_py().get("end", {}))
        drawn = pen.scene()
    del watching

    assert sizes[:2] == [4, 10]  # boxes, then arrows with their words
    assert drawn["el"]["start-ask"]["start"] == "start"
    tops = [drawn["geo"][title][1] for title in TITLES]
    assert tops == sorted(set(tops))
    assert [(one["name"], one["writes"], one["undo"]) for one in answered["message"]["ai"]["tools"]] == [
        (name, True, f"/ai/runs/{answered['run_id']}/undo")
        for name in ("draw_elements", "connect_elements", "layout_elements", "update_elements")
    ]


async def test_one_undo_takes_back_all_that_an_answer_drew_and_nothing_else(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    sketch = await a_sketch(alice, channel)
    flow_chart(fake, sketch)
    async with sketching(alice, sketch) as watcher, alice.listen(f"/ws/channels/{channel}") as ear:
        await watcher.draw("alices")
        await watcher.all_saved()
        before = watcher.pen.scene()
        answered = await alice.post("/ai/chat", ask(channel, text="Draw a flow chart."))
        await watcher.sees("end")
        await watcher.draw("start")  # moved and recoloured, what the model drew is still that
        await watcher.all_saved()

        undone = await alice.post(answered["message"]["ai"]["tools"][0]["undo"])
        await watcher.until(lambda: len(watcher.pen.el) == 1 and len(watcher.pen.geo) == 1)
        fact = await ear.next("ai.undone")
        again = await alice.post(f"/ai/runs/{answered['run_id']}/undo")

    assert watcher.pen.scene() == before
    assert all(one["undone"] and one["undo"] is None for one in undone["message"]["ai"]["tools"])
    assert (fact["run_id"], fact["user_id"]) == (answered["run_id"], alice.id)
    assert fact["message"] == undone["message"] == again["message"]
    log = (await alice.get(f"/channels/{channel}/events"))["events"]
    assert [one for one in log if one["type"] == "ai.undone"] == [fact]


async def test_undo_brings_back_what_was_changed_and_deleted_but_not_over_others_edits(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    sketch = await a_sketch(alice, channel)
    async with sketching(alice, sketch) as hers:
        for name in ("moved", "recoloured", "gone"):
            await hers.draw(name, color="#000000")
        await hers.all_saved()
        before = hers.pen.scene()
        fake.script(
            *calls(
                "update_elements",
                sketch_id=sketch,
                elements=[{"id": "moved", "x": 500}, {"id": "recoloured", "color": "#ff0000"}],
            )
        )
        fake.script(*calls("delete_elements", sketch_id=sketch, ids=["gone"]))
        answered = await alice.post("/ai/chat", ask(channel))
        await hers.until(lambda: "gone" not in hers.pen.el)
        await hers.give(hers.pen.draw("recoloured", {"kind": "stroke", "color": "#00ff00"}))
        await hers.all_saved()

        await alice.post(f"/ai/runs/{answered['run_id']}/undo")
        await hers.until(lambda: "gone" in hers.pen.el)
        after = hers.pen.scene()

    assert after["geo"] == before["geo"]
    assert after["el"]["gone"] == before["el"]["gone"]
    assert after["el"]["recoloured"] == {"kind": "stroke", "color": "#00ff00"}


async def test_only_who_asked_and_who_keeps_order_may_take_back_and_only_what_was_drawn(
    house: House, fake: FakeProvider
) -> None:
    alice, bob, mallory = [await house.register(name) for name in ("alice", "bob", "mallory")]
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    await mallory.post(f"/channels/{channel}/join")
    sketch = await a_sketch(alice, channel)
    nothing = await bob.post("/ai/chat", ask(channel))
    fake.script(*calls("draw_elements", sketch_id=sketch, elements=[{"kind": "text", "text": "hi"}]))
    answered = await bob.post("/ai/chat", ask(channel, "q2"))
    path = f"/ai/runs/{answered['run_id']}/undo"

    others = code(await mallory.call("POST", path))
    await mallory.post(f"/channels/{channel}/leave")
    strangers = code(await mallory.call("POST", path))

    assert others == (403, "forbidden")
    assert strangers == (403, "forbidden")
    assert code(await bob.call("POST", "/ai/runs/999/undo")) == (404, "not_found")
    assert code(await bob.call("POST", f"/ai/runs/{nothing['run_id']}/undo")) == (409, "conflict")
    assert (await alice.post(path))["message"]["ai"]["tools"][0]["undone"]


async def test_a_model_reads_a_sketch_and_sees_it_only_if_it_can(
    database: str, tmp_path: Path, fake: FakeProvider
) -> None:
    async with open_ai_house(database, tmp_path, fake, ai_vision_models="other") as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        sketch = await a_sketch(alice, channel)
        boxes = [{"id": "a", "kind": "note", "x": 10, "y": 20, "text": "Buy chalk"}]
        await alice.post(f"/sketches/{sketch}/elements", {"elements": boxes})
        for number, model in enumerate(("demo", "other")):
            fake.script(*calls("list_sketches"))
            fake.script(*calls("read_sketch", sketch_id=sketch, picture=True))
            await alice.post("/ai/chat", ask(channel, f"q{number}", model=model))

    assert json.loads(fake.asked[1]["messages"][-1]["content"]) == {
        "sketches": [{"sketch_id": sketch, "title": "Plan"}]
    }
    assert json.loads(fake.asked[2]["messages"][-1]["content"])["elements"] == [
        {"id": "a", "kind": "note", "x": 10, "y": 20, "text": "Buy chalk"}
    ]
    shown = fake.asked[5]["messages"][-1]
    assert shown["role"] == "user"
    assert shown["content"][0]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert fake.asked[5]["messages"][-2]["role"] == "tool"


@pytest.mark.parametrize("place", ["here", "alone"])
async def test_a_model_neither_reads_nor_draws_beyond_its_askers_rights(
    house: House, fake: FakeProvider, place: str
) -> None:
    """Bob asks; alice's private channel has a sketch, and so has another one that both are in."""
    alice, bob = await house.register("alice"), await house.register("bob")
    private = await a_sketch(alice, await alice.channel("private", visibility="private"))
    await alice.post(
        f"/sketches/{private}/elements", {"elements": [{"id": "x", "kind": "text", "text": "CANARY"}]}
    )
    shared, here = await alice.channel("shared"), await alice.channel("here")
    for channel in (shared, here):
        await bob.post(f"/channels/{channel}/join")
    elsewhere = await a_sketch(alice, shared)
    where = here if place == "here" else (await bob.post("/ai/conversations"))["id"]
    tries: list[tuple[str, dict[str, Any]]] = [
        ("draw_elements", {"elements": [{"kind": "text", "text": "mine"}]}),
        ("delete_elements", {"ids": ["x"]}),
        ("update_elements", {"elements": [{"id": "x", "text": "mine"}]}),
        ("layout_elements", {}),
        ("connect_elements", {"connections": [{"start": "x", "end": "y"}]}),
    ]
    for sketch in (private, elsewhere):
        for tool, arguments in tries:
            fake.script(*calls(tool, sketch_id=sketch, **arguments))
            await bob.post("/ai/chat", ask(where, f"{tool}-{sketch}"))
            assert "Refused: There is no such sketch" in fake.asked[-1]["messages"][-1]["content"]
    fake.script(*calls("read_sketch", sketch_id=private))
    answered = await bob.post("/ai/chat", ask(where, "read"))

    assert not answered["message"]["ai"]["tools"][0]["is_ok"]
    assert "CANARY" not in json.dumps(fake.asked)
    for sketch, elements in ((private, 1), (elsewhere, 0)):
        drawn = (await alice.call("GET", f"/sketches/{sketch}/export.json")).json()
        assert len(drawn["elements"]) == elements


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("draw_elements", {"elements": [{"kind": "rectangle", "color": "url(x)"}]}, "color"),
        ("draw_elements", {"elements": [{"id": "a", "kind": "text"}]}, "There is an element a already"),
        ("draw_elements", {"elements": [{"kind": "image"}]}, "kind"),
        ("draw_elements", {"elements": [{"kind": "stroke", "points": [[0, 0], [90000, 0]]}]}, "Points"),
        ("update_elements", {"elements": [{"id": "b", "x": 1}]}, "There is no element b"),
        ("connect_elements", {"connections": [{"start": "a", "end": "a"}]}, "begins where it ends"),
        ("layout_elements", {"ids": ["b"]}, "no element that can be laid out"),
        ("delete_elements", {"ids": []}, "length"),
    ],
)
async def test_what_a_sketch_cannot_hold_is_refused_with_why_and_nothing_is_drawn(
    house: House, fake: FakeProvider, tool: str, arguments: dict[str, Any], why: str
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    sketch = await a_sketch(alice, channel)
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [{"id": "a", "kind": "rectangle"}]})
    fake.script(*calls(tool, sketch_id=sketch, **arguments))

    answered = await alice.post("/ai/chat", ask(channel))

    assert why in fake.asked[-1]["messages"][-1]["content"]
    use = answered["message"]["ai"]["tools"][0]
    assert (use["is_ok"], use["writes"], use["undo"]) == (False, True, None)
    assert (await alice.get(f"/sketches/{sketch}"))["head_seq"] == 1


async def test_an_answer_that_goes_on_keeps_its_tools_and_what_it_drew_can_be_taken_back(
    house: House, fake: FakeProvider
) -> None:
    alice = await house.register("alice")
    channel = await alice.channel()
    fake.script(*calls("create_sketch", title="New"))
    await alice.post("/ai/chat", ask(channel, "q0"))
    made = json.loads(fake.asked[-1]["messages"][-1]["content"])["sketch_id"]
    fake.script(*calls("draw_elements", sketch_id=made, elements=[{"kind": "text", "text": "one"}]))
    fake.script(begin, say("Half", finish=None), close)
    broken = await alice.call("POST", "/ai/chat", ask(channel, "q1"))
    run = (await alice.get(f"/channels/{channel}/messages"))["items"][-1]["ai"]["run_id"]
    fake.script(*calls("draw_elements", sketch_id=made, elements=[{"kind": "text", "text": "two"}]))

    whole = await alice.post(f"/ai/runs/{run}/continue")
    drawn = (await alice.call("GET", f"/sketches/{made}/export.json")).json()["elements"]
    undone = await alice.post(f"/ai/runs/{run}/undo")
    left = (await alice.call("GET", f"/sketches/{made}/export.json")).json()["elements"]

    assert broken.status_code == 502
    assert [one["name"] for one in whole["message"]["ai"]["tools"]] == ["draw_elements"] * 2
    assert len(drawn) == 2
    assert all(one["undone"] for one in undone["message"]["ai"]["tools"])
    assert left == []


async def test_the_demo_draws_on_a_sketch_of_its_own_and_then_below_what_is_there(
    database: str, tmp_path: Path
) -> None:
    async with DemoProvider(words_per_second=2000) as demo, open_ai_house(database, tmp_path, demo) as house:
        alice = await house.register("alice")
        channel = await alice.channel()
        question = "Please draw a flow chart: tea -> water, cup."

        answers = [await alice.post("/ai/chat", ask(channel, f"q{number}", question)) for number in range(2)]
        (sketch,) = (await alice.get(f"/channels/{channel}/sketches"))["items"]
        drawn = (await alice.call("GET", f"/sketches/{sketch['id']}/export.json")).json()["elements"]
        await alice.post(f"/ai/runs/{answers[1]['run_id']}/undo")
        left = (await alice.call("GET", f"/sketches/{sketch['id']}/export.json")).json()["elements"]

    boxes = sorted((one for one in drawn if one["kind"] == "rectangle"), key=lambda one: float(one["y"]))
    assert [one["text"] for one in boxes] == ["tea", "water", "cup"] * 2
    assert len(drawn) == 2 * (3 + 2)
    assert left == [one for one in drawn if one["id"] in {one["id"] for one in left}]
    assert len(left) == 5
    assert "There it is" in answers[0]["message"]["text"]
