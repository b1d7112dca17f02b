"""What the connections log is kept out of the way: failures are provoked here."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog


@pytest.fixture(autouse=True)
def logged() -> Iterator[Any]:
    """What was logged meanwhile."""
    with structlog.testing.capture_logs() as entries:
        yield entries
