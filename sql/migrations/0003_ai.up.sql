-- Answers of AI models: each run is a row here and a message of its channel.

alter table messages add column ai jsonb;
comment on column messages.ai is 'What is told of the run that wrote this message: null for what people wrote.';

create table ai_channels (
    channel_id bigint primary key references channels,
    model text,
    system text not null default ''
);
comment on table ai_channels is 'The pinned system prompt and the model of a channel, where somebody set them.';

create table ai_runs (
    id bigint generated always as identity primary key,
    workspace_id bigint not null,
    channel_id bigint not null,
    seq bigint not null,
    question_seq bigint not null,
    asker_id bigint not null,
    model text not null,
    status text not null check (status in ('running', 'done', 'stopped', 'interrupted', 'failed')),
    attempt integer not null default 1,
    instance text not null,
    lease_until timestamptz not null,
    stop_asked_at timestamptz,
    prompt_tokens bigint not null default 0,
    completion_tokens bigint not null default 0,
    began_at timestamptz not null default now(),
    finished_at timestamptz
) with (fillfactor = 50);
comment on column ai_runs.lease_until is 'The instance at work moves it on; past it, any other ends the run as interrupted.';
comment on column ai_runs.attempt is 'Continuing begins another: what is left of the one before can no longer write.';
create index ai_runs_running on ai_runs (lease_until) where status = 'running';
create index ai_runs_question on ai_runs (channel_id, question_seq);

create table ai_pieces (
    run_id bigint not null,
    start integer not null,
    text text not null,
    primary key (run_id, start)
);
comment on table ai_pieces is 'What a running answer said so far, so that it outlives its instance; gone once the message has it.';

create table ai_spent (
    scope text not null check (scope in ('user', 'channel', 'workspace')),
    scope_id bigint not null,
    period text not null check (period in ('day', 'month')),
    starts date not null,
    prompt_tokens bigint not null,
    completion_tokens bigint not null,
    cost_micros bigint not null,
    runs bigint not null,
    primary key (scope, scope_id, period, starts)
) with (fillfactor = 80);
comment on table ai_spent is 'Tokens of ended runs by UTC day and month; cost in millionths of what the prices are in.';

-- What speaks against another run: 'busy', the name of the first budget that is used up, or null.
-- Runs under way count with what they used so far.
create function ai_refusal(workspace bigint, channel bigint, asker bigint, most_at_once integer, budgets bigint[])
returns text
language plpgsql
as $$
declare
    used_up text;
begin
    -- Asks of one user follow each other, so that none overtakes the count.
    perform pg_advisory_xact_lock(hashtextextended('chalkline.ai', asker));
    if (select count(*) from ai_runs r where r.status = 'running' and r.asker_id = asker) >= most_at_once then
        return 'busy';
    end if;
    select b.scope || '/' || b.period into used_up
    from unnest(
        array['user', 'user', 'channel', 'channel', 'workspace', 'workspace'],
        array[asker, asker, channel, channel, workspace, workspace],
        array['day', 'month', 'day', 'month', 'day', 'month'],
        budgets
    ) with ordinality as b (scope, scope_id, period, budget, ord)
    left join ai_spent s
        on s.scope = b.scope and s.scope_id = b.scope_id and s.period = b.period
        and s.starts = date_trunc(b.period, now() at time zone 'UTC')::date
    cross join lateral (
        select coalesce(sum(r.prompt_tokens + r.completion_tokens), 0) as tokens
        from ai_runs r
        where r.status = 'running'
            and case b.scope
                when 'user' then r.asker_id = b.scope_id
                when 'channel' then r.channel_id = b.scope_id
                else r.workspace_id = b.scope_id
            end
    ) running
    where b.budget is not null
        and coalesce(s.prompt_tokens + s.completion_tokens, 0) + running.tokens >= b.budget
    order by b.ord
    limit 1;
    return used_up;
end
$$;

-- Posts a question and begins its answer, or (with a question's seq) begins another answer to it: one call, one commit.
-- A repeated client_id finds the run that it began before; an ask too soon in slow mode learns, as asked_at, when it may come.
create function begin_run(
    workspace bigint,
    channel bigint,
    asker bigint,
    client text,
    question text,
    parent bigint,
    thread_seq bigint,
    answered bigint,
    model_name text,
    owner text,
    lease interval,
    most_at_once integer,
    budgets bigint[],
    assistant bigint
) returns table (
    outcome text, run_id bigint, seq bigint, question_seq bigint, asked_at timestamptz, began_at timestamptz, thread bigint
)
language plpgsql
as $$
#variable_conflict use_column
declare
    posted record;
    place bigint;
    asked bigint := answered;
    asked_moment timestamptz;
    of_thread bigint := thread_seq;
    moment timestamptz;
    run bigint;
begin
    if answered is null then
        return query
        select
            case when m.fingerprint = hashtextextended(question, 0) and r.id is not null then 'replayed' else 'conflict' end,
            r.id, r.seq, m.seq, m.created_at, r.began_at, m.thread
        from messages m
        left join lateral (
            select x.id, x.seq, x.began_at from ai_runs x
            where x.channel_id = m.channel_id and x.question_seq = m.seq
            order by x.id
            limit 1
        ) r on true
        where m.channel_id = channel and m.author_id = asker and m.client_id = client;
        if found then
            return;
        end if;
    end if;
    outcome := ai_refusal(workspace, channel, asker, most_at_once, budgets);
    if outcome is not null then
        return next;
        return;
    end if;
    if answered is null then
        select * into posted from append_messages(
            array[channel], array[asker], array[client], array[question], array[parent], array[thread_seq],
            array[null::boolean], array[null::text], array[]::bigint[], array[]::text[], array[]::bigint[]
        );
        if posted.outcome <> 'posted' then
            outcome := case posted.outcome when 'replayed' then 'conflict' else posted.outcome end;
            asked_at := posted.created_at;
            return next;
            return;
        end if;
        asked := posted.seq;
        asked_moment := posted.created_at;
    else
        perform from channels c where c.id = channel and c.deleted_at is null for no key update;
        if not found or not exists (select from members m where m.channel_id = channel and m.user_id = asker) then
            outcome := 'not_found';
            return next;
            return;
        end if;
        select m.created_at, m.thread into asked_moment, of_thread from messages m
        where m.channel_id = channel and m.seq = answered and m.deleted_at is null and m.kind <> 'ai';
        if not found then
            outcome := 'no_question';
            return next;
            return;
        end if;
    end if;
    moment := clock_timestamp();
    update channels c set head_seq = c.head_seq + 1 where c.id = channel returning c.head_seq into place;
    insert into ai_runs (workspace_id, channel_id, seq, question_seq, asker_id, model, status, instance, lease_until, began_at)
    values (workspace, channel, place, asked, asker, model_name, 'running', owner, now() + lease, moment)
    returning id into run;
    insert into messages (channel_id, seq, author_id, kind, text, client_id, fingerprint, created_at, reply_to, thread, ai)
    values (
        channel, place, assistant, 'ai', '', 'ai:' || run, 0, moment, asked, of_thread,
        jsonb_build_object('run_id', run, 'status', 'running', 'model', model_name, 'asked_by', asker)
    );
    return query select 'begun', run, place, asked, asked_moment, moment, of_thread;
end
$$;
