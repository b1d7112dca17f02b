"""Reads sql/*.sql: each statement stands there under `-- name: verb_noun`, and is called by that name."""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_NAME = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)

Queries = Mapping[str, str]
"""A statement's name -> its text."""


def load_queries() -> Queries:
    """All statements of sql/; raises ValueError where two share a name."""
    queries: dict[str, str] = {}
    for file in sorted(files("sql").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            for name, text in split(file.read_text("utf-8")):
                if name in queries:
                    raise ValueError(f"{file.name}: a second statement is named {name}")
                queries[name] = text
    return MappingProxyType(queries)


def split(text: str) -> list[tuple[str, str]]:
    """The (name, statement) pairs of one file; the comments stay, and show in pg_stat_activity."""
    parts = _NAME.split(text)
    return [
        (name, f"/* {name} */{body.rstrip().removesuffix(';')}")
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    ]
