"""The migrations as a whole: down and up again gives the same schema."""

import asyncpg

from server.migrate import migrate_up, open_migrator

_CATALOG = """
select 'column', table_name || '.' || column_name,
    data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
from information_schema.columns where table_schema = 'public'
union all
select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all
select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint
where connamespace = 'public'::regnamespace and conrelid <> 0
union all
select 'function', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
order by 1, 2, 3
"""


async def catalog(dsn: str) -> list[tuple[str, str, str]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(_CATALOG)]
    finally:
        await connection.close()


async def test_up_down_and_up_again_is_the_same_schema(empty_database: str) -> None:
    await migrate_up(empty_database)
    first = await catalog(empty_database)

    async with open_migrator(empty_database) as migrator:
        await migrator.down(to=0)
        emptied = await catalog(empty_database)
        await migrator.up()

    assert {name.split(".")[0] for kind, name, _ in emptied if kind == "column"} == {"chalkline_migrations"}
    assert await catalog(empty_database) == first


async def test_tables_of_channel_content_lead_their_key_with_the_channel(database: str) -> None:
    keys = {name: text for kind, name, text in await catalog(database) if kind == "constraint"}

    for table in ("messages", "changes", "members", "message_versions", "reactions", "thread_members"):
        assert keys[f"{table}.{table}_pkey"].startswith("PRIMARY KEY (channel_id, ")
