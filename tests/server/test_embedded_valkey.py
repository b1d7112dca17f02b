"""The embedded Valkey: a bus for one machine that ends with us."""

import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis

from server.directory_lock import DirectoryInUse
from server.embedded_valkey import EmbeddedValkey
from server.processes import birth_of
from tests.server.running import run


async def test_it_answers_under_its_url(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "a b%20") as valkey:
        client = Redis.from_url(valkey.url)
        assert await client.ping()
        await client.aclose()


def test_a_second_starter_is_told_who_holds_the_directory(tmp_path: Path) -> None:
    with run("tests.server.holder", "valkey", tmp_path / "kv") as holder:
        holder.output.readline()

        with pytest.raises(DirectoryInUse, match=f"in use by process {holder.process.pid} "):
            EmbeddedValkey(tmp_path / "kv", patience_seconds=0.1).__enter__()


def test_after_kill_9_the_next_start_just_works(tmp_path: Path) -> None:
    for _ in range(3):
        with run("tests.server.holder", "valkey", tmp_path / "kv") as holder:
            holder.output.readline()
            holder.process.kill()
            holder.process.wait()

            with EmbeddedValkey(tmp_path / "kv"):
                pass


def test_where_no_signal_tells_the_server_of_our_death_the_next_start_stops_it(tmp_path: Path) -> None:
    with run("tests.server.holder", "valkey", tmp_path / "kv", "darwin") as holder:
        orphan = int(holder.output.readline())
        holder.process.kill()
        holder.process.wait()
        assert birth_of(orphan) is not None

        with EmbeddedValkey(tmp_path / "kv"):
            assert birth_of(orphan) is None


async def test_a_server_that_was_killed_is_revived(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "kv") as valkey:
        assert not valkey.revive()
        assert valkey.pid is not None
        os.kill(valkey.pid, signal.SIGKILL)
        while not valkey.revive():
            pass

        with pytest.raises(DirectoryInUse):
            EmbeddedValkey(tmp_path / "kv", patience_seconds=0.1).__enter__()
