-- Notices for devices on which no page is open: where each is reached, which channels have news for whom, and how far the
-- log was looked through. What a notice says is read when it is sent, so none says what its reader may no longer read.
create table push_keys (
    is_only boolean primary key default true check (is_only),
    private_key bytea not null,
    made_at timestamptz not null default now()
);
comment on table push_keys is 'The one pair of keys that every subscription was made for. It lives and is restored with them.';

create table push_subscriptions (
    id text primary key default gen_random_uuid()::text,
    user_id bigint not null references users,
    session_id text not null references sessions,
    endpoint text not null unique,
    p256dh bytea not null,
    auth bytea not null,
    shows_text boolean not null,
    created_at timestamptz not null default now(),
    failures integer not null default 0
) with (fillfactor = 80);
comment on column push_subscriptions.failures is 'Notices given up since the last one that was taken.';
create index push_subscriptions_by_user on push_subscriptions (user_id);
create index push_subscriptions_by_session on push_subscriptions (session_id);

create table push_cursors (
    channel_id bigint primary key references channels,
    seen_seq bigint not null
) with (fillfactor = 50);
comment on table push_cursors is 'Of channels that a subscriber is or was in: up to where it was noted whom the log calls.';

create table pushes (
    channel_id bigint not null,
    subscription_id text not null references push_subscriptions on delete cascade,
    after_seq bigint not null,
    until_seq bigint not null,
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    lease_owner text,
    primary key (channel_id, subscription_id)
) with (fillfactor = 80);
comment on table pushes is 'Something between these seqs may call somebody. Whoever works on it has moved next_at to the end of its lease.';
create index pushes_due on pushes (next_at) where next_at < 'infinity';
create index pushes_by_subscription on pushes (subscription_id);

-- The one rule of what calls somebody, by their level for the channel. `stands`: in the channel itself, not only in a
-- thread; `follows`: the reader follows that thread.
create function calls_for(
    reader bigint, level text, mentions bigint[], broadcast text, stands boolean, follows boolean
) returns boolean
language sql immutable
as $$
    select level <> 'none' and (
        coalesce(broadcast = 'channel', false)
        or coalesce(reader = any (mentions), false)
        or case when stands then level = 'all' else follows end
    )
$$;
