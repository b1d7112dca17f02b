-- What happens to a message after it was posted, whom it mentions, threads with their readers, and how much of it
-- each member wants to hear of. Columns that are rarely filled stay null: they cost a plain post one bit each.

alter table messages
    add column mentions bigint[],
    add column broadcast text check (broadcast in ('channel', 'here')),
    add column to_channel boolean,
    add column pinned_at timestamptz,
    add column pinned_by bigint,
    add column reply_count integer,
    add column last_reply_seq bigint,
    add column reaction_count integer;
comment on column messages.mentions is 'Users who were members when they were named, or here when @here was said. A broadcast to the channel names nobody.';
comment on column messages.to_channel is 'Of a reply in a thread: it stands in the channel too. Null means no.';
comment on column messages.reply_count is 'Of a thread''s first message. Deleted replies count: their tombstones stay.';
create index messages_of_threads on messages (channel_id, thread, seq) where thread is not null;
create index messages_pinned on messages (channel_id, pinned_at) where pinned_at is not null;

create table message_versions (
    channel_id bigint not null,
    message_seq bigint not null,
    number integer not null,
    text text not null,
    replaced_by bigint not null,
    replaced_at timestamptz not null,
    primary key (channel_id, message_seq, number)
);
comment on table message_versions is 'Texts that were edited away or deleted, for moderators.';

create table reactions (
    channel_id bigint not null,
    message_seq bigint not null,
    emoji text not null,
    user_id bigint not null,
    seq bigint not null,
    primary key (channel_id, message_seq, emoji, user_id)
);
comment on column reactions.seq is 'Of the fact that added it: reactions stand in this order.';

create index changes_of_messages on changes (channel_id, message_seq, seq) where message_seq is not null;

create table thread_members (
    channel_id bigint not null,
    thread bigint not null,
    user_id bigint not null,
    follows boolean not null,
    last_read_seq bigint not null,
    primary key (channel_id, thread, user_id)
) with (fillfactor = 80);
create index thread_members_by_user on thread_members (user_id, channel_id, thread) where follows;

alter table members
    add column notifications text check (notifications in ('all', 'mentions', 'none')),
    add column posted_at timestamptz;
comment on column members.notifications is 'Null: mentions in a channel, everything in a direct one.';
comment on column members.posted_at is 'Kept only where the channel has slow mode.';

alter table users add column do_not_disturb jsonb;

alter table channels
    add column archived_at timestamptz,
    add column slow_seconds integer not null default 0,
    add column post_role text not null default 'member' check (post_role in ('owner', 'moderator', 'member'));

