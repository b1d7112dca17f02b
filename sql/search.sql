-- name: set_search_language
-- $1 a text search configuration. Where it is another than before, everything is indexed anew.
with changed as (
    update search_settings set language = $1::text::regconfig where language <> $1::text::regconfig returning language
), emptied as (
    delete from message_index where exists (select from changed)
)
delete from search_progress where exists (select from changed) returning channel_id;

-- name: index_messages
-- How many steps are left. $1 steps of the logs at most, $2 channels; null for all
select index_messages($1::integer, $2::bigint[]);

-- name: reindex_message
-- $1 channel, $2 seq: after it was edited or deleted
insert into message_index (channel_id, seq, created_at, document)
select
    channel_id, seq, created_at,
    case when deleted_at is null then search_document(channel_id, author_id, kind, text) else ''::tsvector end
from messages where channel_id = $1 and seq = $2
on conflict (channel_id, seq) do update set document = excluded.document
returning seq;

-- name: list_readable
-- $1 workspace, $2 user, $3 channel, $4 key of a channel's name: null for any
select m.channel_id
from members m
join channels c on c.id = m.channel_id
where m.user_id = $2 and c.workspace_id = $1 and c.deleted_at is null
    and ($3::bigint is null or c.id = $3) and ($4::text is null or c.name_key = $4);

-- name: find_author
-- $1 workspace, $2 key of a username
select id from users where workspace_id = $1 and username_key = $2;

-- name: search
-- $1 channels, $2 phrases, $3 beginning of a word, $4 facets, $5 since, $6 until, $7 and $8 before this one, $9 limit
-- The marks around what matched are two characters of Unicode's private use: texts hold none of them here.
select
    f.id, f.created_at as indexed_at,
    case when cardinality($2::text[]) > 0 or $3::text is not null then
        ts_headline(
            (select language from search_settings), translate(t.text, U&'\E000\E001', ''), search_query($2, $3, '{}'),
            U&'StartSel=\E000, StopSel=\E001, MaxFragments=2, MaxWords=30, MinWords=8, FragmentDelimiter=" … "'
        )
    else left(t.text, 200) end as highlight,
    t.channel_id, t.seq, t.author_id, t.kind, t.text, t.client_id, t.created_at, t.edited_at, t.deleted_at, t.reply_to,
    t.thread, t.more
from search_messages(
    $1::bigint[], search_query($2::text[], $3::text, $4::text[]), $5::timestamptz, $6::timestamptz, $7::timestamptz,
    $8::bigint, $9::integer
) f
join told_messages t on t.channel_id = f.channel_id and t.seq = f.seq
order by f.created_at desc, f.id desc;
