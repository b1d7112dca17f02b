"""How the demo draws: asked to "draw tea, water, cup", it calls the server's tools as a model would, one a round."""

import itertools
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_ASKS = re.compile(r"\bdraw\b(.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"\s*(?:->|→|,|;|\n|\bthen\b)\s*", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:me|us|a|an|the|flow ?chart|diagram|this|here|of|on|with|for|please|:|\s)+\b\s*", re.IGNORECASE
)
_NAMED = re.compile(r"/sketches/(\d{1,15})\b")
_DEFAULT = ("Ask", "Think", "Draw")
_MOST, _LONGEST = 8, 40

ROUNDS = 5
"""The calls that a drawing takes."""


class Call(NamedTuple):
    """A tool and its arguments."""

    tool: str
    arguments: dict[str, Any]


def next_call(ask: Mapping[str, Any]) -> Call | None:
    """What to call now, going by what the calls so far answered; None when there is nothing (more) to draw."""
    asked, answers = _so_far(ask)
    wanted = _ASKS.search(asked)
    offered = {one["function"]["name"] for one in ask.get("tools") or ()}
    is_refused = any(answer is None for answer in answers)
    if (
        wanted is None
        or is_refused
        or len(answers) >= ROUNDS
        or not offered >= {"list_sketches", "draw_elements"}
    ):
        return None
    named = _NAMED.search(asked)
    return _call(titles_of(wanted[1]), answers, int(named[1]) if named else None)


def _call(titles: list[str], answers: list[Any], named: int | None) -> Call:
    """On the sketch that was named by its link, else on the newest."""
    match answers:
        case []:
            return Call("list_sketches", {})
        case [{"sketches": []}]:
            return Call("create_sketch", {"title": " ".join(titles)[:_LONGEST]})
        case [{"sketches": [newest, *_]}]:
            return Call("read_sketch", {"sketch_id": named or newest["sketch_id"]})
        case [_, {"sketch_id": sketch} as read]:
            return Call("draw_elements", {"sketch_id": sketch, "elements": _boxes(titles, read)})
        case [_, {"sketch_id": sketch}, {"ids": ids}]:
            arrows = [{"start": start, "end": end} for start, end in itertools.pairwise(ids)]
            return Call("connect_elements", {"sketch_id": sketch, "connections": arrows})
    return Call("layout_elements", {"sketch_id": answers[1]["sketch_id"], "ids": answers[2]["ids"]})


def has_drawn(ask: Mapping[str, Any]) -> bool:
    """Whether its last call was the last of a drawing."""
    return len(_so_far(ask)[1]) == ROUNDS


def titles_of(text: str) -> list[str]:
    """What is to be drawn, from "a flow chart: tea -> water, cup"; something of our own where there are not two."""
    parts = [_LEADING.sub("", one).strip(" .!?")[:_LONGEST] for one in _BETWEEN.split(text)]
    titles = [one for one in parts if one][:_MOST]
    return titles if len(titles) > 1 else list(_DEFAULT)


def _so_far(ask: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The last question, and what the tools answered since; None for a refusal."""
    answers: list[Any] = []
    for message in reversed(ask["messages"]):
        if message["role"] == "tool":
            answers.insert(0, _value(message["content"]))
        elif message["role"] == "user":
            return str(message["content"]), answers
    return "", answers


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _boxes(titles: list[str], read: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Below what is there."""
    below = max((one["y"] + one.get("height", 40) + 60 for one in read.get("elements", ())), default=0)
    return [
        {"kind": "rectangle", "text": title, "x": 0, "y": below + 110 * number, "fill": "#e7f5ff"}
        for number, title in enumerate(titles)
    ]
