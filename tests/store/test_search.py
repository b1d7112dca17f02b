"""What a search finds is what a walk through everything would find, wherever it stands and however often."""

import asyncpg
import pytest

from models.ids import ChannelId, UserId
from store.search import SearchStore
from tests.store.shelf import Shelf

MESSAGES, CHANNELS = 9_000, 12
PIECE = 100
WORDS = ("everywhere", "often", "sometimes", "seldom", "once", "long ago", "lately", "nowhere")

FILL = f"""
insert into message_index (channel_id, seq, created_at, document)
select 1 + n % {CHANNELS}, 1 + n / {CHANNELS}, timestamptz '2026-01-01' + n * interval '1 minute',
    array_to_tsvector(array_remove(array[
        '#' || 1 + n % {CHANNELS},
        'everywhere',
        case when n % 7 = 0 then 'often' end,
        case when n % 211 = 0 then 'sometimes' end,
        case when n % 1999 = 0 then 'seldom' end,
        case when n = 77 then 'once' end,
        case when n between 500 and 900 then 'long ago' end,
        case when n > {MESSAGES} - 9 then 'lately' end
    ], null))
from generate_series(0, {MESSAGES - 1}) n
"""  # noqa: S608 - numbers of ours

FOUND = "select id from search_messages($1, ('''' || $2 || '''')::tsquery, $3, $4, $5, $6, 20)"
WALKED = """
select id from message_index
where channel_id = any ($1) and document @@ ('''' || $2 || '''')::tsquery and created_at >= $3 and created_at < $4
    and (created_at, id) < ($5, $6)
order by created_at desc, id desc limit 20
"""


@pytest.mark.parametrize("word", WORDS)
async def test_the_newest_that_match_are_found(database: str, word: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(FILL)
    await connection.execute("analyze message_index")
    asked = [
        (places, since, until, before)
        for places in ([3], [2, 5, 7], list(range(1, CHANNELS + 1)))
        for since, until in (("-infinity", "infinity"), ("2026-01-02", "2026-01-05"))
        for before in ("infinity", "2026-01-06", "2026-01-03")
    ]

    for places, since, until, before in asked:
        values = [
            await connection.fetchval("select $1::text::timestamptz", one) for one in (since, until, before)
        ]
        found = await connection.fetch(FOUND, places, word, *values, 2**62)
        walked = await connection.fetch(WALKED, places, word, *values, 2**62)
        assert sorted(row["id"] for row in found) == sorted(row["id"] for row in walked), (
            places,
            since,
            until,
            before,
        )
    await connection.close()


async def test_the_index_takes_a_piece_at_a_time_and_a_flood_in_one_channel_holds_up_no_other(
    shelf: Shelf, alice: UserId
) -> None:
    flooded, quiet = [await shelf.channel(alice) for _ in range(2)]
    steps = {flooded: 4 * PIECE, quiet: 6}
    for channel, head in steps.items():
        await shelf.do(SAID, channel, alice, head)
        await shelf.do("update channels set head_seq = $2 where id = $1", channel, head)
    search = SearchStore(shelf.database)

    assert await search.index(PIECE) == 3 * PIECE + 6
    assert await indexed(shelf) == {quiet: 3, flooded: (PIECE - 6) // 2}
    left = [await search.index(PIECE, [flooded, quiet]) for _ in range(5)]

    assert left == [2 * PIECE + 6, PIECE + 6, 6, 0, 0]
    assert await indexed(shelf) == {quiet: 3, flooded: 2 * PIECE}
    await shelf.say(quiet, alice)
    assert not await search.index(PIECE, [flooded])
    assert await indexed(shelf) == {quiet: 3, flooded: 2 * PIECE}
    assert not await search.index(PIECE)
    assert await indexed(shelf) == {quiet: 4, flooded: 2 * PIECE}


SAID = """
insert into messages (channel_id, seq, author_id, text, client_id, fingerprint, created_at)
select $1, n, $2, 'said', n, 0, now() from generate_series(2, $3::bigint, 2) n
"""
"""A log whose every second step is a message."""


async def indexed(shelf: Shelf) -> dict[ChannelId, int]:
    """Channel -> how many of its messages the index knows."""
    rows = await shelf.database._pool.fetch("select channel_id, count(*) from message_index group by 1")
    return {row["channel_id"]: row["count"] for row in rows}
