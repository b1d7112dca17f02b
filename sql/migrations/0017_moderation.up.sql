-- Who may not post, who may not come in, what is hidden, and what was reported. Whether something still holds is told by
-- comparing times, so that nothing has to run when it ends; what has no end lasts until the year 9999.
create table restraints (
    channel_id bigint not null references channels,
    user_id bigint not null references users,
    kind text not null check (kind in ('ban', 'mute')),
    until timestamptz not null,
    reason text not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now(),
    primary key (channel_id, user_id, kind)
);
alter table members add column muted_until timestamptz;
comment on column members.muted_until is 'The mute of restraints again, where each post looks; who comes back is given it anew.';

alter table users
    add column banned_until timestamptz,
    add column ban jsonb;
comment on column users.ban is 'Why, by whom and when.';
create index users_banned on users (workspace_id, id) where banned_until is not null;

alter table messages
    add column hidden_at timestamptz,
    add column hidden_by bigint,
    add column previews jsonb;
create table hidden_messages (
    channel_id bigint not null,
    message_seq bigint not null,
    text text not null,
    mentions bigint[],
    broadcast text,
    primary key (channel_id, message_seq)
);
comment on table hidden_messages is 'What a hidden message says. Its own row is empty meanwhile, so no way of reading can tell it.';

create table reports (
    channel_id bigint not null references channels,
    id bigint generated always as identity unique,
    message_seq bigint not null,
    reporter_id bigint not null references users,
    reason text not null,
    note text not null,
    created_at timestamptz not null default now(),
    state text not null default 'open' check (state in ('open', 'resolved', 'dismissed')),
    resolved_by bigint references users,
    resolved_at timestamptz,
    resolution text not null default '',
    primary key (channel_id, id),
    constraint reports_once unique (channel_id, message_seq, reporter_id)
);
create index reports_open on reports (channel_id, id) where state = 'open';

