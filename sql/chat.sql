-- name: append_messages
-- $1 channels, $2 authors, $3 client ids, $4 texts, $5 replies to, $6 threads, $7 whether to the channel too, $8 broadcasts: one array a column, in the order of arrival
-- $9 and $10 which post has which name in it, $11 who is here, $12 ids of the files of each, with commas in between
select outcome, seq, created_at, mentions, attachments
from append_messages(
    $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[], $8::text[],
    $9::bigint[], $10::text[], $11::bigint[], $12::text[]
)
order by ord;

-- name: get_message
-- $1 channel, $2 seq
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
from told_messages where channel_id = $1 and seq = $2;

-- name: list_messages_before
-- $1 channel, $2 before this seq, $3 after this seq, $4 limit
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
from told_messages where channel_id = $1 and seq < $2 and seq > $3
order by seq desc
limit $4;

-- name: list_messages_after
-- $1 channel, $2 after this seq, $3 before this seq, $4 limit
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
from told_messages where channel_id = $1 and seq > $2 and seq < $3
order by seq
limit $4;

-- name: list_facts
-- $1 channel, $2 after this seq, $3 limit. One statement, so that both halves of the log are of one moment.
-- Where a fact holds a message, it holds it as it is now: what was edited away or deleted is told to nobody again.
select * from (
    (
        select
            'message.posted' as fact, null::jsonb as body, seq as fact_seq,
            channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
        from told_messages where channel_id = $1 and seq > $2
        order by seq
        limit $3
    )
    union all
    (
        select
            ch.kind, ch.body, ch.seq,
            m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
            m.reply_to, m.thread, m.more
        from changes ch
        left join told_messages m on m.channel_id = ch.channel_id and m.seq = case
            when ch.kind = 'message.edited' then ch.message_seq
            when ch.kind in ('ai.started', 'ai.finished', 'ai.undone') then (ch.body -> 'message' ->> 'seq')::bigint
        end
        where ch.channel_id = $1 and ch.seq > $2
        order by ch.seq
        limit $3
    )
) facts
order by fact_seq
limit $3;
