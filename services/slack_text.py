"""Slack's mrkdwn as Markdown: links, mentions, bold and strike, and the three characters that Slack escapes.

Every pattern stops at the next mark of its kind, so a text is read in linear time.
"""

import re
from collections.abc import Callable

_ANGLED = re.compile(r"<([^<>\n]{1,3000})>")
_BOLD = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+)(?<=\S)\*(?![\w*])")
_STRIKE = re.compile(r"(?<![\w~\\])~(?=[^\s~])([^~\n]+)(?<=\S)~(?![\w~])")
_CODE = re.compile(r"(```[^`]*(?:`{1,2}[^`]+)*```|`[^`\n]+`)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINKED = ("http://", "https://", "mailto:")
_EVERYBODY = {"channel": "@channel", "everyone": "@channel", "here": "@here"}


def markdown(text: str) -> str:
    """What Slack would show for this, as Markdown; code stays as it is."""
    parts = _CODE.split(cleaned(text))
    return "".join(
        _plain(part, _label) if number % 2 else _plain(_styled(part), _linked)
        for number, part in enumerate(parts)
    )


def literal(text: str) -> str:
    """Of `plain_text`, in which nothing but the three escapes has a meaning."""
    return _unescaped(cleaned(text))


def cleaned(text: str) -> str:
    """The line breaks of any system as ours, and no other control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def link(label: str, url: str) -> str:
    """A Markdown link; of what is no address to follow, the label alone."""
    if not url.lower().startswith(_LINKED) or re.search(r"\s", url):
        return label
    safe = url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    return f"[{label.replace('[', '(').replace(']', ')')}]({safe})" if label and label != url else safe


def _styled(text: str) -> str:
    return _STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text))


def _plain(text: str, say: Callable[[str], str]) -> str:
    """Both at once: what comes out of an escape is never taken for a mark of Slack's."""
    pieces, end = [], 0
    for found in _ANGLED.finditer(text):
        pieces += [_unescaped(text[end : found.start()]), say(found[1])]
        end = found.end()
    return "".join([*pieces, _unescaped(text[end:])])


def _linked(inside: str) -> str:
    """What stands between `<` and `>`: a mention, a channel, a special word or an address."""
    target, _, label = (_unescaped(part) for part in inside.partition("|"))
    match target[:1]:
        case "@":
            return "@" + (label or target[1:]).removeprefix("@")
        case "#":
            return "#" + (label or target[1:]).removeprefix("#")
        case "!":
            word = target[1:].partition("^")[0]
            return _EVERYBODY.get(word) or label or word
    return link(label, target) or target


def _label(inside: str) -> str:
    target, _, label = inside.partition("|")
    return _unescaped(label or target)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
