-- name: begin_run
-- $1 workspace, $2 channel, $3 asker, $4 client id, $5 question, $6 reply to, $7 thread, $8 the seq of a question that is answered again, $9 model, $10 instance, $11 lease, $12 runs of one user at once, $13 budgets, $14 the assistant, $15 files, with commas in between
select outcome, run_id, seq, question_seq, asked_at, began_at, thread, username, attachments
from begin_run($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::bigint[], $14, $15);

-- name: judge_run
-- $1 workspace, $2 channel, $3 asker, $4 runs of one user at once, $5 budgets
select ai_refusal($1, $2, $3, $4, $5::bigint[]);

-- name: get_run
-- $1 run
select id, workspace_id, channel_id, seq, question_seq, asker_id, model, status, attempt
from ai_runs where id = $1;

-- name: restart_run
-- $1 run, $2 attempt, $3 instance, $4 lease. Only one that ended before it was done.
update ai_runs
set
    status = 'running', attempt = attempt + 1, instance = $3, lease_until = now() + $4,
    stop_asked_at = null, prompt_tokens = 0, completion_tokens = 0, finished_at = null
where id = $1 and attempt = $2 and status in ('stopped', 'interrupted', 'failed')
returning attempt;

-- name: checkpoint_runs
-- $1 runs, $2 attempts, $3 where each piece starts, $4 pieces, $5 prompt tokens, $6 completion tokens, $7 lease. Those that come back are still ours. Nobody waits for the disk: what is lost with the database is the end of what was said.
with given as (
    select g.*
    from (select set_config('synchronous_commit', 'off', true)) commit
    cross join unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::bigint[], $6::bigint[])
        as g (run_id, attempt, start, text, prompt_tokens, completion_tokens)
), kept as (
    update ai_runs r
    set lease_until = now() + $7::interval, prompt_tokens = g.prompt_tokens, completion_tokens = g.completion_tokens
    from given g
    where r.id = g.run_id and r.attempt = g.attempt and r.status = 'running'
    returning r.id, g.start, g.text
), saved as (
    insert into ai_pieces (run_id, start, text)
    select k.id, k.start, k.text from kept k
    where k.text <> ''
    on conflict (run_id, start) do update set text = excluded.text
)
select id from kept;

-- name: list_stops
-- $1 runs
select id from ai_runs where id = any ($1::bigint[]) and stop_asked_at is not null;

-- name: ask_stop
-- $1 run
update ai_runs set stop_asked_at = now() where id = $1 and status = 'running' and stop_asked_at is null returning id;

-- name: list_orphans
-- $1 limit. Runs whose instance is gone, with what they said.
select r.id, r.workspace_id, r.channel_id, r.seq, r.question_seq, r.asker_id, r.model, r.status, r.attempt,
    r.prompt_tokens, r.completion_tokens,
    coalesce((select string_agg(p.text, '' order by p.start) from ai_pieces p where p.run_id = r.id), '') as text
from ai_runs r
where r.status = 'running' and r.lease_until < now()
order by r.lease_until
limit $1;

-- name: list_running
-- $1 channels. What each run under way there said, as of its last checkpoint.
select r.id, r.channel_id,
    coalesce((select string_agg(p.text, '' order by p.start) from ai_pieces p where p.run_id = r.id), '') as text
from ai_runs r
where r.status = 'running' and r.channel_id = any ($1::bigint[]);

-- name: get_run_text
-- $1 run. While it runs, as of its last checkpoint.
select r.status, case when r.status = 'running'
    then coalesce((select string_agg(p.text, '' order by p.start) from ai_pieces p where p.run_id = r.id), '')
    else m.text end as text
from ai_runs r
join messages m on m.channel_id = r.channel_id and m.seq = r.seq
where r.id = $1;

-- name: end_run
-- $1 run, $2 attempt, $3 status, $4 prompt tokens, $5 completion tokens, $6 whether only where its lease ran out
update ai_runs
set status = $3, prompt_tokens = $4, completion_tokens = $5, finished_at = now()
where id = $1 and attempt = $2 and status = 'running' and (not $6::boolean or lease_until < now())
returning id;

