-- As begin_run before it, which stays for instances of the version before. New are the question's files, as one text
-- with commas in between, or null; what is to be told of them comes back, and who asks by name.
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
    assistant bigint,
    file_list text
) returns table (
    outcome text, run_id bigint, seq bigint, question_seq bigint, asked_at timestamptz, began_at timestamptz,
    thread bigint, username text, attachments jsonb
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
    given jsonb;
begin
    if answered is null then
        return query
        select
            case
                when m.fingerprint = hashtextextended(question || coalesce(U&'\E000' || file_list, ''), 0) and r.id is not null
                then 'replayed'
                else 'conflict'
            end,
            r.id, r.seq, m.seq, m.created_at, r.began_at, m.thread, null::text, null::jsonb
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
            array[null::boolean], array[null::text], array[]::bigint[], array[]::text[], array[]::bigint[],
            array[file_list]
        );
        if posted.outcome <> 'posted' then
            outcome := case posted.outcome when 'replayed' then 'conflict' else posted.outcome end;
            asked_at := posted.created_at;
            return next;
            return;
        end if;
        asked := posted.seq;
        asked_moment := posted.created_at;
        given := posted.attachments;
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
    return query
    select 'begun', run, place, asked, asked_moment, moment, of_thread, u.username, given
    from users u where u.id = asker;
end
$$;
