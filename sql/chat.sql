-- name: append_messages
-- $1 channels, $2 authors, $3 client ids, $4 texts, $5 replies to, $6 threads: one array a column, in the order of arrival
select outcome, seq, created_at
from append_messages($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
order by ord;

-- name: get_message
-- $1 channel, $2 seq
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, sketch_id, ai
from messages where channel_id = $1 and seq = $2;

-- name: list_messages_before
-- $1 channel, $2 before this seq, $3 after this seq, $4 limit
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, sketch_id, ai
from messages where channel_id = $1 and seq < $2 and seq > $3
order by seq desc
limit $4;

-- name: list_messages_after
-- $1 channel, $2 after this seq, $3 before this seq, $4 limit
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, sketch_id, ai
from messages where channel_id = $1 and seq > $2 and seq < $3
order by seq
limit $4;

-- name: list_facts
-- $1 channel, $2 after this seq, $3 limit. One statement, so that both halves of the log are of one moment.
-- An answer is told as it began: empty.
select * from (
    (
        select
            case when kind = 'ai' then 'ai.started' else 'message.posted' end as fact, null::jsonb as body,
            channel_id, seq, author_id, kind, case when kind = 'ai' then '' else text end as text, client_id, created_at,
            edited_at, deleted_at, reply_to, thread, sketch_id,
            case when kind = 'ai' then jsonb_build_object(
                'run_id', ai -> 'run_id', 'status', 'running', 'model', ai -> 'model', 'asked_by', ai -> 'asked_by'
            ) end as ai
        from messages where channel_id = $1 and seq > $2
        order by seq
        limit $3
    )
    union all
    (
        select
            kind, body,
            channel_id, seq, actor_id, null, null, null, created_at, null::timestamptz, null::timestamptz, null::bigint, null::bigint, null::bigint, null::jsonb
        from changes where channel_id = $1 and seq > $2
        order by seq
        limit $3
    )
) facts
order by seq
limit $3;
