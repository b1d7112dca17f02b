"""Texts that people type: what passes in which script, and what no field may hold."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from models.text import (
    ChannelName,
    ClientId,
    Cursor,
    Description,
    DisplayName,
    MessageText,
    Status,
    Token,
    Username,
    name_key,
)
from models.wire import decode, encode

ZWJ_FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🏴󠁧󠁢󠁳󠁣󠁴󠁿"


def passes(kind: Any, value: str) -> bool:
    try:
        return bool(decode(encode(value), kind) == value)
    except Invalid:
        return False


@pytest.mark.parametrize(
    "name",
    [
        "al",
        "Alice",
        "alice.b-c_d",
        "007",
        "Zoë",
        "Łukasz",
        "Ναταλία",
        "Дмитрий",
        "שרה",
        "محمد",
        "अआइ",
        "さくら",
        "サクラ",
        "小明",
        "민준",
        "a" * 32,
    ],
)
def test_a_username_is_made_of_letters_of_any_living_script(name: str) -> None:
    assert passes(Username, name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a" * 33,
        "two words",
        " al",
        "al ",
        "al\n",
        "al\x00",
        "a/b",
        "a@b",
        "<b>",
        "deleted user",
        "ali\u200bce",
        "ali\u00adce",
        "\u202eecila",
        "ali\u0301ce",
        "ｗｉｄｅ",
        "𝒶𝓁𝒾𝒸𝑒",
        "🙂🙂",
        "\u3164\u3164",
        "a\u115fb",
    ],
)
def test_a_username_is_nothing_that_one_cannot_read_out(name: str) -> None:
    assert not passes(Username, name)


BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060\u2061\u2064\u3164\ufeff\uffa0"
CONTROL = "".join(map(chr, (*range(32), *range(0x7F, 0xA0))))


@pytest.mark.parametrize(
    "character", BIDIRECTIONAL + INVISIBLE + CONTROL, ids=lambda one: f"U+{ord(one):04X}"
)
def test_no_name_holds_what_cannot_be_seen(character: str) -> None:
    for kind in (DisplayName, ChannelName, Status):
        assert not passes(kind, f"al{character}ice")
        assert not passes(kind, f"alice{character}")
        assert not passes(kind, character)


@pytest.mark.parametrize(
    "name",
    [
        "general",
        "Ключи и замки",
        "team 🚀",
        ZWJ_FAMILY,
        "❤️",
        "می‌خواهم",
        "a",
        "e\u0301",
        "100% #1 <b>",
        "‘quoted’ — so",
    ],
)
def test_a_name_is_any_line_that_one_can_see(name: str) -> None:
    assert passes(ChannelName, name)
    assert passes(DisplayName, name)


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "\u00a0a", "a\u3000", "a\nb", "a\tb", "a" * 81])
def test_a_channel_name_begins_and_ends_with_something_and_is_one_line(name: str) -> None:
    assert not passes(ChannelName, name)


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        " ",
        "\n",
        "a\n\tb\n",
        "a" * 8000,
        "😀" * 8000,
        ZWJ_FAMILY,
        FLAG,
        "❤️",
        "\u202b שלום \u202c",
        "Z̸̧̛a̵l̶g̷o",
        "𝒲",
        "\u2028",
        "<script>alert(1)</script>",
        "'; drop table users; --",
        "\ufffd\ufffe\U0010ffff",
    ],
)
def test_a_message_is_whatever_people_write(message: str) -> None:
    assert passes(MessageText, message)


@pytest.mark.parametrize(
    "message", ["", "a" * 8001, "a\x00b", "\x1b[31m", "a\rb", "\x7f", "\x85", "a\x0b", "\x07\n"]
)
def test_a_message_holds_no_control_characters_and_keeps_its_bounds(message: str) -> None:
    assert not passes(MessageText, message)


def test_bounds_count_characters_and_descriptions_may_be_empty() -> None:
    assert passes(Description, "")
    assert passes(Description, "密" * 1000)
    assert not passes(Description, "密" * 1001)
    assert passes(Status, "")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (ClientId, ["a", "A-z_0", "9" * 64], ["", "a b", "a\n", "é", "a" * 65, "a/b", "a\x00"]),
        (Cursor, ["1", "999999999999999"], ["", "0", "01", "-1", "1\n", "1" * 16, "٣", "x"]),
        (Token, ["a.b.c", "~" * 4096], ["", " ", "a b", "a\n", "é", "~" * 4097]),
    ],
)
def test_what_machines_write_is_held_to_its_letters(kind: Any, good: list[str], bad: list[str]) -> None:
    assert [value for value in good if not passes(kind, value)] == []
    assert [value for value in bad if passes(kind, value)] == []


@given(st.text(max_size=40))
def test_a_key_is_the_same_for_every_form_of_a_name_and_its_own_key(name: str) -> None:
    key = name_key(name)

    assert name_key(key) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert name_key(unicodedata.normalize(form, name)) == key


@given(
    st.text(st.characters(categories=["L"]), min_size=2, max_size=32).filter(
        lambda name: passes(Username, name)
    )
)
def test_who_writes_a_username_in_capitals_means_the_same_user(name: str) -> None:
    assert name_key(name.casefold()) == name_key(name)
    assert " " not in name_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("ﬁle", "FILE"), ("Ωmega", "ωmega"), ("ſam", "sam"), ("Ǆ", "dž"), ("１", "1")],
)
def test_names_that_read_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("alice", "аlice"), ("ı", "i"), ("resume", "résumé"), ("a.b", "ab")]
)
def test_names_in_other_letters_have_another_key(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
