"""Wrong values for every field of what can be asked, made from the types that the doors and sockets themselves decode.

A value is the text of its JSON, since some of the worst have no other form.
"""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

DEEP = "[" * 60_000
NO_JSON = (
    "NaN",
    "Infinity",
    "-Infinity",
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\x00"',
    "'x'",
    "01",
    "1e",
    "tru",
    '"',
    DEEP,
)
"""What no JSON document may hold."""

_OBJECTS = ("{}", '{"$ne": 1}', "[[]]")
_FLAT = ("[]", "5", '"x"', "true", "1.5", "1e400")
_TYPES = (*_OBJECTS, *_FLAT, "9007199254740992", "123456789012345678901234567890", "-1", "null")


def fields(kind: type) -> tuple[inspect.Field, ...]:
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    return found.fields


def values(field: inspect.Field) -> list[str]:
    """Some of which a decoder that isn't strict would take."""
    options = _options(field.type)
    return [*dict.fromkeys(text for text in _candidates(options) if not _is_right(text, options))]


def _options(kind: inspect.Type) -> list[inspect.Type]:
    options = [*kind.types] if isinstance(kind, inspect.UnionType) else [kind]
    return [option.type if isinstance(option, inspect.Metadata) else option for option in options]


def _candidates(options: list[inspect.Type]) -> Iterator[str]:
    yield from _TYPES
    yield '"a\\u0000b"'
    for option in options:
        if isinstance(option, inspect.StrType):
            yield from (json.dumps("x" * n) for n in (0, *_beyond(option.max_length)))
        if isinstance(option, inspect.IntType):
            yield from ("0", "1.25", '"1"')
        if isinstance(option, inspect.ListType):
            yield json.dumps(["x"] * 500)
            yield from (f"[{text}]" for text in _TYPES if not _is_right(text, _options(option.item_type)))


def _beyond(length: int | None) -> list[int]:
    return [] if length is None else [length + 1, 100_000]


def _is_right(text: str, options: list[inspect.Type]) -> bool:
    if text == "1e400":
        return False
    value = json.loads(text)
    return any(_fits(value, option) for option in options)


def _fits(value: Any, option: inspect.Type) -> bool:
    match option:
        case inspect.NoneType() | inspect.StructType():
            return value is None and isinstance(option, inspect.NoneType)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType(ge=least, le=most):
            return type(value) is int and (least or 0) <= value <= (most or 2**31 - 1)
        case inspect.LiteralType(values=values):
            return value in values
        case inspect.StrType():
            return isinstance(value, str) and _is_text(value, option)
        case inspect.ListType(min_length=least, max_length=most):
            items = _options(option.item_type)
            in_bounds = isinstance(value, list) and (least or 0) <= len(value) <= (most or len(value))
            return in_bounds and all(any(_fits(item, one) for one in items) for item in value)
    raise AssertionError(f"nobody knows what is wrong for {option}")


def _is_text(value: str, option: inspect.StrType) -> bool:
    longest = len(value) if option.max_length is None else option.max_length
    plain = option.pattern is None or "\x00" not in value
    return (option.min_length or 0) <= len(value) <= longest and plain


def document(good: dict[str, Any], **replaced: str) -> bytes:
    """The good object as JSON, with the text of some values replaced."""
    texts = {name: json.dumps(value) for name, value in good.items()} | replaced
    return ("{" + ", ".join(f'"{name}": {text}' for name, text in texts.items()) + "}").encode()
