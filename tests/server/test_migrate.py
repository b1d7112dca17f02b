"""Migrations: once, whole, in order, as merged."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from server.fitness import UnfitDatabase
from server.migrate import MigrationRefused, migrate_up, open_migrator, read_migrations

FIRST = {
    "0001_boards.up.sql": "create table boards (id integer)",
    "0001_boards.down.sql": "drop table boards",
}
SECOND = {"0002_pens.up.sql": "create table pens (id integer)", "0002_pens.down.sql": "drop table pens"}


def write(folder: Path, *steps: dict[str, str]) -> Path:
    for step in steps:
        for name, text in step.items():
            (folder / name).write_text(text)
    return folder


async def tables(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows} - {"chalkline_migrations"}


async def test_an_empty_database_gets_every_migration_in_order(empty_database: str, tmp_path: Path) -> None:
    known = read_migrations(write(tmp_path, SECOND, FIRST))

    applied = await migrate_up(empty_database, known)

    assert [str(step) for step in applied] == ["0001_boards", "0002_pens"]
    assert await tables(empty_database) == {"boards", "pens"}


async def test_what_was_applied_is_not_applied_again(empty_database: str, tmp_path: Path) -> None:
    known = read_migrations(write(tmp_path, FIRST))
    await migrate_up(empty_database, known)

    assert await migrate_up(empty_database, known) == []


async def test_down_takes_back_the_newest_and_to_takes_back_everything_above(
    empty_database: str, tmp_path: Path
) -> None:
    known = read_migrations(write(tmp_path, FIRST, SECOND))
    await migrate_up(empty_database, known)

    async with open_migrator(empty_database, known) as migrator:
        assert [str(step) for step in await migrator.down()] == ["0002_pens"]
        await migrator.up()
        assert [str(step) for step in await migrator.down(to=0)] == ["0002_pens", "0001_boards"]

    assert await tables(empty_database) == set()


async def test_down_refuses_a_version_that_is_not_below(empty_database: str, tmp_path: Path) -> None:
    async with open_migrator(empty_database, read_migrations(write(tmp_path, FIRST))) as migrator:
        with pytest.raises(MigrationRefused, match="nothing to take back"):
            await migrator.down()
        with pytest.raises(MigrationRefused, match="nothing to take back to 5"):
            await migrator.down(to=5)


async def test_a_migration_that_fails_leaves_nothing_and_keeps_those_before_it(
    empty_database: str, tmp_path: Path
) -> None:
    broken = {
        "0002_pens.up.sql": "create table pens (id integer); select 1/0",
        "0002_pens.down.sql": "drop table pens",
    }
    known = read_migrations(write(tmp_path, FIRST, broken))

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate_up(empty_database, known)

    assert await tables(empty_database) == {"boards"}
    async with open_migrator(empty_database, known) as migrator:
        assert [str(step) for step in await migrator.applied()] == ["0001_boards"]


async def test_an_edited_migration_is_refused_by_name(empty_database: str, tmp_path: Path) -> None:
    await migrate_up(empty_database, read_migrations(write(tmp_path, FIRST)))
    (tmp_path / "0001_boards.up.sql").write_text("create table boards (id bigint)")

    with pytest.raises(MigrationRefused, match="0001_boards is not the one that was applied"):
        await migrate_up(empty_database, read_migrations(tmp_path))


async def test_line_ends_of_a_checkout_are_not_an_edit(empty_database: str, tmp_path: Path) -> None:
    lines = {"0001_boards.up.sql": "create table\nboards ()", "0001_boards.down.sql": "drop table boards"}
    await migrate_up(empty_database, read_migrations(write(tmp_path, lines)))
    (tmp_path / "0001_boards.up.sql").write_bytes(b"create table\r\nboards ()")

    assert await migrate_up(empty_database, read_migrations(tmp_path)) == []


async def test_an_older_server_refuses_a_newer_database_and_says_so(
    empty_database: str, tmp_path: Path
) -> None:
    known = read_migrations(write(tmp_path, FIRST, SECOND))
    await migrate_up(empty_database, known)

    with pytest.raises(
        MigrationRefused, match=r"at migration 0002_pens, this older server knows up to 0001_boards"
    ):
        await migrate_up(empty_database, known[:1])
    async with open_migrator(empty_database, known[:1]) as migrator:
        with pytest.raises(MigrationRefused, match="older server"):
            await migrator.down()


async def test_instances_that_start_together_migrate_once(empty_database: str, tmp_path: Path) -> None:
    known = read_migrations(write(tmp_path, FIRST, SECOND))

    done = await asyncio.gather(*(migrate_up(empty_database, known) for _ in range(8)))

    assert sorted(map(len, done)) == [0, 0, 0, 0, 0, 0, 0, 2]


async def test_a_migration_does_not_wait_for_a_lock_for_ever(empty_database: str, tmp_path: Path) -> None:
    touch = {"0002_more.up.sql": "create table seen as select current_setting('lock_timeout') as bound"}
    known = read_migrations(write(tmp_path, FIRST, touch, {"0002_more.down.sql": "drop table seen"}))
    await migrate_up(empty_database, known)

    connection = await asyncpg.connect(empty_database)
    assert await connection.fetchval("select bound from seen") == "4s"
    await connection.close()


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"0002_pens.up.sql": "", "0002_pens.down.sql": ""}, "stands where 0001 belongs"),
        ({**FIRST, "0001_twice.up.sql": "", "0001_twice.down.sql": ""}, "has the number of"),
        ({"0001_boards.up.sql": ""}, "needs both"),
        ({"1_boards.up.sql": ""}, "is not named"),
    ],
)
def test_a_folder_with_holes_is_refused(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    with pytest.raises(MigrationRefused, match=complaint):
        read_migrations(write(tmp_path, files))


async def test_our_own_migrations_go_down_to_nothing_and_up_again(empty_database: str) -> None:
    await migrate_up(empty_database)

    async with open_migrator(empty_database) as migrator:
        await migrator.down(to=0)
        assert await tables(empty_database) == set()
        assert await migrator.up() == list(read_migrations())


async def test_a_server_that_acknowledges_too_early_is_refused_by_name(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    await connection.execute(
        "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$"
    )
    await connection.close()

    with pytest.raises(
        UnfitDatabase, match="synchronous_commit = off: a commit would be acknowledged before"
    ):
        await migrate_up(empty_database)


async def test_a_database_in_another_encoding_is_refused(postgres_dsn: str) -> None:
    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute("create database latin encoding 'LATIN1' locale 'C' template template0")
    await connection.close()

    with pytest.raises(UnfitDatabase, match="encoding is LATIN1"):
        await migrate_up(postgres_dsn.replace("/postgres?", "/latin?"))
