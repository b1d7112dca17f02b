"""Pictures: made once for each state, and a process that dies with one takes nothing else along."""

import asyncio
import os
import signal

import pytest

from models.errors import Unavailable
from services.painter import Painter
from services.workshop import Workshop


def picture(text: str) -> bytes:
    return f"{text} by {os.getpid()}".encode()


def die() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


async def test_who_asks_at_the_same_time_gets_the_same_picture_from_another_process() -> None:
    async with Workshop() as workshop:
        painter = Painter(workshop)
        first, second = await asyncio.gather(*(painter.painted("svg", "1", picture, "a") for _ in range(2)))
        later = await painter.painted("svg", "1", picture, "b")
        other = await painter.painted("svg", "2", picture, "b")

    assert first == second == later
    assert first.startswith(b"a by ")
    assert other.startswith(b"b by ")
    assert not first.endswith(f" {os.getpid()}".encode())


async def test_a_process_that_dies_is_replaced() -> None:
    async with Workshop() as workshop:
        painter = Painter(workshop)
        with pytest.raises(Unavailable):
            await painter.painted("svg", "1", die)

        assert (await painter.painted("svg", "2", picture, "a")).startswith(b"a by ")
