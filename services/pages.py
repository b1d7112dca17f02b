"""Pages of lists: a store reads one row more than was asked for, and that row tells whether there are more."""

from collections.abc import Callable
from typing import TypeVar

from models.values import Page

T = TypeVar("T")


def page(rows: list[T], limit: int, key: Callable[[T], int]) -> Page[T]:
    """The first `limit` rows; the cursor is the key of the last of them."""
    items = rows[:limit]
    return Page(items, str(key(items[-1])) if len(rows) > limit else None)
