"""The embedded PostgreSQL: ours alone, durable, gone when we are gone, and there again whatever happened."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from server.child import ServerFailed
from server.directory_lock import DirectoryInUse
from server.embedded_postgres import EmbeddedPostgres
from server.processes import birth_of
from server.unprivileged import NotPrivate
from tests.server.running import NOBODY, nobody_can_run_us, run

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
needs_nobody = pytest.mark.skipif(
    not nobody_can_run_us(), reason="nobody cannot run this interpreter on this clone"
)


async def keep(dsn: str, number: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("create table if not exists kept (number integer)")
    await connection.execute("insert into kept values ($1)", number)
    await connection.close()


async def kept(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row["number"] for row in await connection.fetch("select number from kept order by number")]
    finally:
        await connection.close()


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory whose path is as short as a socket's address wants it."""
    directory = Path(tempfile.mkdtemp())
    yield directory
    shutil.rmtree(directory)


async def test_rows_stay_over_a_stop_and_a_start(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir / "postgres") as first:
        await keep(first.dsn, 1)
    with EmbeddedPostgres(data_dir / "postgres") as second:
        assert await kept(second.dsn) == [1]


async def test_it_is_as_durable_as_it_can_be(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.dsn)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval("select current_setting($1)", name) == "on"
    assert await connection.fetchval("show listen_addresses") == ""
    await connection.close()


async def test_alter_system_cannot_make_it_forget(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir / "postgres") as running:
        connection = await asyncpg.connect(running.dsn)
        await connection.execute("alter system set fsync = off")
        await connection.close()
    with EmbeddedPostgres(data_dir / "postgres") as running:
        connection = await asyncpg.connect(running.dsn)
        assert await connection.fetchval("show fsync") == "on"
        await connection.close()


@pytest.mark.parametrize("kills_both", [False, True], ids=["the parent", "both"])
async def test_after_kill_9_the_next_start_just_works(data_dir: Path, kills_both: bool) -> None:
    for number in range(3):
        with run("tests.server.holder", "postgres", data_dir / "postgres") as holder:
            postmaster = int(holder.output.readline())
            await keep(EmbeddedPostgres(data_dir / "postgres").dsn, number)
            if kills_both:
                os.kill(postmaster, signal.SIGKILL)
            holder.process.kill()
            holder.process.wait()

            with EmbeddedPostgres(data_dir / "postgres") as running:
                assert await kept(running.dsn) == list(range(number + 1))


async def test_where_no_signal_tells_the_server_of_our_death_the_next_start_stops_it(place: Path) -> None:
    place.chmod(0o755)
    with run("tests.server.holder", "postgres", place / "pg", "darwin") as holder:
        orphan = int(holder.output.readline())
        await keep(EmbeddedPostgres(place / "pg").dsn, 1)
        holder.process.kill()
        holder.process.wait()
        assert EmbeddedPostgres(place / "pg").is_served()

        with EmbeddedPostgres(place / "pg") as running:
            assert birth_of(orphan) is None
            assert await kept(running.dsn) == [1]


def test_a_second_starter_is_told_who_holds_the_directory(data_dir: Path) -> None:
    with run("tests.server.holder", "postgres", data_dir / "postgres") as holder:
        holder.output.readline()

        with pytest.raises(
            DirectoryInUse, match=rf"in use by process {holder.process.pid} \(holder\.py postgres"
        ):
            EmbeddedPostgres(data_dir / "postgres", patience_seconds=0.1).__enter__()


def test_it_tells_whether_someone_is_at_work_there(data_dir: Path) -> None:
    assert not EmbeddedPostgres(data_dir / "postgres").is_served()

    with EmbeddedPostgres(data_dir / "postgres"):
        assert EmbeddedPostgres(data_dir / "postgres").is_served()

    assert not EmbeddedPostgres(data_dir / "postgres").is_served()


async def test_a_server_that_was_killed_is_revived(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir / "postgres") as running:
        await keep(running.dsn, 1)
        assert not running.revive()
        assert running.pid is not None
        os.kill(running.pid, signal.SIGKILL)
        while not running.revive():
            pass  # it takes a moment to die
        while not running.is_served():
            running.revive()  # it refuses while backends of its predecessor live

        assert await kept(running.dsn) == [1]


async def test_a_path_too_long_for_a_socket_is_no_obstacle(place: Path) -> None:
    deep = place / ("d" * 60) / ("e" * 60)

    with EmbeddedPostgres(deep) as running:
        await keep(running.dsn, 1)
        assert str(deep) not in running.dsn


async def test_a_path_with_odd_characters_is_no_obstacle(place: Path) -> None:
    with EmbeddedPostgres(place / "a b?c&d=e%20+,ü") as running:
        await keep(running.dsn, 1)


def test_a_socket_directory_that_others_may_enter_is_refused(place: Path) -> None:
    with EmbeddedPostgres(place / "pg"):
        pass
    (place / "pg" / "socket").chmod(0o777)

    with pytest.raises(NotPrivate, match="remove it"):
        EmbeddedPostgres(place / "pg").__enter__()


def test_an_initdb_that_was_cut_short_leaves_no_half_cluster(place: Path) -> None:
    (place / "pg" / "pgdata.unfinished" / "base").mkdir(parents=True)

    with EmbeddedPostgres(place / "pg"):
        assert not (place / "pg" / "pgdata.unfinished").exists()


def test_a_server_that_cannot_start_tells_why_and_lets_go(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir / "postgres"):
        pass
    (data_dir / "postgres" / "pgdata" / "PG_VERSION").write_text("12\n")

    for _ in range(2):
        with pytest.raises(ServerFailed, match="initialized by PostgreSQL version 12"):
            EmbeddedPostgres(data_dir / "postgres").__enter__()


@needs_root
async def test_as_root_it_runs_as_someone_else_below_a_home_that_only_root_enters(place: Path) -> None:
    assert place.stat().st_mode & 0o077 == 0

    with EmbeddedPostgres(place / "pg") as running:
        assert (place / "pg" / "pgdata").stat().st_uid != 0
        assert place.stat().st_mode & 0o077 == 0
        await keep(running.dsn, 1)


@needs_nobody
def test_an_ordinary_user_can_run_it(place: Path) -> None:
    os.chown(place, NOBODY, NOBODY)

    with run(
        "tests.server.holder", "postgres", place / "pg", uid=NOBODY, variables={"HOME": str(place)}
    ) as holder:
        assert holder.output.readline().strip().isdigit()
        assert holder.stop() == (0, "")


@needs_nobody
async def test_root_goes_on_with_what_an_ordinary_user_began_and_the_other_way_round(place: Path) -> None:
    os.chown(place, NOBODY, NOBODY)
    with run(
        "tests.server.holder", "postgres", place / "pg", uid=NOBODY, variables={"HOME": str(place)}
    ) as holder:
        holder.output.readline()
        await keep(EmbeddedPostgres(place / "pg").dsn, 1)
        holder.process.kill()
        holder.process.wait()

    with EmbeddedPostgres(place / "pg") as running:
        assert await kept(running.dsn) == [1]

    with run(
        "tests.server.holder", "postgres", place / "pg", uid=NOBODY, variables={"HOME": str(place)}
    ) as holder:
        assert holder.output.readline().strip().isdigit()
