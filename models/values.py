"""The two shapes that all values have: what is told is frozen, and what is asked refuses fields it doesn't know."""

from typing import Generic, TypeVar

from msgspec import Struct, UnsetType

T = TypeVar("T")


class Value(Struct, frozen=True):
    """Something the server tells."""


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a client sends: a body, a frame or the parameters of a query."""


class Page(Struct, Generic[T], frozen=True):
    """One page of a list; `next_cursor` leads to the next and is null on the last."""

    items: list[T]
    next_cursor: str | None = None


def given(value: T | UnsetType) -> T | None:
    """None for a field that the client left out."""
    return None if isinstance(value, UnsetType) else value
