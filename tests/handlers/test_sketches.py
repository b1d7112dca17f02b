"""Sketches over REST: made, drawn on, kept, shown, taken out and brought in, each by who may."""

from typing import Any

import httpx
import pytest

from tests.handlers.test_sketch_sockets import sketch_of, studio
from tests.handlers.town import Town, code
from tests.scenes import excalidraw_file
from tests.sketcher import sketching
from tests.yjs import Pen

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOX = {"kind": "rectangle", "x": 1, "y": 2, "width": 30, "height": 40}


async def test_a_sketch_is_in_the_timeline_and_the_list_and_the_log(town: Town) -> None:
    alice, bob, channel, sketch = await studio(town)

    messages = (await bob.get(f"/channels/{channel}/messages"))["items"]
    listed = (await bob.get(f"/channels/{channel}/sketches"))["items"]
    events = (await bob.get(f"/channels/{channel}/events"))["events"]

    assert (messages[-1]["kind"], messages[-1]["sketch_id"]) == ("sketch", sketch)
    assert [one["id"] for one in listed] == [sketch]
    assert events[-1]["type"] == "sketch.created"
    assert events[-1]["sketch"] == await alice.get(f"/sketches/{sketch}")


async def test_a_new_title_and_the_end_are_told_as_they_are_in_the_log(town: Town) -> None:
    alice, _, channel, sketch = await studio(town)
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        renamed = await alice.call("PATCH", f"/sketches/{sketch}", {"title": "better"})
        told = [await ear.next("sketch.updated")]
        await alice.call("DELETE", f"/sketches/{sketch}")
        told.append(await ear.next("sketch.deleted"))

    assert renamed.json()["title"] == "better"
    assert (await alice.get(f"/channels/{channel}/events"))["events"][-2:] == told
    assert code(await alice.call("GET", f"/sketches/{sketch}")) == (404, "not_found")
    assert (await alice.get(f"/channels/{channel}/sketches"))["items"] == []


async def test_only_its_maker_and_moderators_change_a_sketch(town: Town) -> None:
    alice, bob, channel, _ = await studio(town)
    theirs, carol = await sketch_of(bob, channel), await town.newcomer("carol")
    await alice.call("PUT", f"/channels/{channel}/members/{carol.id}")

    assert code(await carol.call("PATCH", f"/sketches/{theirs}", {"title": "mine"})) == (403, "forbidden")
    assert code(await carol.call("DELETE", f"/sketches/{theirs}")) == (403, "forbidden")
    assert (await alice.call("PATCH", f"/sketches/{theirs}", {"title": "ours"})).status_code == 200
    assert (await bob.call("DELETE", f"/sketches/{theirs}")).status_code == 204


async def test_a_script_draws_and_everybody_sees_it(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(bob, sketch) as his:
        drawn = await alice.post(
            f"/sketches/{sketch}/elements",
            {"elements": [BOX, {"id": "s", "kind": "stroke", "points": [[0, 0], [5, 5, 1]]}]},
        )
        await his.sees(*drawn["ids"])

    assert drawn["ids"][1] == "s"
    assert his.pen.geo[drawn["ids"][0]] == [1, 2, 0, 1, 0]
    assert his.pen.el["s"]["points"] == bytes((0, 0, 0, 0x80, 2, 80, 80, 0xFE, 1))


BAD_ELEMENTS: dict[str, Any] = {
    "no kind": {"x": 1},
    "a field that isn't": {**BOX, "onclick": "x"},
    "a place that isn't": {**BOX, "x": "left"},
    "far out": {**BOX, "x": 1e9},
    "points too far apart": {"kind": "stroke", "points": [[0, 0], [9e9, 0]]},
    "points of text": {"kind": "stroke", "points": ["a", "b"]},
    "an id too long": {**BOX, "id": "x" * 65},
    "an id of another kind": {**BOX, "id": 7},
}


@pytest.mark.parametrize("element", BAD_ELEMENTS.values(), ids=BAD_ELEMENTS.keys())
async def test_of_elements_of_which_one_is_wrong_none_is_drawn(town: Town, element: dict[str, Any]) -> None:
    alice, _, _, sketch = await studio(town)

    answer = await alice.call("POST", f"/sketches/{sketch}/elements", {"elements": [BOX, element]})

    assert code(answer) == (422, "invalid")
    assert "elements[1]" in next(iter(answer.json()["fields"]))
    assert (await alice.get(f"/sketches/{sketch}/export.json"))["elements"] == []


async def test_the_state_is_the_document_and_is_sent_once(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [{**BOX, "id": "a"}]})

    first = await alice.call("GET", f"/sketches/{sketch}/state")
    tag = first.headers["ETag"]
    again = await alice.call("GET", f"/sketches/{sketch}/state", headers={"If-None-Match": tag})
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [BOX]})
    newer = await alice.call("GET", f"/sketches/{sketch}/state", headers={"If-None-Match": tag})

    pen = Pen()
    pen.hear(first.content)
    assert list(pen.el) == ["a"]
    assert first.headers["Content-Encoding"] == "gzip"
    assert again.status_code == 304
    assert newer.status_code == 200


