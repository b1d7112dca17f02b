"""What a notice says, and when nobody wants to hear it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import wire
from models.ids import ChannelId, Seq, UserId
from models.push import PushCall
from services.push_deliveries import ACTIVE_FOR, KEPT, judge
from services.push_notice import SHOWN, is_quiet, notice_of, plain_text, seal
from tests.device import Device, decoded

NOW = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)


def call(**more: Any) -> PushCall:
    keys = Device("https://push.example.org/1").subscription["keys"]
    said: dict[str, Any] = {
        "channel_id": ChannelId(7),
        "subscription_id": "s1",
        "user_id": UserId(2),
        "endpoint": "https://push.example.org/1",
        "p256dh": decoded(keys["p256dh"]),
        "auth": decoded(keys["auth"]),
        "shows_text": True,
        "do_not_disturb": None,
        "channel_kind": "channel",
        "channel_name": "general",
        "seq": Seq(41),
        "thread": None,
        "kind": "text",
        "text": "hello",
        "created_at": NOW,
        "author_name": "Alice",
        "is_urgent": True,
    }
    return PushCall(**said | more)


def test_who_where_and_what() -> None:
    assert wire.row_of(notice_of(call())) == {
        "title": "Alice in #general",
        "body": "hello",
        "channel_id": 7,
        "seq": 41,
    }
    assert notice_of(call(channel_kind="direct", channel_name="")).title == "Alice"
    assert notice_of(call(author_name="")).title == "Somebody in #general"
    assert wire.row_of(notice_of(call(thread=Seq(12))))["thread"] == 12


def test_without_the_text_it_says_who_and_where() -> None:
    assert wire.row_of(notice_of(call(text="a sekrit"), shows_text=False)) == {
        "title": "Alice in #general",
        "body": "New message",
        "channel_id": 7,
        "seq": 41,
    }


@pytest.mark.parametrize(
    ("kind", "text", "body"),
    [("file", "", "Sent a file"), ("file", "see", "see"), ("sketch", "plan", "Began a sketch: plan")],
)
def test_what_is_no_text_is_named(kind: Any, text: str, body: str) -> None:
    assert notice_of(call(kind=kind, text=text)).body == body


def test_marks_are_left_out_and_it_stands_on_one_line() -> None:
    said = "# Look\n\n**so** _very_ `fast` [here](https://example.org/x)\nand\n\n```\ncode\n```\n- <b>item</b> ~~no~~"

    assert plain_text(said) == "Look so very fast here and code <b>item</b> no"


def test_the_longest_notice_fits_into_a_push_message() -> None:
    long = call(
        text="𐀀" * 8000,
        author_name="𐀀" * 64,
        channel_name="𐀀" * 80,
        thread=Seq(2**53 - 1),
        seq=Seq(2**53 - 1),
    )

    assert len(notice_of(long).body) == SHOWN
    assert len(seal(long, shows_text=True)) <= 4096


@pytest.mark.parametrize(
    ("start", "end", "zone", "quiet"),
    [
        ("22:00", "07:00", "UTC", True),
        ("23:30", "23:31", "UTC", True),
        ("23:00", "23:30", "UTC", False),
        ("07:00", "22:00", "UTC", False),
        ("00:00", "06:00", "Europe/Berlin", True),
        ("22:00", "23:59", "Europe/Berlin", False),
        ("08:00", "09:00", "Asia/Tokyo", True),
        ("22:00", "07:00", "Mars/Olympus", True),
    ],
)
def test_hours_of_rest_go_by_their_own_clock_and_over_midnight(
    start: str, end: str, zone: str, quiet: bool
) -> None:
    assert is_quiet({"start": start, "end": end, "timezone": zone}, NOW) is quiet


def test_who_is_told_and_why_not() -> None:
    online = {"user:2"}
    hours = {"start": "00:00", "end": "23:59", "timezone": "UTC"}
    long_ago = NOW + KEPT + timedelta(seconds=1)

    assert judge(call(), set(), NOW) == "goes"
    assert judge(None, set(), NOW) == "nothing"
    assert judge(call(), online, NOW) == "waits"
    assert judge(call(), online, NOW + ACTIVE_FOR) == "active"
    assert judge(call(do_not_disturb=hours), set(), NOW) == "quiet"
    assert judge(call(), set(), long_ago) == "late"