-- A message as its readers see it: the columns of the value, and in `more` what few messages have.
create view told_messages as
select
    m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
    m.reply_to, m.thread,
    case
        when m.mentions is null and m.broadcast is null and m.to_channel is null and m.pinned_at is null
            and m.reply_count is null and m.reaction_count is null and m.sketch_id is null and m.ai is null
        then null
        else jsonb_strip_nulls(jsonb_build_object(
            'sketch_id', case when m.deleted_at is null then m.sketch_id end,
            'ai', case when m.deleted_at is null then m.ai end,
            'mentions', m.mentions,
            'broadcast', m.broadcast,
            'to_channel', m.to_channel,
            'pinned_at', to_char(m.pinned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'pinned_by', m.pinned_by,
            'reply_count', m.reply_count,
            'last_reply_seq', m.last_reply_seq,
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

-- The members of a channel behind names that stand in a text, and with `who_is_here` those of them who are online.
-- Whoever may not read the channel is not mentioned.
create function resolve_mentions(place bigint, names text[], who_is_here bigint[]) returns bigint[]
language sql stable
as $$
    select array_agg(m.user_id order by m.user_id)
    from members m
    join users u on u.id = m.user_id
    where m.channel_id = place and u.disabled_at is null and u.deleted_at is null and (
        m.user_id = any (who_is_here)
        or m.user_id in (
            select named.id
            from channels c
            join users named on named.workspace_id = c.workspace_id and named.username_key = any (names)
            where c.id = place
        )
    )
$$;

-- Takes a batch of posts for any mix of channels: judges, numbers, inserts and bumps the heads in one call.
--
-- A function and not one statement, because each statement within it sees what was committed before it began. The
-- first waits for the channels, in the order of their ids; the second then sees every removal and every post of the
-- same client_id that held them before. In one statement the old snapshot would stay, and a removed member could
-- still post. The caller puts a (channel, author, client_id) into a batch once.
--
-- The numbers come from one window over all rows: a join of the batch with itself would grow with its square, since the
-- settings allow nested loops alone. They and the one plan for all batches keep the plan from what was true when the
-- tables were empty; planning each batch took twice as long as a lone post.
--
-- What a batch has none of, like mentions and slow mode, costs it nothing.
-- mention_ords and mention_names are parallel: which post of the batch (1, 2 …) has which name in it. who_is_here is
-- for the posts whose broadcast is `here`.
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
    who_is_here bigint[]
) returns table (ord bigint, outcome text, seq bigint, created_at timestamptz, mentions bigint[])
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

    return query
    with input as (
        select
            t.*,
            hashtextextended(t.text, 0) as fingerprint
        from unnest(channel_ids, author_ids, client_ids, texts, replies_to, threads, to_channels, broadcasts)
            with ordinality as t (channel_id, author_id, client_id, text, reply_to, thread, to_channel, broadcast, ord)
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
                when m.user_id is null and (c.id is null or c.visibility = 'private') then 'not_found'
                when m.user_id is null then 'not_member'
                when earlier.fingerprint = i.fingerprint
                    and earlier.reply_to is not distinct from i.reply_to
                    and earlier.thread is not distinct from i.thread
                    and earlier.to_channel is not distinct from i.to_channel
                then 'replayed'
                when earlier.seq is not null then 'conflict'
                when c.archived_at is not null then 'archived'
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
            mentions, broadcast, to_channel
        )
        select
            n.channel_id, n.new_seq, n.author_id, n.text, n.client_id, n.fingerprint, stamp, n.reply_to, n.thread,
            n.mentioned, n.broadcast, n.to_channel
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
        n.mentioned
    from numbered n
    order by n.ord;

    if slowest > 0 then
        update members m set posted_at = stamp
        from unnest(channel_ids, author_ids, client_ids) i (channel_id, author_id, client_id)
        join messages x on x.channel_id = i.channel_id and x.author_id = i.author_id and x.client_id = i.client_id
        where m.channel_id = i.channel_id and m.user_id = i.author_id and x.created_at = stamp;
    end if;

    if array_length(array_remove(threads, null), 1) > 0 then
        perform join_threads(channel_ids, author_ids, client_ids, stamp);
    end if;
end
$$;

-- After replies in threads were posted at `stamp`: their first messages count them, and who wrote the first message,
-- replied or was mentioned follows. Who says so themselves no longer follows; being mentioned brings them back.
create function join_threads(channel_ids bigint[], author_ids bigint[], client_ids text[], stamp timestamptz) returns void
language sql
as $$
    with replies as (
        select x.channel_id, x.thread, x.seq, x.author_id, x.mentions
        from unnest(channel_ids, author_ids, client_ids) i (channel_id, author_id, client_id)
        join messages x on x.channel_id = i.channel_id and x.author_id = i.author_id and x.client_id = i.client_id
        where x.thread is not null and x.created_at = stamp
    ), counted as (
        update messages root
        set reply_count = coalesce(root.reply_count, 0) + n.number, last_reply_seq = n.last
        from (
            select channel_id, thread, count(*) as number, max(seq) as last from replies group by channel_id, thread
        ) n
        where root.channel_id = n.channel_id and root.seq = n.thread
        returning root.channel_id, root.seq, root.author_id
    ), takers as (
        select channel_id, thread, author_id as user_id, min(seq) as first_seq, true as speaks
        from replies group by channel_id, thread, author_id
        union all
        select channel_id, thread, mentioned, min(seq) - 1, true
        from replies, unnest(mentions) mentioned group by channel_id, thread, mentioned
        union all
        select channel_id, seq, author_id, seq, false from counted
    ), followers as (
        select t.channel_id, t.thread, t.user_id, min(t.first_seq) as last_read_seq, bool_or(t.speaks) as speaks
        from takers t
        join members m on m.channel_id = t.channel_id and m.user_id = t.user_id
        group by t.channel_id, t.thread, t.user_id
    )
    insert into thread_members as known (channel_id, thread, user_id, follows, last_read_seq)
    select channel_id, thread, user_id, true, last_read_seq from followers
    order by channel_id, thread, user_id
    on conflict (channel_id, thread, user_id) do update set follows = true
    where not known.follows and exists (
        select from followers f
        where f.channel_id = known.channel_id and f.thread = known.thread and f.user_id = known.user_id and f.speaks
    );
$$;

-- What a reader has not read: others' messages that stand in the channel itself, and those of them that name the reader
-- or everybody. Threads are counted apart.
create function unread_in_channel(place bigint, reader bigint, after bigint) returns table (unread bigint, mentions bigint)
language sql stable
as $$
    select count(*), count(*) filter (where x.broadcast = 'channel' or reader = any (x.mentions))
    from messages x
    where x.channel_id = place and x.seq > after and x.author_id <> reader and x.deleted_at is null
        and (x.thread is null or x.to_channel)
$$;

create function unread_in_thread(place bigint, root bigint, reader bigint, after bigint)
returns table (unread bigint, mentions bigint)
language sql stable
as $$
    select count(*), count(*) filter (where x.broadcast = 'channel' or reader = any (x.mentions))
    from messages x
    where x.channel_id = place and x.thread = root and x.seq > after and x.author_id <> reader and x.deleted_at is null
$$;
