"""What goes over the wire, as TypeScript: made from the very types that the server reads and writes with.

`python -m server.wire_types FILE` writes it. What the server tells has all its fields; what it is asked may leave out
those that have a value of their own here.
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UnsetType

from handlers.door import Door
from handlers.errors import Problem
from models import facts, frames, ids, user_facts
from models.accounts import Role
from models.channels import ChannelRole, Kind, Visibility
from models.chat import MessageKind
from server import routes

HEAD = """\
// Made by `make web/src/protocol/wire.ts` from the server's own types (server/wire_types.py): change those, not this.
"""

_PLAIN: dict[Any, str] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    NoneType: "null",
    bytes: "Blob",
    datetime: "string",
    Any: "unknown",
    msgspec.Raw: "Fact",
}
_ALIASES = tuple(kind for kind in vars(ids).values() if isinstance(kind, NewType))

_CHOICES: dict[Any, str] = {
    Role: "Role",
    Kind: "ChannelKind",
    Visibility: "Visibility",
    ChannelRole: "ChannelRole",
    MessageKind: "MessageKind",
}
_FRAMES: dict[str, tuple[Any, ...]] = {
    "AskFrame": get_args(frames.Ask),
    "AnswerFrame": tuple(frames.Answer.__subclasses__()),
    "Fact": get_args(facts.Fact),
    "PassingFact": tuple(facts.PassingFact.__subclasses__()),
    "PersonalFact": get_args(user_facts.PersonalFact),
}


def make_types() -> str:
    """The whole file."""
    page = Writer()
    for alias in _ALIASES:
        page.add(f"export type {alias.__name__} = {_PLAIN[alias.__supertype__]};")
    for choice, name in _CHOICES.items():
        page.add(f"export type {name} = {_options(choice)};")
    for name, kinds in _FRAMES.items():
        page.add(f"export type {name} = {' | '.join(page.kind(kind) for kind in kinds)};")
    page.add("export type ServerFrame = AnswerFrame | Fact | PassingFact | PersonalFact;")
    page.kind(Problem)
    page.add(_operations(page))
    return "\n".join([HEAD, *page.parts]) + "\n"


class Writer:
    """Says types in TypeScript; each struct is written once, where it is first met."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._met: set[Any] = set()

    def add(self, part: str) -> None:
        self.parts.append(part)

    def kind(self, hint: Any) -> str:
        if get_origin(hint) is not None:
            return self._made_of(get_origin(hint), get_args(hint), hint)
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            return self._struct(hint)
        return hint.__name__ if isinstance(hint, NewType | TypeVar) else _PLAIN[hint]

    def _made_of(self, origin: Any, parts: tuple[Any, ...], hint: Any) -> str:
        if origin is Literal:
            return _CHOICES.get(hint) or _options(hint)
        said = [
            self.kind(part) for part in parts[: 1 if origin is Annotated else None] if part is not UnsetType
        ]
        if origin in (Annotated, Union, UnionType):
            return " | ".join(said)
        if origin is dict:
            return f"Readonly<Record<string, {said[1]}>>"
        return f"{'ReadonlyArray' if origin is list else self.kind(origin)}<{', '.join(said)}>"

    def _struct(self, kind: type[msgspec.Struct]) -> str:
        name = kind.__name__
        if issubclass(kind, frames.Frame | frames.Answer):
            name += "Frame"  # a `MessagePost` is a body, too, and an `Error` JavaScript's own
        if kind not in self._met:
            self._met.add(kind)
            parameters = getattr(kind, "__parameters__", ())
            generic = f"<{', '.join(one.__name__ for one in parameters)}>" if parameters else ""
            lines = "".join(f"  readonly {field};\n" for field in self._fields(kind))
            self.add(f"export interface {name}{generic} {{\n{lines}}}")
        return name

    def _fields(self, kind: type[msgspec.Struct]) -> Iterable[str]:
        config = kind.__struct_config__
        if config.tag is not None:
            yield f"{config.tag_field}: {msgspec.json.encode(config.tag).decode()}"
        hints = get_type_hints(kind, include_extras=True)
        may_lack = config.forbid_unknown_fields or config.omit_defaults
        for field in msgspec.structs.fields(kind):
            is_rare = UnsetType in get_args(hints[field.name])
            mark = "?" if is_rare or (may_lack and not field.required) else ""
            said = self.kind(hints[field.name])
            if mark and config.omit_defaults:
                said = said.removesuffix(" | null")
            yield f"{field.encode_name}{mark}: {said}"


def _options(choice: Any) -> str:
    return " | ".join(msgspec.json.encode(value).decode() for value in get_args(choice))


def _operations(page: Writer) -> str:
    """Each call of the API under the name that it has in /openapi.json."""
    lines = [_operation(page, *one) for one in routes.DOORS]
    return "export interface Operations {\n" + "".join(lines) + "}"


def _operation(page: Writer, method: str, path: str, door: Door) -> str:
    parts = [f'method: "{method}"', f'path: "{routes.API}{path.replace(":id", "").replace(":word", "")}"']
    for name, kind in (("body", door.body), ("query", door.query)):
        if kind is not None:
            parts.append(f"{name}: {page.kind(kind)}")
    gives = dict.fromkeys("null" if kind is None else page.kind(kind) for kind in door.gives.values())
    parts.append(f"gives: {' | '.join(gives)}")
    return f"  readonly {door.name}: {{ {'; '.join(parts)} }};\n"


def main() -> None:
    path = Path(sys.argv[1])
    made = make_types()
    if not path.is_file() or path.read_text("utf-8") != made:
        path.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