-- name: set_answer
-- $1 channel, $2 seq, $3 text, $4 what is told of the run
update messages set text = $3, ai = $4 where channel_id = $1 and seq = $2 and deleted_at is null
returning seq;

-- name: set_run_info
-- $1 channel, $2 seq, $3 what is told of the run
update messages set ai = $3 where channel_id = $1 and seq = $2 returning seq;

-- name: add_drawing
-- $1 channel, $2 run, $3 sketch, $4 tool, $5 what it alters
insert into ai_drawings (channel_id, run_id, sketch_id, tool, altered) values ($1, $2, $3, $4, $5) returning id;

-- name: list_drawings
-- $1 channel, $2 run. The oldest first.
select sketch_id, altered from ai_drawings where channel_id = $1 and run_id = $2 order by id;

-- name: delete_drawings
-- $1 channel, $2 run
delete from ai_drawings where channel_id = $1 and run_id = $2 returning id;

-- name: list_drawing_tools
-- $1 channel, $2 run
select tool from ai_drawings where channel_id = $1 and run_id = $2 order by id;

-- name: save_piece
-- $1 run, $2 text: all that was said before it goes on
insert into ai_pieces (run_id, start, text) values ($1, 0, $2) returning run_id;

-- name: delete_pieces
-- $1 run
delete from ai_pieces where run_id = $1;

-- name: add_spent
-- $1 workspace, $2 channel, $3 user, $4 prompt tokens, $5 completion tokens, $6 cost, $7 runs. Rows in one order, so that two never wait for each other.
insert into ai_spent (scope, scope_id, period, starts, prompt_tokens, completion_tokens, cost_micros, runs)
select o.scope, o.scope_id, p.period, date_trunc(p.period, now() at time zone 'UTC')::date, $4, $5, $6, $7
from (values ('channel', $2::bigint), ('user', $3::bigint), ('workspace', $1::bigint)) o (scope, scope_id)
cross join (values ('day'), ('month')) p (period)
order by o.scope, p.period
on conflict (scope, scope_id, period, starts) do update set
    prompt_tokens = ai_spent.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = ai_spent.completion_tokens + excluded.completion_tokens,
    cost_micros = ai_spent.cost_micros + excluded.cost_micros,
    runs = ai_spent.runs + excluded.runs;

-- name: list_spent
-- $1 workspace, $2 user. Of this day and month.
select scope, period, prompt_tokens, completion_tokens, cost_micros
from ai_spent
where ((scope = 'user' and scope_id = $2) or (scope = 'workspace' and scope_id = $1))
    and starts = date_trunc(period, now() at time zone 'UTC')::date;

-- name: count_running
-- $1 user
select count(*) from ai_runs where status = 'running' and asker_id = $1;

-- name: get_ai_channel
-- $1 channel
select model, system from ai_channels where channel_id = $1;

-- name: set_ai_channel
-- $1 channel, $2 whether to set the model, $3 model, $4 system prompt: null leaves it as it is
insert into ai_channels (channel_id, model, system) values ($1, $3, coalesce($4, ''))
on conflict (channel_id) do update set
    model = case when $2::boolean then excluded.model else ai_channels.model end,
    system = coalesce($4, ai_channels.system)
returning model, system;

-- name: list_context
-- $1 channel, $2 up to this seq, $3 the thread, if only one is wanted, $4 limit
select m.seq, m.author_id, coalesce(u.username, '') as username, m.kind, m.text, m.reply_to
from messages m
left join users u on u.id = m.author_id
where m.channel_id = $1 and m.seq <= $2 and m.deleted_at is null and (m.text <> '' or m.kind = 'file')
    and ($3::bigint is null or m.thread = $3 or m.seq = $3)
order by m.seq desc
limit $4;

