"""Values and bytes: what is encoded is what is decoded, and what is refused names its field."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import frames, wire
from models.accounts import CreateInvite, Login, Register, Revoke, UpdateMe, UpdateUser, User, UserQuery
from models.channels import Channel, CreateChannel, Membership, OpenDirect, PutMember, UpdateChannel
from models.chat import EventsQuery, HistoryQuery, Message, PostMessage
from models.errors import Invalid
from models.facts import (
    Change,
    ChannelDeleted,
    ChannelUpdated,
    Fact,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
)
from models.ids import MAX_ID, ChannelId, Seq, UserId
from models.values import Page
from models.values import given as present

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ids = st.integers(1, MAX_ID)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
times = st.datetimes(timezones=st.just(UTC))

users = st.builds(User, ids, texts, texts, st.sampled_from(["admin", "member"]), times, texts, st.booleans())
messages = st.builds(
    Message,
    ids,
    ids,
    ids,
    st.sampled_from(["text", "file", "sketch", "ai", "system"]),
    texts,
    texts,
    times,
    st.none() | times,
    st.none() | times,
    st.none() | ids,
    st.none() | ids,
)
channels = st.builds(
    Channel,
    ids,
    texts,
    texts,
    st.sampled_from(["channel", "direct", "ai"]),
    st.sampled_from(["public", "private"]),
    st.booleans(),
    ids,
    times,
    ids,
    ids,
    st.none() | st.builds(Membership, st.sampled_from(["owner", "moderator", "member"]), ids, ids, ids),
    st.none() | st.lists(ids, max_size=5),
)
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(MemberJoined, ids, ids, ids),
    st.builds(MemberLeft, ids, ids, ids, st.none() | ids),
    st.builds(MemberChanged, ids, ids, ids, st.sampled_from(["owner", "moderator", "member"])),
    st.builds(ChannelUpdated, ids, ids, channels),
    st.builds(ChannelDeleted, ids, ids),
)
facts: st.SearchStrategy[Fact] = changes | st.builds(MessagePosted, ids, ids, messages)


@given(users | messages | channels)
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    assert wire.decode(wire.encode(value), type(value)) == value


@given(st.lists(messages, max_size=3), st.none() | texts)
def test_a_page_comes_back_as_it_went(items: list[Message], cursor: str | None) -> None:
    page = Page(items, cursor)

    assert wire.decode(wire.encode(page), Page[Message]) == page


@given(facts)
def test_a_fact_comes_back_as_it_went_and_its_entry_has_its_seq(fact: Fact) -> None:
    entry = wire.entry(fact)

    assert entry.seq == fact.seq
    assert wire.decode(entry.payload, Fact) == fact  # type: ignore[arg-type]


@given(changes)
def test_a_change_comes_back_out_of_its_row(change: Change) -> None:
    body = orjson.loads(orjson.dumps(wire.change_body(change)))

    assert not {"type", "channel_id", "seq"} & body.keys()
    assert wire.change_fact(change.channel_id, change.seq, wire.tag(change), body) == change


def test_a_fact_says_what_it_is_called_and_whom_it_ends_the_topic_for() -> None:
    here, seq, bob = ChannelId(7), Seq(3), UserId(2)
    said = {
        wire.tag(fact): wire.entry(fact).drops
        for fact in (
            MemberJoined(here, seq, bob),
            MemberLeft(here, seq, bob),
            MemberChanged(here, seq, bob, "owner"),
            ChannelDeleted(here, seq),
        )
    }

    assert said == {
        "member.joined": "",
        "member.left": "user:2",
        "member.changed": "",
        "channel.deleted": "*",
    }


@pytest.mark.parametrize(
    ("kind", "body", "drops"),
    [
        ("session.revoked", {"session_id": "s"}, "session:s"),
        ("user.revoked", {}, "*"),
        ("channel.opened", {"channel_id": 7}, ""),
        ("channel.closed", {"channel_id": 7}, ""),
    ],
)
def test_a_row_of_a_users_own_log_keeps_its_seq_to_itself(
    kind: str, body: dict[str, Any], drops: str
) -> None:
    entry = wire.personal_entry(2, 5, kind, body)

    assert (entry.seq, entry.drops) == (5, drops)
    assert orjson.loads(entry.payload) == {"type": kind, "user_id": 2, **body}


def test_times_are_told_in_utc_with_a_z() -> None:
    assert wire.encode(NOW) == b'"2026-01-02T03:04:05.678901Z"'


POST = {"client_id": "c1", "text": "hello"}
LONG = "x" * 10_000

REFUSED: list[tuple[Any, Any, str]] = [
    (PostMessage, {"client_id": "c1"}, "text"),
    (PostMessage, {**POST, "more": 1}, "more"),
    (PostMessage, {**POST, "text": 5}, "text"),
    (PostMessage, {**POST, "text": None}, "text"),
    (PostMessage, {**POST, "text": {"$ne": 1}}, "text"),
    (PostMessage, {**POST, "text": LONG}, "text"),
    (PostMessage, {**POST, "text": "\x00"}, "text"),
    (PostMessage, {**POST, "client_id": "ä"}, "client_id"),
    (PostMessage, {**POST, "reply_to": 0}, "reply_to"),
    (PostMessage, {**POST, "reply_to": MAX_ID + 1}, "reply_to"),
    (PostMessage, {**POST, "reply_to": 2**64}, "reply_to"),
    (PostMessage, {**POST, "reply_to": 1.5}, "reply_to"),
    (PostMessage, {**POST, "reply_to": True}, "reply_to"),
    (PostMessage, {**POST, "reply_to": "7"}, "reply_to"),
    (PostMessage, {**POST, "attachments": ["x"] * 11}, "attachments"),
    (PostMessage, {**POST, "attachments": [5]}, "attachments[0]"),
    (PostMessage, {**POST, "author_id": 1}, "author_id"),
    (PostMessage, {**POST, "seq": 1}, "seq"),
    (Register, {"username": "al", "password": "short"}, "password"),
    (Register, {"username": "al", "password": "ä" * 600}, "password"),
    (Register, {"username": "al", "password": "long enough", "role": "admin"}, "role"),
    (Register, {"username": "a l", "password": "long enough"}, "username"),
    (UpdateMe, {"password": "ä" * 600}, "password"),
    (UpdateMe, {"role": "admin"}, "role"),
    (UpdateMe, {"display_name": None}, "display_name"),
    (UpdateUser, {"role": "owner"}, "role"),
    (UpdateUser, {"disabled": 1}, "disabled"),
    (Login, {"username": "al", "password": "\x00"}, "password"),
    (Revoke, {"session_id": "a b"}, "session_id"),
    (CreateInvite, {"uses": 0}, "uses"),
    (CreateChannel, {"name": " x"}, "name"),
    (CreateChannel, {"name": "x", "visibility": "secret"}, "visibility"),
    (CreateChannel, {"name": "x", "password": ""}, "password"),
    (UpdateChannel, {"name": None}, "name"),
    (PutMember, {"role": "admin"}, "role"),
    (OpenDirect, {"user_ids": []}, "user_ids"),
    (OpenDirect, {"user_ids": [1, "2"]}, "user_ids[1]"),
    (frames.Ask, {"type": "subscribe", "channel_id": 0}, "channel_id"),
    (frames.Ask, {"type": "subscribe", "after": -1}, "after"),
    (frames.Ask, {"type": "message.post", "client_id": "c", "text": "x", "ref": LONG}, "ref"),
    (frames.Ask, {"type": "shout"}, "type"),
    (frames.Ask, {"channel_id": 7}, "type"),
    (frames.Ask, {"type": "ping", "more": 1}, "more"),
]


@pytest.mark.parametrize(("kind", "body", "field"), REFUSED, ids=lambda one: str(one)[:60])
def test_a_refusal_names_the_field(kind: Any, body: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        wire.decode(msgspec.json.encode(body), kind)

    assert list(refused.value.fields) == [field]
    assert LONG not in refused.value.detail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"nul",
        b"NaN",
        b'{"client_id":"c1","text":NaN}',
        b'{"client_id":"c1","text":"\xff"}',
        b'{"client_id":"c1","text":"\xed\xa0\x80"}',
        b'{"client_id":"c1","text":"\\ud800"}',
        b'{"client_id":"c1","text":"\\udc00x"}',
        b'{"client_id":"c1","text":"a\nb"}',
        b'{"client_id":"c1","text":"a"} x',
        b"[" * 60_000,
        b'{"more":' + b"[" * 60_000,
        b'{"a":' * 10_000,
        b"[]",
        b"5",
        b'"x"',
        b"null",
        b'{"client_id":"c1","text":"a","reply_to":1e400}',
        b'{"client_id":"c1","text":"a","reply_to":99999999999999999999999999999999}',
    ],
    ids=lambda data: str(data[:40]),
)
def test_what_is_no_json_of_ours_is_invalid_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(Invalid):
        wire.decode(data, PostMessage)
    with pytest.raises(Invalid):
        wire.decode(data, frames.Ask)  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    for kind in (PostMessage, Register, frames.Ask, frames.Reference):
        with suppress(Invalid):
            wire.decode(data, kind)  # type: ignore[arg-type]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    )
)
def test_no_json_does_more_than_be_refused(value: Any) -> None:
    body = msgspec.json.encode({"type": "message.post", "text": value, "after": value})
    for kind in (PostMessage, UpdateMe, OpenDirect, frames.Ask):
        with suppress(Invalid):
            wire.decode(body, kind)  # type: ignore[arg-type]


def test_the_last_of_two_equal_keys_counts() -> None:
    assert wire.decode(b'{"client_id":"a","text":"x","text":"y"}', PostMessage).text == "y"


def test_a_field_left_out_is_not_one_that_is_null() -> None:
    assert present(wire.decode(b"{}", UpdateChannel).name) is None
    assert wire.decode(b'{"password":null}', UpdateChannel).password is None
    assert wire.decode(b"{}", UpdateChannel).password is msgspec.UNSET


@pytest.mark.parametrize(
    ("kind", "query", "field"),
    [
        (UserQuery, {"limit": "0"}, "limit"),
        (UserQuery, {"limit": "201"}, "limit"),
        (UserQuery, {"limit": "x"}, "limit"),
        (UserQuery, {"limit": ""}, "limit"),
        (UserQuery, {"limit": "1.5"}, "limit"),
        (UserQuery, {"limit": "9" * 5000}, "limit"),
        (UserQuery, {"cursor": "-1"}, "cursor"),
        (UserQuery, {"q": "a\x00"}, "q"),
        (UserQuery, {"more": "1"}, "more"),
        (HistoryQuery, {"before": str(MAX_ID + 1)}, "before"),
        (HistoryQuery, {"around": "-1"}, "around"),
        (EventsQuery, {"after": "NaN"}, "after"),
        (EventsQuery, {"limit": "1001"}, "limit"),
    ],
)
def test_a_bad_parameter_is_named(kind: Any, query: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        wire.convert(query, kind)

    assert list(refused.value.fields) == [field]


def test_parameters_are_text_and_become_what_they_mean() -> None:
    assert wire.convert({"limit": "7", "q": "7", "cursor": "9"}, UserQuery) == UserQuery("7", 7, "9")
    assert wire.convert({"before": "5"}, HistoryQuery).before == 5
