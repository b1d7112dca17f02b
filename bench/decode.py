"""Decoding and checking the frame of a post: ours beside what else is there. Microseconds a frame, best of many.

Only those that refuse the same frames do the same work; `orjson.loads` alone checks nothing, and shows the floor.
"""

import json
import re
import timeit
from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from bench.results import publish, table, verdict
from models import frames, wire
from models.ids import MAX_ID

REPEATS = 30
FRAMES = 5_000
BOUND_MICROSECONDS = 3.0

FRAME = json.dumps(
    {
        "type": "message.post",
        "ref": "0000002a",
        "channel_id": 7,
        "client_id": "c2f1b9a0-5d7e-4b6a",
        "text": "The quick brown fox jumps over the lazy dog, and tells the whole channel of it in a hundred letters.",
    }
)

_TEXT = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]{1,8000}")
_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELDS = {"type", "ref", "channel_id", "client_id", "text", "reply_to", "thread", "attachments"}

_Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]


class _Post(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["message.post"]
    ref: Annotated[str, StringConstraints(max_length=64, pattern=_LINES)] | None = None
    channel_id: _Id | None = None
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=_LINES)]
    reply_to: _Id | None = None
    thread: _Id | None = None
    attachments: list[Annotated[str, StringConstraints(max_length=64)]] = Field(default=[], max_length=10)


class _Ping(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["ping"]
    ref: str | None = None


_pydantic = TypeAdapter[_Post | _Ping](Annotated[_Post | _Ping, Field(discriminator="type")])


def _ours(text: str) -> object:
    ask: frames.Ask = wire.decode(text, frames.Ask)  # type: ignore[arg-type]
    return ask


def _by_hand(loads: Callable[[str], Any], text: str) -> object:
    """As one writes it without a library for it."""
    frame = loads(text)
    if not isinstance(frame, dict) or frame.get("type") != "message.post" or not frame.keys() <= _FIELDS:
        raise ValueError
    for name in ("channel_id", "reply_to", "thread"):
        number = frame.get(name)
        if number is not None and not (type(number) is int and 1 <= number <= MAX_ID):
            raise ValueError(name)
    for name, pattern in (("client_id", _CLIENT_ID), ("text", _TEXT)):
        if not (isinstance(frame.get(name), str) and pattern.fullmatch(frame[name])):
            raise ValueError(name)
    ref, attachments = frame.get("ref"), frame.get("attachments", [])
    if not (ref is None or (isinstance(ref, str) and len(ref) <= 64 and _TEXT.fullmatch(ref))):
        raise ValueError("ref")
    if not (isinstance(attachments, list) and len(attachments) <= 10):
        raise ValueError("attachments")
    return frame


WAYS: dict[str, Callable[[str], object]] = {
    "chalkline (msgspec Struct)": _ours,
    "json.loads, checks by hand": lambda text: _by_hand(json.loads, text),
    "orjson.loads, checks by hand": lambda text: _by_hand(orjson.loads, text),
    "pydantic": _pydantic.validate_json,
    "orjson.loads, no checks": orjson.loads,
}


def measure() -> dict[str, float]:
    """Microseconds of each way. Rounds of all ways alternate, so that a slow moment of the machine meets them all."""
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(REPEATS):
        for name, way in WAYS.items():
            took = timeit.timeit(lambda way=way: way(FRAME), number=FRAMES) / FRAMES  # type: ignore[misc]
            best[name] = min(best[name], took * 1e6)
    return best


def report(best: dict[str, float]) -> None:
    ours = next(iter(best.values()))
    rows = [(name, f"{took:.2f} µs", f"{took / ours:.1f}") for name, took in best.items()]
    publish(
        "decode",
        "Decoding and checking a post",
        [
            f"A frame of {len(FRAME)} bytes, best of {REPEATS} rounds.",
            table(("", "a frame", "times ours"), rows),
            verdict("decode and check", ours, BOUND_MICROSECONDS, "µs", at_most=True),
        ],
    )


if __name__ == "__main__":
    report(measure())
