"""Passwords: hashed as OWASP wants it, told from wrong ones, and never so many at once that the server is gone."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest

from models.errors import Unavailable
from services.passwords import NICE, Passwords


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    async with Passwords(threads=2, waiting=3) as opened:
        yield opened


async def test_a_password_matches_its_own_hash_alone(passwords: Passwords) -> None:
    hash_ = await passwords.hash("correct horse")

    assert hash_.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches("correct horse", hash_)
    assert not await passwords.matches("correct horse ", hash_)
    assert not await passwords.matches("", hash_)
    assert await passwords.hash("correct horse") != hash_


async def test_letters_are_taken_as_they_were_typed(passwords: Passwords) -> None:
    hash_ = await passwords.hash("pässwörd ﬁ 密码")

    assert await passwords.matches("pässwörd ﬁ 密码", hash_)
    assert not await passwords.matches("pässwörd fi 密码", hash_)


async def test_nothing_matches_where_there_is_no_hash_and_it_takes_a_hash_to_say_so(
    passwords: Passwords,
) -> None:
    hash_ = await passwords.hash("correct horse")

    known = await seconds(passwords, hash_)
    unknown = await seconds(passwords, None)

    assert not await passwords.matches("nobody's password", None)
    assert unknown > known / 4


async def seconds(passwords: Passwords, hash_: str | None) -> float:
    """Of this process's own work, the least of several tries."""
    tries = []
    for _ in range(5):
        began = time.process_time()
        await passwords.matches("wrong horse", hash_)
        tries.append(time.process_time() - began)
    return min(tries)


async def test_beyond_the_bound_one_is_told_to_come_back(passwords: Passwords) -> None:
    ends = await asyncio.gather(*(passwords.hash("pass") for _ in range(8)), return_exceptions=True)

    refused = [end for end in ends if isinstance(end, Unavailable)]
    assert len(refused) == 3
    assert refused[0].retry_after >= 1
    assert isinstance(await passwords.hash("pass"), str)


async def test_a_caller_who_goes_away_still_takes_a_place_until_the_hash_is_done() -> None:
    async with Passwords(threads=1, waiting=4) as passwords:
        asked = [asyncio.create_task(passwords.hash("pass")) for _ in range(5)]
        await asyncio.sleep(0)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

        with pytest.raises(Unavailable):
            await passwords.hash("pass")

        # The one thread comes to this when it has done all before it.
        await asyncio.get_running_loop().run_in_executor(passwords._pool, int)
        assert len(await asyncio.gather(*(passwords.hash("pass") for _ in range(5)))) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
async def test_hashing_gives_way_to_whoever_posts() -> None:
    async with Passwords(threads=1) as passwords:
        await passwords.hash("pass")
        (thread,) = [one for one in threading.enumerate() if one.name.startswith("passwords")]
        assert thread.native_id is not None

        assert os.getpriority(os.PRIO_PROCESS, thread.native_id) >= NICE
        assert os.getpriority(os.PRIO_PROCESS, 0) < NICE


async def test_where_no_priority_may_be_set_people_sign_in_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", forbidden)
    async with Passwords(threads=1) as passwords:
        assert await passwords.matches("pass", await passwords.hash("pass"))
