-- name: insert_bot
-- $1 workspace, $2 username, $3 username key, $4 display name, $5 description, $6 who made it
with made as (
    insert into users (id, workspace_id, username, username_key, display_name, role)
    overriding system value
    values (nextval('bot_ids'), $1, $2, $3, $4, 'member')
    returning id, username, display_name, created_at
), described as (
    insert into bots (user_id, description, created_by) select id, $5, $6 from made
)
select id, username, display_name, $5::text as description, $6::bigint as created_by, created_at, false as disabled
from made;

-- name: list_bots
-- $1 workspace, $2 after this id, $3 limit
select u.id, u.username, u.display_name, b.description, b.created_by, u.created_at, u.disabled_at is not null as disabled
from bots b
join users u on u.id = b.user_id
where u.workspace_id = $1 and u.deleted_at is null and u.id > $2
order by u.id
limit $3;

-- name: is_bot
-- $1 workspace, $2 user
select exists (
    select from bots b join users u on u.id = b.user_id
    where u.workspace_id = $1 and u.id = $2 and u.deleted_at is null
);

-- name: insert_bot_token
-- $1 bot, $2 name, $3 digest, $4 scopes, $5 who made it, $6 when it runs out; null for never
insert into bot_tokens (user_id, name, digest, scopes, created_by, expires_at)
values ($1, $2, $3, $4, $5, $6)
returning id, name, scopes, created_by, created_at, last_used_at, expires_at;

-- name: list_bot_tokens
-- $1 bot
select id, name, scopes, created_by, created_at, last_used_at, expires_at
from bot_tokens
where user_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())
order by created_at desc, id
limit 200;

-- name: count_bot_tokens
-- $1 bot
select count(*) from bot_tokens
where user_id = $1 and revoked_at is null and (expires_at is null or expires_at > now());

-- name: revoke_bot_token
-- $1 bot, $2 token's id
update bot_tokens set revoked_at = now() where user_id = $1 and id = $2 and revoked_at is null returning id;

-- name: find_bot_token
-- $1 digest. That it was used is written down once a minute.
with found as (
    select t.id, t.user_id, t.scopes, t.expires_at, t.last_used_at, u.workspace_id, u.head_seq
    from bot_tokens t
    join users u on u.id = t.user_id and u.disabled_at is null and u.deleted_at is null
        and coalesce(u.banned_until, '-infinity') <= now()
    where t.digest = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
), touched as (
    update bot_tokens set last_used_at = now()
    where id in (select id from found where last_used_at is null or last_used_at < now() - interval '1 minute')
)
select id, user_id, workspace_id, scopes, head_seq, expires_at from found;
