"""What a model says becomes text that everybody takes, however it was cut."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.ai_text import Cleaner, estimated_tokens

PIECES = st.lists(st.text(st.characters(exclude_categories=()), max_size=8), max_size=8)


def cleaned(pieces: list[str]) -> str:
    cleaner = Cleaner()
    return "".join([cleaner.clean(piece) for piece in pieces]) + cleaner.end()


@given(PIECES)
def test_whatever_comes_the_text_can_be_stored_and_encoded(pieces: list[str]) -> None:
    text = cleaned(pieces)

    text.encode()
    assert not any(letter < " " and letter not in "\n\t" for letter in text)
    assert "\x7f" not in text


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=50), st.randoms(use_true_random=False)
)
def test_plain_text_stays_as_it_is_wherever_it_is_cut(text: str, chance: random.Random) -> None:
    cuts = sorted(chance.sample(range(len(text) + 1), min(3, len(text) + 1)))
    pieces = [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert cleaned(pieces) == text


def test_halves_of_an_emoji_are_joined_and_one_alone_is_replaced() -> None:
    assert cleaned(["a\ud83d", "\ude00b"]) == "a😀b"
    assert cleaned(["a\ud83d", "b"]) == "a\ufffdb"
    assert cleaned(["\ude00"]) == "\ufffd"
    assert cleaned(["a\ud83d"]) == "a\ufffd"


def test_a_token_is_taken_for_three_bytes() -> None:
    assert [estimated_tokens(text) for text in ("", "a", "abc", "abcd", "漢", "漢字")] == [0, 1, 1, 2, 1, 2]