async def test_a_version_brings_the_old_picture_back_as_a_new_edit(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [{**BOX, "id": "a"}, {**BOX, "id": "b"}]})
    version = await bob.post(f"/sketches/{sketch}/versions", {"label": "good"})
    before = (await alice.get(f"/sketches/{sketch}"))["head_seq"]
    async with sketching(alice, sketch) as hers:
        del hers.pen.el["a"]
        await hers.give(hers.pen.updates[-1])
        await hers.draw("b", color="#ff0000")
        await hers.draw("c")
        await hers.all_saved()

        restored = await bob.post(f"/sketches/{sketch}/versions/{version['number']}/restore")
        await hers.until(lambda: "c" not in hers.pen.el and "a" in hers.pen.el)

        assert hers.pen.el["b"]["kind"] == "rectangle"
    assert restored["head_seq"] > before
    assert (await alice.get(f"/sketches/{sketch}/versions"))["items"] == [version]
    assert code(await alice.call("POST", f"/sketches/{sketch}/versions/9/restore")) == (404, "not_found")


async def test_a_version_is_seen_before_it_is_brought_back(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [{**BOX, "color": "#2f9e44"}]})
    number = (await alice.post(f"/sketches/{sketch}/versions", {"label": "green"}))["number"]
    await alice.post(f"/sketches/{sketch}/elements", {"elements": [{**BOX, "color": "#e03131"}]})

    seen = await alice.call("GET", f"/sketches/{sketch}/versions/{number}/export.svg")

    assert "#2f9e44" in seen.text
    assert "#e03131" not in seen.text
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert code(await alice.call("GET", f"/sketches/{sketch}/versions/9/export.svg")) == (404, "not_found")


async def test_comments_hang_on_elements_and_their_channel_hears_of_them(town: Town) -> None:
    alice, bob, channel, sketch = await studio(town)
    path = f"/sketches/{sketch}/comments"
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        first = await bob.post(path, {"text": "why?", "element_id": "e1"})
        told = await ear.next("sketch.commented")
    await alice.post(path, {"text": "because", "thread": first["id"]})

    assert told["comment_id"] == first["id"]
    listed = (await alice.get(path))["items"]
    assert [(one["text"], one["thread"], one["element_id"]) for one in listed] == [
        ("why?", None, "e1"),
        ("because", first["id"], None),
    ]
    resolved = await alice.call("PATCH", f"{path}/{first['id']}", {"resolved": True})
    assert resolved.json()["resolved_at"]
    assert code(await alice.call("POST", path, {"text": "x", "thread": 99999})) == (404, "not_found")
    carol = await town.newcomer("carol")
    await alice.call("PUT", f"/channels/{channel}/members/{carol.id}")
    assert code(await carol.call("DELETE", f"{path}/{first['id']}")) == (403, "forbidden")
    assert (await bob.call("DELETE", f"{path}/{first['id']}")).status_code == 204
    assert [one["text"] for one in (await alice.get(path))["items"]] == ["because"]


