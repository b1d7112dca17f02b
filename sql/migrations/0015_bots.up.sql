-- Bots: users without a password, who come with tokens. Their ids have a range of their own, so an author's id alone
-- tells a bot, wherever a message is read.
create sequence bot_ids as bigint minvalue 900000000000000 maxvalue 999999999999999;

create table bots (
    user_id bigint primary key references users,
    description text not null default '',
    created_by bigint not null references users
);

create table bot_tokens (
    id text primary key default 'bot-' || gen_random_uuid()::text,
    user_id bigint not null references bots,
    name text not null,
    digest bytea not null unique,
    scopes text[] not null,
    created_by bigint not null references users,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz
) with (fillfactor = 80);
comment on column bot_tokens.digest is 'SHA-256 of the token, which has 256 random bits and is shown once.';
create index bot_tokens_alive on bot_tokens (user_id) where revoked_at is null;
