"""A message's Markdown as HTML for programs that show it: rendered by markdown-it-py, and sanitized by nh3.

The renderer takes no HTML in the text, and the sanitizer lets through what is listed here alone. Pictures are links:
nothing is loaded unasked.
"""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
_SCHEMES = {"http", "https", "mailto"}
_WHOLE = ("http://", "https://", "mailto:")
_CLASSES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+#-_")

MOST = 16_384
"""Characters that are rendered; only answers of models are longer. The renderer's worst case grows with the square."""


class _Renderer(RendererHTML):
    """Pictures become links to them."""

    def image(self, tokens: Sequence[Token], idx: int, options: object, env: object) -> str:  # noqa: ARG002
        token = tokens[idx]
        source, label = str(token.attrGet("src") or ""), token.content or "image"
        return f'<a href="{_escaped(source)}">{_escaped(label)}</a>'


_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer).enable(
    ["table", "strikethrough"]
)


@lru_cache(maxsize=256)
def to_html(text: str) -> str:
    """Safe to be put into a page. Takes milliseconds for a long text: not for the event loop."""
    made = _markdown.render(text[:MOST])
    return nh3.clean(
        made,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        attribute_filter=_filter,
    )


def _filter(_: str, name: str, value: str) -> str | None:
    """Of a block of code the class names its language; no other class is let through."""
    if name == "class":
        language = value.removeprefix("language-")
        return value if value != language and set(language.lower()) <= _CLASSES else None
    if name == "href" and not value.lower().startswith(_WHOLE):
        return None  # what is relative would lead into the page that shows it
    return value


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