-- name: list_newest_context
-- $1 channel, $2 the thread, if only one is wanted, $3 limit. A row at least, for the head.
select c.head_seq, m.seq, m.author_id, coalesce(u.username, '') as username, m.kind, m.text, m.reply_to
from channels c
left join lateral (
    select m.seq, m.author_id, m.kind, m.text, m.reply_to
    from messages m
    where m.channel_id = c.id and m.seq <= c.head_seq and m.deleted_at is null and (m.text <> '' or m.kind = 'file')
        and ($2::bigint is null or m.thread = $2 or m.seq = $2)
    order by m.seq desc
    limit $3
) m on true
left join users u on u.id = m.author_id
where c.id = $1
order by m.seq desc;

-- name: list_branch
-- $1 channel, $2 the seq of a message, $3 limit: the message, what it replies to, what that replies to …
with recursive branch as (
    select m.seq, m.reply_to, 0 as depth from messages m where m.channel_id = $1 and m.seq = $2
    union all
    select m.seq, m.reply_to, b.depth + 1
    from branch b
    join messages m on m.channel_id = $1 and m.seq = b.reply_to
    where b.depth < $3::int
)
select m.seq, m.author_id, coalesce(u.username, '') as username, m.kind, m.text, m.reply_to
from branch b
join messages m on m.channel_id = $1 and m.seq = b.seq
left join users u on u.id = m.author_id
where m.deleted_at is null and (m.text <> '' or m.kind = 'file')
order by m.seq desc;

-- name: list_attached
-- $1 channel, $2 seqs of messages
select f.message_seq as seq, f.name, b.type, b.size, encode(b.digest, 'hex') as digest
from files f
join blobs b on b.digest = f.digest
where f.channel_id = $1 and f.message_seq = any ($2::bigint[])
order by f.message_seq desc, f.place;

-- name: get_last_answer
-- $1 channel
select max(seq) from messages where channel_id = $1 and kind = 'ai' and deleted_at is null;

-- name: get_followed
-- $1 channel, $2 the seq of a question: what it follows
select coalesce(reply_to, 0) from messages where channel_id = $1 and seq = $2 and kind <> 'ai' and deleted_at is null;

-- name: search_texts
-- $1 channel, $2 pattern, $3 before this seq, $4 limit
select m.seq, m.author_id, coalesce(u.username, '') as username, m.kind, m.text, m.reply_to
from messages m
left join users u on u.id = m.author_id
where m.channel_id = $1 and m.seq < $3 and m.deleted_at is null and m.text ilike $2
order by m.seq desc
limit $4;

-- name: list_unread
-- $1 channel, $2 user, $3 before this seq, $4 limit
select m.seq, m.author_id, coalesce(u.username, '') as username, m.kind, m.text, m.reply_to
from messages m
join members x on x.channel_id = m.channel_id and x.user_id = $2
left join users u on u.id = m.author_id
where m.channel_id = $1 and m.seq > x.last_read_seq and m.seq < $3 and m.author_id <> $2
    and m.deleted_at is null and m.text <> ''
order by m.seq desc
limit $4;

-- name: list_conversations
-- $1 workspace, $2 caller, $3 before this id, $4 limit
select
    c.id, c.name, c.description, c.kind, c.visibility, c.password_hash is not null as has_password,
    c.creator_id, c.created_at, c.head_seq, c.member_count, c.direct_user_ids,
    c.archived_at, c.slow_seconds, c.post_role,
    m.role, m.last_read_seq, unread.unread, unread.mentions, m.notifications,
    case when m.muted_until > now() then m.muted_until end as muted_until,
    case when m.muted_until > now() then (
        select r.reason from restraints r where r.channel_id = c.id and r.user_id = m.user_id and r.kind = 'mute'
    ) end as mute_reason
from members m
join channels c on c.id = m.channel_id and c.workspace_id = $1 and c.deleted_at is null and c.kind = 'ai'
left join lateral unread_in_channel(c.id, $2, m.last_read_seq) unread on true
where m.user_id = $2 and m.channel_id < $3
order by m.channel_id desc
limit $4;