async def test_a_file_comes_in_and_goes_out_in_every_form(town: Town) -> None:
    alice, _, channel, _ = await studio(town)
    imported = await alice.call(
        "POST", f"/channels/{channel}/sketches/import", {"file": excalidraw_file(), "title": "from elsewhere"}
    )
    assert imported.status_code == 201, imported.text
    sketch = imported.json()["id"]

    kinds = {
        "svg": "image/svg+xml",
        "png": "image/png",
        "json": "application/json",
        "excalidraw": "application/json",
    }
    for ending, kind in kinds.items():
        answer = await alice.call("GET", f"/sketches/{sketch}/export.{ending}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    out = await alice.call("GET", f"/sketches/{sketch}/export.excalidraw")
    again = await alice.call("POST", f"/channels/{channel}/sketches/import", {"file": out.json()})
    assert again.status_code == 201
    first, second = [
        (await alice.get(f"/sketches/{one}/export.json"))["elements"] for one in (sketch, again.json()["id"])
    ]
    assert {one["id"]: one for one in first} == {one["id"]: one for one in second}
    assert imported.json()["title"] == "from elsewhere"


async def test_a_file_that_makes_no_sense_makes_no_sketch(town: Town) -> None:
    alice, _, channel, sketch = await studio(town)
    path = f"/channels/{channel}/sketches/import"

    for file in ({"type": "tldraw", "elements": []}, {"type": "excalidraw", "elements": [{"type": "virus"}]}):
        assert code(await alice.call("POST", path, {"file": file})) == (422, "invalid")
    assert [one["id"] for one in (await alice.get(f"/channels/{channel}/sketches"))["items"]] == [sketch]


DOORS = [
    ("GET", "/sketches/{}", None),
    ("PATCH", "/sketches/{}", {"title": "x"}),
    ("DELETE", "/sketches/{}", None),
    ("GET", "/sketches/{}/state", None),
    ("POST", "/sketches/{}/elements", {"elements": [BOX]}),
    ("GET", "/sketches/{}/export.svg", None),
    ("GET", "/sketches/{}/export.png", None),
    ("GET", "/sketches/{}/export.json", None),
    ("GET", "/sketches/{}/export.excalidraw", None),
    ("GET", "/sketches/{}/versions", None),
    ("POST", "/sketches/{}/versions", {"label": "x"}),
    ("POST", "/sketches/{}/versions/1/restore", None),
    ("GET", "/sketches/{}/versions/1/export.svg", None),
    ("GET", "/sketches/{}/links", None),
    ("POST", "/sketches/{}/links", None),
    ("DELETE", "/sketches/{}/links/1", None),
    ("GET", "/sketches/{}/comments", None),
    ("POST", "/sketches/{}/comments", {"text": "x"}),
    ("PATCH", "/sketches/{}/comments/1", {"resolved": True}),
    ("DELETE", "/sketches/{}/comments/1", None),
]


@pytest.mark.parametrize(("method", "path", "body"), DOORS, ids=[f"{m} {p}" for m, p, _ in DOORS])
async def test_a_sketch_of_a_private_channel_is_not_there_for_others(
    town: Town, method: str, path: str, body: Any
) -> None:
    alice, mallory = await town.newcomer("alice"), await town.newcomer("mallory")
    sketch = await sketch_of(alice, await town.room(alice, visibility="private"))

    there = await mallory.call(method, path.format(sketch), body)
    nothing = await mallory.call(method, path.format(999_999), body)

    assert code(there) == code(nothing) == (404, "not_found")
    assert there.json()["detail"] == nothing.json()["detail"]


async def test_a_link_tells_what_it_shows_and_nothing_of_other_sketches(town: Town) -> None:
    alice, _, channel, sketch = await studio(town)
    other = await sketch_of(alice, channel)
    token = (await alice.post(f"/sketches/{sketch}/links"))["token"]

    async with httpx.AsyncClient(base_url=f"{alice.url}/api/v1", headers={"X-Sketch-Link": token}) as guest:
        shown = await guest.get(f"/sketches/{sketch}/shared")
        answers = [await guest.get(f"/sketches/{other}/shared"), await guest.get(f"/sketches/{sketch}")]
        guest.headers["X-Sketch-Link"] = "x"
        answers.append(await guest.get(f"/sketches/{sketch}/shared"))

    whole = await alice.get(f"/sketches/{sketch}")
    assert shown.json() == {name: whole[name] for name in ("id", "title", "epoch")}
    assert [answer.status_code for answer in answers] == [404, 401, 404]
