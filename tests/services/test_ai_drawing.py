"""Plans for a sketch and taking them back: pure, so that laws can be tried on many sketches."""

import random
from typing import Any

import pytest

from models.ai_drawing import ChangeElement, Connection, LayOut, Shape
from models.errors import Invalid
from models.sketches import Altered
from services.ai_drawing import added, connected, deleted, updated
from services.ai_layout import laid_out
from services.sketch_alterations import Wanted, altered_by, undone
from services.sketch_points import unpacked

Roots = dict[str, dict[str, Any]]


def empty() -> Roots:
    return {"el": {}, "geo": {}, "meta": {}}


def put(scene: Roots, wanted: Wanted) -> list[Altered]:
    """Done to the scene."""
    altered = altered_by(scene, wanted)
    done(scene, altered)
    return altered


def done(scene: Roots, altered: list[Altered]) -> None:
    for root, key, _, after in altered:
        scene[root][key] = after
        if after is None:
            del scene[root][key]


def boxes(*ids: str) -> Roots:
    scene = empty()
    put(scene, added(scene, [Shape("rectangle", id=id_) for id_ in ids])[1])
    return scene


def arrow(scene: Roots, start: str, end: str, text: str | None = None) -> None:
    put(scene, connected(scene, [Connection(start, end, text, id=f"{start}{end}")])[1])


def test_rows_follow_the_arrows_and_a_circle_does_not_hang_it() -> None:
    scene = boxes("a", "b", "c", "d", "lone")
    for start, end in ("ab", "ac", "bd", "cd", "da"):
        arrow(scene, start, end)

    put(scene, laid_out(scene, LayOut(1, direction="down", gap=50)))

    top = {id_: scene["geo"][id_][1] for id_ in "abcd"}
    assert top["a"] < top["b"] == top["c"] < top["d"]
    assert abs(scene["geo"]["b"][0] - scene["geo"]["c"][0]) >= 160 + 50


def test_nothing_that_was_laid_out_lies_over_another() -> None:
    for seed in range(20):
        chance = random.Random(seed)  # noqa: S311 - the same each time
        ids = [f"n{number}" for number in range(12)]
        scene = boxes(*ids)
        for number in range(16):
            start, end = chance.sample(ids, 2)
            if f"{start}{end}" not in scene["el"]:
                arrow(scene, start, end, "then" if number % 3 else None)
        put(scene, laid_out(scene, LayOut(1, direction=chance.choice(("down", "right")))))

        places = [scene["geo"][id_][:2] for id_ in ids]
        for number, (x, y) in enumerate(places):
            assert all(abs(x - left) >= 160 or abs(y - top) >= 80 for left, top in places[:number])


def test_an_arrow_follows_what_it_hangs_on_from_edge_to_edge() -> None:
    scene = boxes("a", "b")
    put(scene, updated(scene, [ChangeElement("b", x=400.0)]))
    arrow(scene, "a", "b", "yes")

    put(scene, updated(scene, [ChangeElement("b", x=1000.0)]))

    x, y = scene["geo"]["ab"][:2]
    assert (x, y) == (166.0, 40.0)
    assert unpacked(scene["el"]["ab"]["points"])[-1][:2] == (1000.0 - 6 - 166, 0.0)
    assert 166 < scene["geo"]["ab-label"][0] < 994
    assert scene["el"]["ab"]["end"] == "b"


def test_a_long_arrow_has_steps_that_a_sketch_can_hold() -> None:
    scene = boxes("a", "b")
    put(scene, updated(scene, [ChangeElement("b", x=100_000.0, y=-50_000.0)]))

    arrow(scene, "a", "b")

    points = unpacked(scene["el"]["ab"]["points"])
    assert points[-1][0] == pytest.approx(100_000, abs=400)
    assert len(points) < 40


def test_an_id_that_is_taken_is_refused_also_within_one_call() -> None:
    with pytest.raises(Invalid, match="an element a already"):
        added(boxes("a"), [Shape("text", id="a")])
    with pytest.raises(Invalid, match="an element b already"):
        added(empty(), [Shape("text", id="b"), Shape("text", id="b")])


def test_taking_back_at_once_gives_the_sketch_as_it_was() -> None:
    for seed in range(40):
        chance = random.Random(seed)  # noqa: S311 - the same each time
        scene = boxes("a", "b", "c")
        arrow(scene, "a", "b", "then")
        before = {root: dict(values) for root, values in scene.items()}
        altered: list[Altered] = []
        for number in range(8):
            there = [id_ for id_ in scene["el"] if scene["el"][id_]["kind"] == "rectangle"]
            one = chance.choice([*there, "none"])
            match chance.randrange(4):
                case 0:
                    wanted = added(scene, [Shape("rectangle", id=f"new{number}")])[1]
                case 1 if one != "none":
                    wanted = updated(
                        scene, [ChangeElement(one, x=chance.uniform(-500, 500), color="#ff0000")]
                    )
                case 2 if one != "none":
                    wanted = deleted(scene, [one])
                case _:
                    wanted = laid_out(scene, LayOut(1))
            altered += put(scene, wanted)

        done(scene, undone(scene, altered))

        assert scene == before
        assert undone(scene, altered) == []


def test_what_was_never_made_is_not_taken_back() -> None:
    """Written down, and then the server died."""
    scene = boxes("a")

    assert undone(scene, [Altered("el", "new", None, {"kind": "text"})]) == []
    assert undone(scene, [Altered("el", "a", {"kind": "text"}, {"kind": "note"})]) == []
