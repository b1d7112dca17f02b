-- Workspaces, accounts, channels and the log. Tables of channel content lead their key with channel_id, so that a
-- deployment which outgrows one PostgreSQL can distribute by it. Messages and changes carry no foreign keys: users
-- and channels are never deleted physically, and a key check would lock two more rows for each post.

create table lives (
    epoch text primary key default gen_random_uuid()::text,
    began_at timestamptz not null default now()
);
comment on table lives is 'The newest row names this life of the database; a restore from backup begins another.';
insert into lives default values;

create table workspaces (
    id bigint generated always as identity primary key,
    slug text not null unique,
    name text not null,
    created_at timestamptz not null default now()
);
insert into workspaces (slug, name) values ('default', 'Default');

create table users (
    id bigint generated always as identity primary key,
    workspace_id bigint not null references workspaces,
    username text not null,
    username_key text not null,
    display_name text not null,
    status text not null default '',
    role text not null check (role in ('admin', 'member')),
    password_hash text,
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    deleted_at timestamptz,
    head_seq bigint not null default 0,
    constraint users_username_key unique (workspace_id, username_key)
) with (fillfactor = 80);
create index users_by_workspace on users (workspace_id, id);

create table user_facts (
    user_id bigint not null references users,
    seq bigint not null,
    kind text not null,
    body jsonb not null,
    created_at timestamptz not null default now(),
    primary key (user_id, seq)
);
comment on table user_facts is 'A log of each user''s own: sessions revoked, channels opened and closed.';

create table sessions (
    id text primary key default gen_random_uuid()::text,
    user_id bigint not null references users,
    generation integer not null default 1,
    user_agent text not null default '',
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
) with (fillfactor = 80);
comment on column sessions.generation is 'The one refresh token that is valid names this number; an older one is a stolen one.';
create index sessions_alive on sessions (user_id) where revoked_at is null;

create table invites (
    id text primary key default gen_random_uuid()::text,
    workspace_id bigint not null references workspaces,
    digest bytea not null unique,
    uses_left integer not null check (uses_left >= 0),
    expires_at timestamptz not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now()
);

create table channels (
    id bigint generated always as identity primary key,
    workspace_id bigint not null references workspaces,
    kind text not null check (kind in ('channel', 'direct', 'ai')),
    name text not null,
    name_key text,
    description text not null default '',
    visibility text not null check (visibility in ('public', 'private')),
    password_hash text,
    creator_id bigint not null references users,
    direct_user_ids bigint[],
    created_at timestamptz not null default now(),
    deleted_at timestamptz,
    member_count integer not null default 0,
    head_seq bigint not null default 0
) with (fillfactor = 50);
comment on column channels.head_seq is 'The seq of the newest fact. Each post updates it: the fill factor keeps that within the page.';
create unique index channels_name_key on channels (workspace_id, name_key) where deleted_at is null;
create unique index channels_direct_key on channels (workspace_id, direct_user_ids) where deleted_at is null;

create table members (
    channel_id bigint not null references channels,
    user_id bigint not null references users,
    role text not null check (role in ('owner', 'moderator', 'member')),
    last_read_seq bigint not null default 0,
    joined_at timestamptz not null default now(),
    primary key (channel_id, user_id)
) with (fillfactor = 80);
create index members_by_user on members (user_id, channel_id);

create table messages (
    channel_id bigint not null,
    seq bigint not null,
    author_id bigint not null,
    kind text not null default 'text' check (kind in ('text', 'file', 'sketch', 'ai', 'system')),
    text text not null,
    client_id text not null,
    fingerprint bigint not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    deleted_at timestamptz,
    reply_to bigint,
    thread bigint,
    primary key (channel_id, seq)
);
comment on column messages.fingerprint is 'Hash of the text as first posted: tells a replay from another message under the same client_id.';
create unique index messages_client_id on messages (channel_id, author_id, client_id);

create table changes (
    channel_id bigint not null,
    seq bigint not null,
    kind text not null,
    actor_id bigint not null,
    message_seq bigint,
    body jsonb not null,
    created_at timestamptz not null default now(),
    primary key (channel_id, seq)
);
comment on table changes is 'Every lasting fact of a channel but the postings: with messages it makes one log without a gap.';

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
create function append_messages(
    channel_ids bigint[],
    author_ids bigint[],
    client_ids text[],
    texts text[],
    replies_to bigint[],
    threads bigint[]
) returns table (ord bigint, outcome text, seq bigint, created_at timestamptz)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    stamp timestamptz;
begin
    perform from channels c where c.id = any (channel_ids) order by c.id for no key update;
    stamp := clock_timestamp();

    return query
    with input as (
        select
            t.*,
            hashtextextended(t.text, 0) as fingerprint
        from unnest(channel_ids, author_ids, client_ids, texts, replies_to, threads)
            with ordinality as t (channel_id, author_id, client_id, text, reply_to, thread, ord)
    ), judged as (
        select
            i.*,
            c.head_seq,
            earlier.seq as earlier_seq,
            earlier.created_at as earlier_created_at,
            case
                when m.user_id is null and (c.id is null or c.visibility = 'private') then 'not_found'
                when m.user_id is null then 'not_member'
                when earlier.fingerprint = i.fingerprint
                    and earlier.reply_to is not distinct from i.reply_to
                    and earlier.thread is not distinct from i.thread
                then 'replayed'
                when earlier.seq is not null then 'conflict'
                when i.reply_to is not null and not exists (
                    select from messages r
                    where r.channel_id = i.channel_id and r.seq = i.reply_to and r.deleted_at is null
                ) then 'no_reply_to'
                when i.thread is not null and not exists (
                    select from messages r
                    where r.channel_id = i.channel_id and r.seq = i.thread and r.thread is null
                ) then 'no_thread'
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
            j.head_seq + count(*) filter (where j.verdict = 'posted')
                over (partition by j.channel_id order by j.ord) as new_seq
        from judged j
    ), inserted as (
        insert into messages (channel_id, seq, author_id, text, client_id, fingerprint, created_at, reply_to, thread)
        select n.channel_id, n.new_seq, n.author_id, n.text, n.client_id, n.fingerprint, stamp, n.reply_to, n.thread
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
        case when n.verdict = 'posted' then stamp else n.earlier_created_at end
    from numbered n
    order by n.ord;
end
$$;
