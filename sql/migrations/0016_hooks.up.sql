-- Webhooks in both directions, and slash commands that call a URL. What they post has an author without an account, and
-- in `via` who speaks.
alter table messages add column via jsonb;
comment on column messages.via is 'Of what a webhook or a command posted: which, and under what name.';

create table incoming_hooks (
    channel_id bigint not null references channels,
    id bigint generated always as identity unique,
    name text not null,
    digest bytea not null unique,
    may_broadcast boolean not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    primary key (channel_id, id)
) with (fillfactor = 80);
comment on column incoming_hooks.digest is 'SHA-256 of the secret in its URL, which has 256 random bits and is shown once.';

create table outgoing_hooks (
    channel_id bigint not null references channels,
    id bigint generated always as identity unique,
    name text not null,
    url text not null,
    secret text not null,
    events text[] not null,
    triggers text[] not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now(),
    cursor_seq bigint not null,
    attempts integer not null default 0,
    failing_since timestamptz,
    last_error text,
    next_at timestamptz not null default now(),
    lease_owner text,
    lease_until timestamptz,
    disabled_at timestamptz,
    primary key (channel_id, id)
) with (fillfactor = 80);
comment on column outgoing_hooks.secret is 'Signs what is sent, so it is kept as it is.';
comment on column outgoing_hooks.cursor_seq is 'Up to where the channel''s log was delivered, given up or not wanted.';
create index outgoing_hooks_at_work on outgoing_hooks (next_at) where disabled_at is null;

create table dead_letters (
    channel_id bigint not null,
    hook_id bigint not null,
    seq bigint not null,
    attempts integer not null,
    error text not null,
    died_at timestamptz not null default now(),
    primary key (channel_id, hook_id, seq)
);
comment on table dead_letters is 'Facts that a webhook''s target did not take. The log still has them.';

create table commands (
    workspace_id bigint not null references workspaces,
    id bigint generated always as identity primary key,
    name text not null,
    url text not null,
    secret text not null,
    description text not null,
    hint text not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now(),
    constraint commands_name_key unique (workspace_id, name)
);

create or replace view told_messages as
select
    m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
    m.reply_to, m.thread,
    case
        when m.mentions is null and m.broadcast is null and m.to_channel is null and m.pinned_at is null
            and m.reply_count is null and m.reaction_count is null and m.sketch_id is null and m.ai is null
            and m.kind <> 'file'
            and m.via is null
        then null
        else jsonb_strip_nulls(jsonb_build_object(
            'sketch_id', case when m.deleted_at is null then m.sketch_id end,
            'ai', case when m.deleted_at is null then m.ai end,
            'attachments', case when m.kind = 'file' then (
                select file_facts(m.channel_id, array_agg(f.id order by f.place))
                from files f
                where f.channel_id = m.channel_id and f.message_seq = m.seq
            ) end,
            'mentions', m.mentions,
            'broadcast', m.broadcast,
            'to_channel', m.to_channel,
            'pinned_at', to_char(m.pinned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'pinned_by', m.pinned_by,
            'reply_count', m.reply_count,
            'last_reply_seq', m.last_reply_seq,
            'via', m.via,
            'reactions', case when m.reaction_count > 0 then (
                select jsonb_agg(
                    jsonb_build_object('emoji', r.emoji, 'count', r.number, 'user_ids', r.user_ids) order by r.first_seq
                )
                from (
                    select emoji, count(*) as number, min(seq) as first_seq, jsonb_agg(user_id order by seq) as user_ids
                    from reactions
                    where channel_id = m.channel_id and message_seq = m.seq
                    group by emoji
                ) r
            ) end
        ))
    end as more
from messages m;

-- Posts what a program says, under the channel's lock. Slow mode counts from the newest message of the same `via`. A
-- repeated client_id posts nothing. What it replies to may be gone by then: then it stands alone.
create function post_by_program(
    place bigint, author bigint, client text, said text, sender jsonb, names text[], loud text, who_is_here bigint[],
    answered bigint, heeds_slow_mode boolean
) returns table (outcome text, seq bigint, due_at timestamptz)
language plpgsql
as $$
#variable_conflict use_column
declare
    home record;
    parent record;
    stamp timestamptz;
    found_seq bigint;
    last_at timestamptz;
begin
    select c.head_seq, c.slow_seconds, c.archived_at into home
    from channels c where c.id = place and c.deleted_at is null for no key update;
    if not found then
        return query select 'not_found', null::bigint, null::timestamptz;
        return;
    end if;
    select m.seq into found_seq from messages m
    where m.channel_id = place and m.author_id = author and m.client_id = client;
    if found then
        return query select 'replayed', found_seq, null::timestamptz;
        return;
    end if;
    if home.archived_at is not null then
        return query select 'archived', null::bigint, null::timestamptz;
        return;
    end if;
    stamp := clock_timestamp();
    if heeds_slow_mode and home.slow_seconds > 0 then
        select h.last_used_at into last_at from incoming_hooks h
        where h.channel_id = place and h.id = (sender ->> 'id')::bigint;
        if last_at + home.slow_seconds * interval '1 second' > stamp then
            return query select 'too_soon', null::bigint, last_at + home.slow_seconds * interval '1 second';
            return;
        end if;
    end if;
    select m.seq, m.thread into parent from messages m
    where m.channel_id = place and m.seq = answered and m.deleted_at is null;
    insert into messages (
        channel_id, seq, author_id, text, client_id, fingerprint, created_at, reply_to, thread, mentions, broadcast, via
    ) values (
        place, home.head_seq + 1, author, said, client, hashtextextended(said, 0), stamp, parent.seq, parent.thread,
        case when cardinality(names) + cardinality(who_is_here) > 0 then resolve_mentions(place, names, who_is_here) end,
        loud, sender
    );
    update channels c set head_seq = c.head_seq + 1 where c.id = place;
    if sender ->> 'kind' = 'incoming' then
        update incoming_hooks h set last_used_at = stamp where h.channel_id = place and h.id = (sender ->> 'id')::bigint;
    end if;
    if parent.thread is not null then
        perform join_threads(array[place], array[author], array[client], stamp);
    end if;
    return query select 'posted', home.head_seq + 1, null::timestamptz;
end
$$;
