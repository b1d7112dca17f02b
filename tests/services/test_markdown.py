"""Markdown as HTML: what was meant is there, and nothing that could run, load or lead astray."""

import html.parser

import pytest

from services.markdown import TAGS, to_html
from tests.cpu import seconds_of
from tests.web.payloads import payloads


class Seen(html.parser.HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "**bold** _it_ ~~no~~ `code`",
            "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>code</code></p>\n",
        ),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("> quote", "<blockquote>\n<p>quote</p>\n</blockquote>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1\n</code></pre>\n'),
        (
            "[a](https://x.org)",
            '<p><a href="https://x.org" rel="noopener noreferrer nofollow">a</a></p>\n',
        ),
        (
            "![cat](https://x.org/c.png)",
            '<p><a href="https://x.org/c.png" rel="noopener noreferrer nofollow">cat</a></p>\n',
        ),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
    ],
)
def test_markdown_is_shown_as_it_was_meant(said: str, shown: str) -> None:
    assert to_html(said) == shown


@pytest.mark.parametrize(
    "wrap", ["{}", "[x]({})", "[{}](https://x.org)", "![x]({})", "<{}>", "```{}\nx\n```", "> {}"]
)
def test_nothing_of_the_attacks_is_left(wrap: str) -> None:
    assert len(payloads()) > 200
    for payload in payloads():
        seen = Seen()
        seen.feed(to_html(wrap.format(payload)))

        assert seen.tags <= TAGS, payload
        for name, value in seen.attributes:
            assert name in ("href", "title", "start", "class", "rel"), payload
            if name == "href":
                assert value.lower().startswith(("http:", "https:", "mailto:")), payload
            if name == "class":
                assert value.startswith("language-"), payload


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "![[", "**a *b", "\n\n* a", "[a](", "a_", "<a ", "|a"])
def test_the_worst_text_takes_a_bounded_time(piece: str) -> None:
    text = (piece * 8000)[:8000]

    assert seconds_of(lambda: to_html(text), tries=1) < 2


def test_what_is_longer_than_any_message_is_cut() -> None:
    assert len(to_html("x" * 100_000)) < 20_000
