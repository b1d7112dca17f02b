"""The only place where values become bytes and bytes become values."""

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

from models.chat import Extras, Message
from models.errors import Invalid
from models.facts import Change, Entry, Fact, drops
from models.files import File
from models.text import PATTERNS_IN_WORDS
from models.user_facts import PersonalFact

T = TypeVar("T")

_LENGTH = re.compile(r"Expected `str` of length ([<>]=) (\d+)")
_IN_WORDS = {">=": "at least", "<=": "at most"}
_NO_NULL = "A parameter is left out where it has no value"

replace = msgspec.structs.replace
builtins = msgspec.to_builtins
raw = msgspec.Raw
_encoder = msgspec.json.Encoder()
encode = _encoder.encode


def decode(data: bytes | str, kind: type[T]) -> T:
    """The value, checked against its type; raises Invalid, naming the field where there is one."""
    read: Callable[[bytes | str], T] = decoder(cast("Hashable", kind))
    return read(data)


@lru_cache(maxsize=256)
def decoder(kind: Any) -> Callable[[bytes | str], Any]:
    """`decode` for one kind: to hash a union takes as long as to decode a small frame."""
    read = msgspec.json.Decoder(kind).decode

    def checked(data: bytes | str) -> Any:
        try:
            try:
                return read(data)
            except msgspec.ValidationError as error:
                if "got `float`" not in str(error):
                    raise
                return msgspec.convert(_with_whole_numbers(msgspec.json.decode(data)), kind)
        except msgspec.ValidationError as error:
            raise refusal(error) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            # RecursionError: 60 KB of "[" in a value that the decoder skips on its way to the tag.
            raise Invalid("This is not valid JSON in UTF-8.") from None

    return checked


def _with_whole_numbers(value: Any) -> Any:
    """To JSON Schema, and to languages that know only one kind of number, 5.0 is as whole as 5."""
    if isinstance(value, dict):
        return {key: _with_whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def convert(parameters: dict[str, str], kind: type[T]) -> T:
    """Query parameters, which are all text, as a value; raises Invalid."""
    try:
        value = msgspec.convert(parameters, kind, strict=False)
    except msgspec.ValidationError as error:
        raise refusal(error) from None
    for name in parameters:
        if (
            getattr(value, _attributes(cast("Hashable", kind))[name]) is None
        ):  # the text `null` was taken for one
            raise Invalid(f"{name}: {_NO_NULL}", {name: _NO_NULL})
    return value


@lru_cache(maxsize=256)
def _attributes(kind: Any) -> dict[str, str]:
    """The name of each parameter -> that of its attribute: `from` can't be one."""
    return {field.encode_name: field.name for field in msgspec.structs.fields(kind)}


def refusal(error: msgspec.ValidationError) -> Invalid:
    """msgspec says `why - at $.field`: the two parts, told apart."""
    why, _, place = str(error).partition(" - at `$.")
    field = place.rstrip("`") or _quoted(why)
    for pattern, words in PATTERNS_IN_WORDS.items():
        why = words if repr(pattern) in why else why
    why = _LENGTH.sub(lambda found: f"Expected {_IN_WORDS[found[1]]} {found[2]} characters", why)
    return Invalid(f"{field}: {why}" if place else why, {field: why} if field else {})


def _quoted(why: str) -> str:
    """The field in "Object contains unknown field `x`" and "Object missing required field `x`"."""
    parts = why.split("`")
    return parts[1] if len(parts) == 3 and "field" in parts[0] else ""


def entry(fact: Fact) -> Entry:
    """A fact, encoded once for all who will receive it."""
    return Entry(fact.seq, encode(fact), drops(fact))


def personal_entry(user: int, seq: int, kind: str, body: dict[str, Any]) -> Entry:
    """A row of a user's own log, encoded for the user's sockets."""
    fact: PersonalFact = msgspec.convert({**body, "type": kind, "user_id": user}, PersonalFact)
    return Entry(seq, encode(fact), drops(fact))


def pack(value: Any) -> bytes:
    """For a column of bytes: unlike JSON it keeps bytes as they are."""
    return msgspec.msgpack.encode(value)


def unpack(data: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(data, type=kind)


def schema(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema of a value, whole in itself."""
    (found,), components = msgspec.json.schema_components([kind], ref_template="{name}")
    whole: dict[str, Any] = _inlined(found, components)
    return whole


def _inlined(part: Any, components: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(components[part["$ref"]], components)
        return {key: _inlined(value, components) for key, value in part.items()}
    return [_inlined(one, components) for one in part] if isinstance(part, list) else part


def row_of(value: msgspec.Struct) -> dict[str, Any]:
    """A value as its jsonb column keeps it."""
    row: dict[str, Any] = msgspec.to_builtins(value)
    return row


def with_extras(message: Message, more: dict[str, Any]) -> Message:
    """A message and what only few have, as the database puts it together."""
    extras = msgspec.convert(more, Extras)
    return replace(message, **{name: getattr(extras, name) for name in more})


def files_of(facts: list[dict[str, Any]] | None) -> list[File]:
    """The files of a message, as the database tells them."""
    return msgspec.convert(facts or [], list[File])


def tag(fact: Fact) -> str:
    """What the fact is called on the wire."""
    return str(type(fact).__struct_config__.tag)


def change_body(change: Change) -> dict[str, Any]:
    """What a change's row keeps beside its own columns."""
    body = msgspec.to_builtins(change)
    return {key: value for key, value in body.items() if key not in ("type", "channel_id", "seq")}


def change_fact(channel: int, seq: int, kind: str, body: dict[str, Any]) -> Change:
    """The fact that a row of the table of changes stands for."""
    change: Change = msgspec.convert({**body, "type": kind, "channel_id": channel, "seq": seq}, Change)
    return change
