"""Databases for tests: migrated once, copied for those that are open at the same time, and emptied between two tests.

A copy costs 12 MB of writes and a hundred files; emptying one touches the rows that a test has left.
"""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg

from server.migrate import migrate_up

NewDatabase = Callable[[], AbstractAsyncContextManager[str]]
"""Gives the DSN of a migrated database that nobody else sees."""

_REMEMBER = """
create schema fresh;

create table fresh.sequences as
    select format('%I.%I', schemaname, sequencename) as name, coalesce(last_value, start_value) as value,
        last_value is not null as is_called
    from pg_sequences where schemaname = 'public';

do $$
declare
    one record;
    is_used boolean;
begin
    for one in select tablename as name from pg_tables where schemaname = 'public' loop
        execute format('select exists (select from public.%I)', one.name) into is_used;
        if is_used then
            execute format('create table fresh.%I as table public.%I', 'of_' || one.name, one.name);
        end if;
    end loop;
end $$;

create function fresh.start() returns void language plpgsql as $$
declare
    one record;
    is_used boolean;
begin
    set local session_replication_role = replica;
    for one in select tablename as name, to_regclass(format('fresh.%I', 'of_' || tablename)) as kept
    from pg_tables where schemaname = 'public' loop
        execute format('select exists (select from public.%I)', one.name) into is_used;
        if is_used then
            execute format('delete from public.%I', one.name);
        end if;
        if one.kept is not null then
            execute format('insert into public.%I overriding system value table %s', one.name, one.kept);
        end if;
    end loop;
    perform setval(name::regclass, value, is_called) from fresh.sequences;
end $$;
"""
"""Remembers what migrations have written; `fresh.start()` brings that back, and nothing else."""

_END_OTHERS = """
select pg_terminate_backend(pid, 10000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class Databases:
    """Of one PostgreSQL. Not for several threads."""

    def __init__(self, maintenance_dsn: str) -> None:
        self._dsn = maintenance_dsn
        self._numbers = itertools.count(1)
        self._template: str | None = None
        self._clean: list[str] = []

    @asynccontextmanager
    async def migrated(self) -> AsyncIterator[str]:
        """A DSN. What a test leaves is gone afterwards, also its connections."""
        name = self._clean.pop() if self._clean else await self._copy(await self._migrated_template())
        yield self._named(name)
        await self._empty(name)
        self._clean.append(name)

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """One with nothing in it."""
        name = await self._copy("template1")
        yield self._named(name)
        await self._execute(f"drop database {name} with (force)")

    async def _migrated_template(self) -> str:
        if self._template is None:
            name = await self._copy("template1")
            await migrate_up(self._named(name))
            async with self._connection(self._named(name)) as connection:
                await connection.execute(_REMEMBER)
            self._template = name
        return self._template

    async def _copy(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        await self._execute(f"create database {name} template {template} strategy wal_log")
        return name

    async def _empty(self, name: str) -> None:
        async with self._connection(self._named(name)) as connection:
            await connection.execute(_END_OTHERS)
            await connection.execute("select fresh.start()")

    async def _execute(self, statement: str) -> None:
        async with self._connection(self._dsn) as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def _connection(self, dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(dsn)
        try:
            yield connection
        finally:
            await connection.close()

    def _named(self, name: str) -> str:
        return self._dsn.replace("/postgres?", f"/{name}?")
