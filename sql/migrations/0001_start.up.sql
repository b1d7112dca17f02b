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