create or replace view told_messages as
select
    m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
    m.reply_to, m.thread,
    case
        when m.mentions is null and m.broadcast is null and m.to_channel is null and m.pinned_at is null
            and m.reply_count is null and m.reaction_count is null and m.sketch_id is null and m.ai is null
            and m.kind <> 'file' and m.via is null and m.hidden_at is null and m.previews is null
        then null
        else jsonb_strip_nulls(jsonb_build_object(
            'sketch_id', case when m.deleted_at is null then m.sketch_id end,
            'ai', case when m.deleted_at is null then m.ai end,
            'attachments', case when m.kind = 'file' and m.hidden_at is null then (
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
            'hidden_at', to_char(m.hidden_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'hidden_by', m.hidden_by,
            'previews', case when m.deleted_at is null and m.hidden_at is null then m.previews end,
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

-- As append_messages before it, which stays for instances of the version before, and for posts that can have no files.
-- New are the files of each post, as one text with commas in between; a batch without any pays for nothing.
-- Who is muted may not post. To somebody of another workspace no channel is there.
create function append_messages(
    channel_ids bigint[],
    author_ids bigint[],
    client_ids text[],
    texts text[],
    replies_to bigint[],
    threads bigint[],
    to_channels boolean[],
    broadcasts text[],
    mention_ords bigint[],
    mention_names text[],
    who_is_here bigint[],
    file_lists text[]
) returns table (
    ord bigint, outcome text, seq bigint, created_at timestamptz, mentions bigint[], attachments jsonb
)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    stamp timestamptz;
    slowest integer;
    resolved jsonb;
    hasty bigint[] := '{}';
    has_files boolean := array_length(array_remove(file_lists, null), 1) > 0;
    lacking bigint[] := '{}';
begin
    select max(c.slow_seconds) into slowest
    from (
        select slow_seconds from channels where id = any (channel_ids) order by id for no key update
    ) c;
    stamp := clock_timestamp();

    if cardinality(mention_ords) > 0 or cardinality(who_is_here) > 0 then
        select jsonb_object_agg(n.ord, resolve_mentions(n.channel_id, n.names, n.here)) into resolved
        from (
            select
                i.ord,
                i.channel_id,
                array(select x.name from unnest(mention_ords, mention_names) as x (ord, name) where x.ord = i.ord) as names,
                case when i.broadcast = 'here' then who_is_here else '{}' end as here
            from unnest(channel_ids, broadcasts) with ordinality as i (channel_id, broadcast, ord)
            where i.ord = any (mention_ords) or i.broadcast = 'here'
        ) n;
    end if;

    if slowest > 0 then
        -- Of several posts of one author in one batch, only the first can be in time.
        select array_agg(n.ord) into hasty
        from (
            select i.ord, row_number() over (partition by i.channel_id, i.author_id order by i.ord) as place
            from unnest(channel_ids, author_ids) with ordinality as i (channel_id, author_id, ord)
        ) n
        where n.place > 1;
    end if;

    if has_files then
        -- A file goes into one message: of two posts that name the same one, the first gets it. Whoever expires files
        -- leaves out those that are locked here.
        perform from files f
        where f.id in (select unnest(string_to_array(l, ',')) from unnest(file_lists) l)
        order by f.id for update;
        select array_agg(distinct n.ord) into lacking
        from (
            select i.ord, f.id as found, row_number() over (partition by wanted.id order by i.ord) as turn
            from unnest(channel_ids, author_ids, file_lists) with ordinality as i (channel_id, author_id, file_list, ord)
            cross join unnest(string_to_array(i.file_list, ',')) as wanted (id)
            left join files f
                on f.channel_id = i.channel_id
                and f.id = wanted.id
                and f.uploader_id = i.author_id
                and f.message_seq is null
        ) n
        where n.found is null or n.turn > 1;
    end if;

    return query
    with input as (
        select
            t.*,
            hashtextextended(t.text || coalesce(U&'\E000' || t.file_list, ''), 0) as fingerprint
        from unnest(channel_ids, author_ids, client_ids, texts, replies_to, threads, to_channels, broadcasts, file_lists)
            with ordinality as t (
                channel_id, author_id, client_id, text, reply_to, thread, to_channel, broadcast, file_list, ord
            )
    ), judged as (
        select
            i.*,
            c.head_seq,
            earlier.seq as earlier_seq,
            case when c.slow_seconds > 0 then
                case when i.ord = any (hasty) then stamp else coalesce(m.posted_at, '-infinity') end
                + c.slow_seconds * interval '1 second'
            end as due_at,
            earlier.created_at as earlier_created_at,
            case
                when m.user_id is null and (
                    c.id is null or c.visibility = 'private' or not exists (
                        select from users u where u.id = i.author_id and u.workspace_id = c.workspace_id
                    )
                ) then 'not_found'
                when m.user_id is null then 'not_member'
                when earlier.fingerprint = i.fingerprint
                    and earlier.reply_to is not distinct from i.reply_to
                    and earlier.thread is not distinct from i.thread
                    and earlier.to_channel is not distinct from i.to_channel
                then 'replayed'
                when earlier.seq is not null then 'conflict'
                when c.archived_at is not null then 'archived'
                when m.muted_until > stamp then 'not_allowed'
                when c.post_role <> 'member' and m.role <> 'owner' and m.role <> c.post_role then 'not_allowed'
                when i.reply_to is not null and not exists (
                    select from messages r
                    where r.channel_id = i.channel_id and r.seq = i.reply_to and r.deleted_at is null
                ) then 'no_reply_to'
                when i.thread is not null and not exists (
                    select from messages r
                    where r.channel_id = i.channel_id and r.seq = i.thread and r.thread is null and r.deleted_at is null
                ) then 'no_thread'
                when c.slow_seconds > 0 and m.role = 'member' and (
                    m.posted_at + c.slow_seconds * interval '1 second' > stamp or i.ord = any (hasty)
                ) then 'too_soon'
                when i.file_list is not null and i.ord = any (lacking) then 'no_file'
                else 'posted'
            end as verdict
        from input i
        left join channels c on c.id = i.channel_id and c.deleted_at is null
        left join members m on m.channel_id = c.id and m.user_id = i.author_id
        left join messages earlier
            on earlier.channel_id = i.channel_id
            and earlier.author_id = i.author_id
            and earlier.client_id = i.client_id
    ), numbered as (
        select
            j.*,
            case when resolved is not null and resolved -> j.ord::text <> 'null'
                then array(select x::bigint from jsonb_array_elements_text(resolved -> j.ord::text) x)
            end as mentioned,
            j.head_seq + count(*) filter (where j.verdict = 'posted')
                over (partition by j.channel_id order by j.ord) as new_seq
        from judged j
    ), inserted as (
        insert into messages (
            channel_id, seq, author_id, text, client_id, fingerprint, created_at, reply_to, thread,
            mentions, broadcast, to_channel, kind
        )
        select
            n.channel_id, n.new_seq, n.author_id, n.text, n.client_id, n.fingerprint, stamp, n.reply_to, n.thread,
            n.mentioned, n.broadcast, n.to_channel, case when n.file_list is null then 'text' else 'file' end
        from numbered n
        where n.verdict = 'posted'
    ), bumped as (
        update channels c set head_seq = n.head
        from (select channel_id, max(new_seq) as head from numbered where verdict = 'posted' group by channel_id) n
        where c.id = n.channel_id
    )
    select
        n.ord,
        n.verdict,
        case when n.verdict = 'posted' then n.new_seq else n.earlier_seq end,
        case n.verdict when 'posted' then stamp when 'too_soon' then greatest(n.due_at, stamp) else n.earlier_created_at end,
        n.mentioned,
        case when n.verdict = 'posted' and n.file_list is not null
            then file_facts(n.channel_id, string_to_array(n.file_list, ','))
        end
    from numbered n
    order by n.ord;

    if slowest > 0 then
        update members m set posted_at = stamp
        from unnest(channel_ids, author_ids, client_ids) i (channel_id, author_id, client_id)
        join messages x on x.channel_id = i.channel_id and x.author_id = i.author_id and x.client_id = i.client_id
        where m.channel_id = i.channel_id and m.user_id = i.author_id and x.created_at = stamp;
    end if;

    if has_files then
        update files f set message_seq = x.seq, place = wanted.place
        from unnest(channel_ids, author_ids, client_ids, file_lists) i (channel_id, author_id, client_id, file_list)
        join messages x on x.channel_id = i.channel_id and x.author_id = i.author_id and x.client_id = i.client_id
        cross join unnest(string_to_array(i.file_list, ',')) with ordinality as wanted (id, place)
        where x.created_at = stamp and f.channel_id = x.channel_id and f.id = wanted.id;
    end if;

    if array_length(array_remove(threads, null), 1) > 0 then
        perform join_threads(channel_ids, author_ids, client_ids, stamp);
    end if;
end
$$;
