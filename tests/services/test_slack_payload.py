"""What Slack's webhooks take becomes a message of ours that says the same."""

from typing import Any

import pytest

from services.slack_payload import MOST, is_too_many, read
from services.slack_text import markdown
from tests.cpu import seconds_of


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Hello, World!", "Hello, World!"),
        (
            "<https://example.com/alerts/1234|Click here> for details!",
            "[Click here](https://example.com/alerts/1234) for details!",
        ),
        ("<https://example.com>", "https://example.com"),
        ("<mailto:bob@example.com|Bob>", "[Bob](mailto:bob@example.com)"),
        ("<https://e.org/a_(b)|a [b]>", "[a (b)](https://e.org/a_%28b%29)"),
        ("<javascript:alert(1)|click>", "click"),
        ("<data:text/html,x|click>", "click"),
        ("*bold* _italic_ ~gone~ `*code*`", "**bold** _italic_ ~~gone~~ `*code*`"),
        ("2*3*4 and a * b * c", "2*3*4 and a * b * c"),
        ("```\n*not bold* <https://x.org|x>\n```", "```\n*not bold* x\n```"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @channel"),
        ("<@U024BE7LH> <@U1|bob> <#C1|general>", "@U024BE7LH @bob #general"),
        ("<!date^1392734382^{date}|Feb 18> <!subteam^S1|@devs>", "Feb 18 @devs"),
        ("one\r\ntwo\rthree\x00\x1b[31m", "one\ntwo\nthree[31m"),
    ],
)
def test_mrkdwn_is_told_as_markdown(said: str, expected: str) -> None:
    assert markdown(said) == expected


BLOCKS: dict[str, Any] = {
    "text": "a fallback",
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "Budget *5*"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Now*"},
            "fields": [{"type": "mrkdwn", "text": "*a*\n1"}, {"type": "plain_text", "text": "b &amp; c"}],
        },
        {"type": "divider"},
        {"type": "image", "image_url": "https://e.org/x.png", "alt_text": "a cat"},
        {
            "type": "context",
            "elements": [
                {"type": "mrkdwn", "text": "by _bob_"},
                {"type": "image", "image_url": "https://e.org/i.png", "alt_text": "i"},
            ],
        },
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "url": "https://e.org"},
                {"type": "button", "text": {"type": "plain_text", "text": "No link"}},
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "so ", "style": {"bold": True}},
                        {"type": "link", "url": "https://e.org", "text": "here"},
                        {"type": "emoji", "name": "tada"},
                    ],
                },
                {
                    "type": "rich_text_list",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
                    ],
                },
            ],
        },
        {"type": "markdown", "text": "**as it is** [x](https://e.org)"},
        {"type": "unknown", "text": "left out"},
    ],
}


def test_blocks_take_the_place_of_the_text() -> None:
    payload = BLOCKS

    assert read(payload).text.split("\n") == [
        "**Budget *5***",
        "**Now**",
        "**a**",
        "1",
        "b & c",
        "---",
        "[a cat](https://e.org/x.png)",
        "by _bob_ [i](https://e.org/i.png)",
        "[Go](https://e.org) No link",
        "**so **[here](https://e.org):tada:",
        "- one",
        "**as it is** [x](https://e.org)",
    ]


def test_an_attachment_stands_below_and_its_fallback_only_where_it_says_nothing_else() -> None:
    attachment = {
        "fallback": "not shown",
        "pretext": "Alert",
        "author_name": "Prometheus",
        "author_link": "https://p.example",
        "title": "Disk",
        "title_link": "https://p.example/d",
        "text": "90 % of <https://h.example|host>",
        "fields": [{"title": "Severity", "value": "*high*", "short": True}],
        "footer": "now",
        "color": "danger",
    }

    assert read({"text": "hi", "attachments": [attachment, {"fallback": "shown"}]}).text.split("\n") == [
        "hi",
        "Alert",
        "[Prometheus](https://p.example)",
        "**[Disk](https://p.example/d)**",
        "90 % of [host](https://h.example)",
        "**Severity**: **high**",
        "now",
        "shown",
    ]


def test_a_name_and_an_icon_are_facts_on_one_line() -> None:
    said = read({"text": "x", "username": " web\nhook\u0000bot " + "x" * 100, "icon_emoji": ":ghost:"})

    assert said.username is not None
    assert said.username.startswith("web hookbot x")
    assert len(said.username) == 64
    assert said.icon == ":ghost:"
    assert read({"text": "x", "username": "  "}).username is None


@pytest.mark.parametrize(
    "value",
    [None, 5, True, [], {}, "x", [[]], [5], [{"type": {}}], [{"type": "section", "text": 5}], {"a": []}],
)
def test_what_has_another_shape_is_skipped(value: Any) -> None:
    for name in ("text", "username", "icon_url", "blocks", "attachments"):
        assert isinstance(read({name: value}).text, str)
    kinds = ("section", "header", "context", "actions", "image", "rich_text", "video", "markdown")
    for kind in kinds:
        for name in ("text", "elements", "fields", "accessory", "title", "image_url", "url"):
            assert isinstance(read({"blocks": [{"type": kind, name: value}]}).text, str)
    for name in ("fields", "title", "title_link", "blocks", "image_url"):
        assert isinstance(read({"attachments": [{name: value}]}).text, str)


def test_too_many_blocks_are_known() -> None:
    assert is_too_many({"blocks": [{}] * (MOST + 1)})
    assert not is_too_many({"blocks": [{}] * MOST, "attachments": "x"})


@pytest.mark.parametrize("piece", ["*a", "~a", "<a", "`a", "```", "``` ` ", "*", "<", "<!", "&lt;", "<a|"])
def test_reading_takes_time_in_proportion_to_the_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        return seconds_of(lambda: markdown(text))

    assert seconds(80_000) < 8 * seconds(20_000) + 0.02
