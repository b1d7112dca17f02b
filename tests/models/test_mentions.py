"""Whom a text names: everybody it means, nobody it doesn't, and in time that grows with its length alone."""

import pytest

from models.mentions import MOST, mentions_in
from tests.cpu import seconds_of

CASES: list[tuple[str, list[str], str | None]] = [
    ("@bob", ["bob"], None),
    ("hi @Bob, @carol!", ["bob", "carol"], None),
    ("well, @bob.", ["bob.", "bob"], None),
    ("(@bob-smith) @bob_smith", ["bob-smith", "bob_smith"], None),
    ("@Ёлка и @李雷", ["ёлка", "李雷"], None),
    ("@bob @bob @BOB", ["bob"], None),
    ("@channel and @bob", ["bob"], "channel"),
    ("@here", [], "here"),
    ("@here, @channel", [], "channel"),
    ("@here.", ["here."], "here"),
    ("`@bob` and ```\n@carol\n```", [], None),
    ("an open ` before @bob", ["bob"], None),
    ("an open ``` before @bob", ["bob"], None),
    ("bob@example.org @", [], None),
    ("https://example.org/@bob", [], None),
    ("@@bob", [], None),
    ("@b", [], None),
    ("@" + "b" * 33, [], None),
]


@pytest.mark.parametrize(("text", "keys", "broadcast"), CASES)
def test_a_text_names_whom_it_means(text: str, keys: list[str], broadcast: str | None) -> None:
    named = mentions_in(text)

    assert (named.keys if named else [], named.broadcast if named else None) == (keys, broadcast)


def test_only_so_many_names_of_one_text_count() -> None:
    named = mentions_in(" ".join(f"@user{number}" for number in range(1000)))

    assert named is not None
    assert len(named.keys) == MOST


@pytest.mark.parametrize("unit", ["@", "@a", "@aa ", "`@", "```@aa", "@aa.", "@._-", "a@"])
def test_reading_takes_time_that_grows_with_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        return seconds_of(lambda: mentions_in(text))

    assert seconds(800_000) < 24 * seconds(100_000) + 0.05, "with its square it would be 64 times"
    assert seconds(100_000) < 0.25
