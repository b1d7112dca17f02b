"""A message as Slack's incoming webhooks take it, as one of ours: text, or blocks in its place, and attachments below.

What isn't known is left out, and what has the wrong shape is skipped: senders may use more than is told here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from services.slack_text import cleaned, link, literal, markdown

MOST = 100
"""Blocks or attachments; Slack takes no more either."""

LONGEST = 40_000
"""Of one text: what comes after that is not looked at, as in Slack. Ours are shorter anyway."""

Fields = Mapping[str, Any]


class SlackMessage(NamedTuple):
    """`username` and `icon` are what the sender would like to be shown as."""

    text: str
    username: str | None
    icon: str | None


def read(payload: Fields) -> SlackMessage:
    """The text is empty where the payload says nothing."""
    body = _blocks(payload.get("blocks")) or markdown(_text(payload, "text"))
    parts = [body, *(_attachment(one) for one in _list(payload.get("attachments")))]
    icon = _text(payload, "icon_emoji") or _text(payload, "icon_url")
    return SlackMessage(_paragraphs(parts), _line(_text(payload, "username"), 64), _line(icon, 500))


def is_too_many(payload: Fields) -> bool:
    return any(
        isinstance(payload.get(name), list) and len(payload[name]) > MOST
        for name in ("blocks", "attachments")
    )


def _attachment(one: Fields) -> str:
    """Slack's legacy attachments, which most monitoring tools still send."""
    blocks = _blocks(one.get("blocks"))
    author = link(literal(_text(one, "author_name")), _text(one, "author_link"))
    title = link(literal(_text(one, "title")), _text(one, "title_link"))
    fields = [
        f"**{literal(_text(field, 'title'))}**: {markdown(_text(field, 'value'))}"
        for field in _list(one.get("fields"))
    ]
    image = _text(one, "image_url")
    parts = [
        markdown(_text(one, "pretext")),
        author,
        f"**{title}**" if title else "",
        markdown(_text(one, "text")),
        "\n".join(fields),
        blocks,
        link("image", image) if image else "",
        literal(_text(one, "footer")),
    ]
    said = _paragraphs(parts)
    return said or literal(_text(one, "fallback"))


def _blocks(value: Any) -> str:
    return _paragraphs(_block(one) for one in _list(value))


def _block(one: Fields) -> str:
    kind = _text(one, "type")
    return _KINDS[kind](one) if kind in _KINDS else ""


def _section(one: Fields) -> str:
    fields = [_said(field) for field in _list(one.get("fields"))]
    return _paragraphs([_said(one.get("text")), "\n".join(fields), _element(_fields(one.get("accessory")))])


def _header(one: Fields) -> str:
    said = _said(one.get("text"))
    return f"**{said}**" if said else ""


def _context(one: Fields) -> str:
    return " ".join(filter(None, (_element(part) for part in _list(one.get("elements")))))


def _image(one: Fields) -> str:
    label = _said(one.get("title")) or literal(_text(one, "alt_text")) or "image"
    return link(label, _text(one, "image_url"))


def _element(one: Fields) -> str:
    """Of a context or of actions: words, a picture, or a button that leads somewhere."""
    match one.get("type"):
        case "image":
            return _image(one)
        case "button":
            return link(_said(one.get("text")), _text(one, "url"))
        case "mrkdwn" | "plain_text":
            return _said(one)
    return ""


def _rich_text(one: Fields) -> str:
    return _paragraphs(_rich_part(part) for part in _list(one.get("elements")))


def _rich_part(part: Fields) -> str:
    elements = _list(part.get("elements"))
    match part.get("type"):
        case "rich_text_list":
            return "\n".join(f"- {_rich_line(item)}" for item in elements)
        case "rich_text_quote":
            return "> " + _rich_line(part).replace("\n", "\n> ")
        case "rich_text_preformatted":
            return f"```\n{_rich_line(part)}\n```"
    return _rich_line(part)


def _rich_line(part: Fields) -> str:
    return "".join(_rich_word(word) for word in _list(part.get("elements")))


def _rich_word(word: Fields) -> str:
    match word.get("type"):
        case "text":
            return _with_style(cleaned(_text(word, "text")), _fields(word.get("style")))
        case "link":
            url = _text(word, "url")
            return link(cleaned(_text(word, "text")) or url, url)
        case "broadcast":
            return markdown(f"<!{_text(word, 'range')}>")
    field, frame = _NAMED.get(_text(word, "type"), ("", ""))
    return frame.format(cleaned(_text(word, field))) if field else ""


def _with_style(text: str, style: Fields) -> str:
    if not text.strip():
        return text
    for name, mark in (("code", "`"), ("strike", "~~"), ("italic", "_"), ("bold", "**")):
        if style.get(name) is True:
            text = f"{mark}{text}{mark}"
    return text


def _said(value: Any) -> str:
    """A text object."""
    one = _fields(value)
    return (literal if one.get("type") == "plain_text" else markdown)(_text(one, "text"))


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part.strip())


def _line(text: str, most: int) -> str | None:
    """One line of at most so much; None where there is none."""
    return " ".join(cleaned(text).split())[:most].strip() or None


def _list(value: Any) -> list[Fields]:
    return [one for one in value[:MOST] if isinstance(one, dict)] if isinstance(value, list) else []


def _fields(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}


def _text(one: Fields, name: str) -> str:
    value = one.get(name)
    return value[:LONGEST] if isinstance(value, str) else ""


_NAMED = {"emoji": ("name", ":{}:"), "user": ("user_id", "@{}"), "channel": ("channel_id", "#{}")}

_KINDS: Mapping[str, Callable[[Fields], str]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _context,
    "divider": lambda _: "---",
    "image": _image,
    "markdown": lambda one: cleaned(_text(one, "text")),
    "rich_text": _rich_text,
    "video": lambda one: link(_said(one.get("title")) or "video", _text(one, "title_url")),
}
