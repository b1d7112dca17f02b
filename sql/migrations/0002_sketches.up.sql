-- Sketches: what they are, the log of each, and what hangs on them. All keys lead with channel_id, as all content's do.

create table sketches (
    channel_id bigint not null references channels,
    id bigint generated always as identity,
    title text not null,
    profile text not null check (profile in ('sketch', 'generic')),
    epoch bigint not null default 1,
    head_seq bigint not null default 0,
    creator_id bigint not null,
    message_seq bigint,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (channel_id, id)
) with (fillfactor = 50);
comment on column sketches.epoch is 'Another one after the document was written anew: edits made on the old one would double it.';
comment on column sketches.head_seq is 'The seq of the newest row of sketch_updates, also when a snapshot has taken its place.';
create index sketches_by_id on sketches (id);

create table sketch_updates (
    channel_id bigint not null,
    sketch_id bigint not null,
    seq bigint not null,
    update bytea not null,
    author_id bigint,
    created_at timestamptz not null default now(),
    primary key (channel_id, sketch_id, seq)
);
comment on column sketch_updates.author_id is 'Null where several people''s edits share a commit, or the server''s own.';
alter table sketch_updates alter column update set storage external;

create table sketch_snapshots (
    channel_id bigint not null,
    sketch_id bigint not null,
    seq bigint not null,
    state bytea not null,
    created_at timestamptz not null default now(),
    primary key (channel_id, sketch_id)
);
comment on table sketch_snapshots is 'The whole document as it was at seq; the updates up to there are gone.';

create table sketch_versions (
    channel_id bigint not null,
    sketch_id bigint not null,
    number bigint not null,
    label text not null,
    seq bigint not null,
    state bytea not null,
    author_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (channel_id, sketch_id, number)
);

create table sketch_links (
    channel_id bigint not null,
    sketch_id bigint not null,
    id bigint generated always as identity,
    digest bytea not null,
    author_id bigint not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (channel_id, sketch_id, id)
);
comment on table sketch_links is 'Whoever has the token may look. Only its digest is kept.';
create index sketch_links_by_digest on sketch_links (digest) where revoked_at is null;

create table sketch_comments (
    channel_id bigint not null,
    sketch_id bigint not null,
    id bigint generated always as identity,
    thread bigint,
    element_id text,
    text text not null,
    author_id bigint not null,
    created_at timestamptz not null default now(),
    resolved_at timestamptz,
    deleted_at timestamptz,
    primary key (channel_id, sketch_id, id)
);
comment on column sketch_comments.thread is 'The comment that this one answers; null for the first one of a thread, which names the element.';

create table sketch_quarantine (
    channel_id bigint not null,
    sketch_id bigint not null,
    id bigint generated always as identity,
    update bytea not null,
    author_id bigint,
    error text not null,
    created_at timestamptz not null default now(),
    primary key (channel_id, sketch_id, id)
);
comment on table sketch_quarantine is 'Updates that passed every check and still broke the document library; they took part in nothing.';

create table sketch_settings (
    channel_id bigint primary key references channels,
    allows_generic boolean not null
);

alter table messages add column sketch_id bigint;
