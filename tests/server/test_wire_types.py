"""The page's types are the server's own, as they are now."""

from pathlib import Path
from typing import get_args

from models import facts, frames, user_facts
from server.routes import DOORS
from server.wire_types import make_types

WRITTEN = Path(__file__).parents[2] / "web" / "src" / "protocol" / "wire.ts"


def test_the_written_types_are_those_of_the_server() -> None:
    assert WRITTEN.read_text("utf-8") == make_types(), "stale: make web/src/protocol/wire.ts"


def test_every_frame_every_fact_and_every_call_has_its_type() -> None:
    made = make_types()

    for frame in (*get_args(frames.Ask), *frames.Answer.__subclasses__()):
        assert f"export interface {frame.__name__}Frame {{" in made
    for fact in (
        *get_args(facts.Fact),
        *facts.PassingFact.__subclasses__(),
        *get_args(user_facts.PersonalFact),
    ):
        assert f'"{fact.__struct_config__.tag}"' in made
    for _, _, door in DOORS:
        assert f"readonly {door.name}: {{" in made


def test_what_is_asked_may_leave_out_what_the_server_fills_in_and_what_is_told_is_whole() -> None:
    made = make_types()

    assert "readonly limit?: number;" in made
    assert "readonly edited_at: string | null;" in made
    assert "readonly retry_after?: number;" in made
