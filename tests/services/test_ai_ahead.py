"""What is read while a question is on its way counts only where nothing came in between."""

import asyncio

import pytest

from models.ai import ContextMessage
from models.errors import TooLarge, Unavailable
from models.ids import Seq, UserId
from services.ai_ahead import Before, ReadingAhead


def message(seq: int, text: str) -> ContextMessage:
    return ContextMessage(Seq(seq), UserId(1), "alice", "text", text, None)


OLD, QUESTION = message(4, "Chalk is white."), message(6, "Is it?")


async def read(head: int) -> Before:
    return head, [OLD]


async def test_nothing_came_in_between_so_it_is_used() -> None:
    with ReadingAhead(read(5)) as ahead:
        pass

    assert await ahead.of(QUESTION).found() == [QUESTION, OLD]


@pytest.mark.parametrize("head", [4, 6, 7])
async def test_what_is_not_certain_to_be_all_is_read_again(head: int) -> None:
    with ReadingAhead(read(head)) as ahead:
        pass

    assert await ahead.of(QUESTION).found() is None


async def test_a_database_that_was_away_is_asked_again() -> None:
    async def lost() -> Before:
        raise Unavailable("The database can't be reached right now.")

    with ReadingAhead(lost()) as ahead:
        pass

    assert await ahead.of(QUESTION).found() is None


async def test_of_a_question_that_is_refused_nothing_is_read() -> None:
    has_begun, was_cancelled = asyncio.Event(), asyncio.Event()

    async def forever() -> Before:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            was_cancelled.set()
        raise AssertionError

    async def refused() -> None:
        with ReadingAhead(forever()):
            await has_begun.wait()
            raise TooLarge("The question is too long.")

    with pytest.raises(TooLarge):
        await refused()

    async with asyncio.timeout(1):
        await was_cancelled.wait()


async def test_where_nothing_is_read_ahead_it_is_read_behind() -> None:
    assert await ReadingAhead(None).of(QUESTION).found() is None
