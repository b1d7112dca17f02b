-- name: get_workspace
-- $1 slug
select id from workspaces where slug = $1;

-- name: get_epoch
select epoch from lives order by began_at desc limit 1;

-- name: insert_user
-- $1 workspace, $2 username, $3 username key, $4 display name, $5 password hash, $6 role
insert into users (workspace_id, username, username_key, display_name, password_hash, role)
values ($1, $2, $3, $4, $5, $6)
returning id, username, display_name, role, created_at, status, false as disabled, false as deleted;

-- name: has_username
-- $1 workspace, $2 username key
select exists (select from users where workspace_id = $1 and username_key = $2);

-- name: has_users
-- $1 workspace
select exists (select from users where workspace_id = $1);

-- name: lock_workspace
-- $1 workspace
select id from workspaces where id = $1 for no key update;

-- name: get_credentials
-- $1 workspace, $2 username key
select id, password_hash from users
where workspace_id = $1 and username_key = $2 and disabled_at is null and deleted_at is null
    and coalesce(banned_until, '-infinity') <= now();

-- name: get_password
-- $1 user
select password_hash from users where id = $1 and deleted_at is null;

-- name: get_user
-- $1 workspace, $2 user
select id, username, display_name, role, created_at, status, disabled_at is not null as disabled, deleted_at is not null as deleted
from users where workspace_id = $1 and id = $2;

-- name: list_users_asked
-- $1 workspaces, $2 users. A row for each, in their order; nulls where there is no such user.
select u.id, u.username, u.display_name, u.role, u.created_at, u.status, u.disabled_at is not null as disabled, u.deleted_at is not null as deleted
from unnest($1::bigint[], $2::bigint[]) with ordinality as asked (workspace_id, user_id, place)
left join users u on u.id = asked.user_id and u.workspace_id = asked.workspace_id
order by asked.place;

-- name: list_users
-- $1 workspace, $2 pattern for username or display name, $3 after this id, $4 limit
select id, username, display_name, role, created_at, status, disabled_at is not null as disabled, deleted_at is not null as deleted
from users
where workspace_id = $1
    and deleted_at is null
    and id > $3
    and (username_key like $2 or lower(display_name) like $2)
order by id
limit $4;

-- name: update_me
-- $1 user, $2 display name, $3 status: null leaves each as it is
update users
set
    display_name = coalesce($2, display_name),
    status = coalesce($3, status)
where id = $1 and deleted_at is null
returning id, username, display_name, role, created_at, status, disabled_at is not null as disabled, deleted_at is not null as deleted;

-- name: set_password
-- $1 user, $2 password hash
update users set password_hash = $2 where id = $1 and deleted_at is null returning id;

-- name: update_user
-- $1 workspace, $2 user, $3 role, $4 disabled: null leaves each as it is
update users
set
    role = coalesce($3, role),
    disabled_at = case $4::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end
where workspace_id = $1 and id = $2 and deleted_at is null
returning id, username, display_name, role, created_at, status, disabled_at is not null as disabled, deleted_at is not null as deleted;

-- name: delete_user
-- $1 workspace, $2 user. The key has a space, which no username may have: it collides with nobody's.
update users
set
    username = 'deleted user',
    username_key = 'deleted user ' || id,
    display_name = 'deleted user',
    status = '',
    role = 'member',
    password_hash = null,
    deleted_at = now()
where workspace_id = $1 and id = $2 and deleted_at is null
returning id;

-- name: count_other_admins
-- $1 workspace, $2 the user not to count
select count(*) from users
where workspace_id = $1 and id <> $2 and role = 'admin' and disabled_at is null and deleted_at is null;

-- name: append_user_fact
-- $1 user, $2 kind, $3 body
with bumped as (
    update users set head_seq = head_seq + 1 where id = $1 returning head_seq
)
insert into user_facts (user_id, seq, kind, body)
select $1, head_seq, $2, $3 from bumped
returning seq;

-- name: list_user_facts
-- $1 user, $2 after this seq, $3 limit
select seq, kind, body from user_facts where user_id = $1 and seq > $2 order by seq limit $3;

-- name: list_user_heads
-- $1 users
select id, head_seq from users where id = any ($1::bigint[]);

-- name: lock_user
-- $1 user. Every end of sessions holds this lock, and takes it before those of the sessions.
select id from users where id = $1 for no key update;

-- name: insert_session
-- $1 user, $2 user agent, $3 when it runs out, $4 the password hash that was checked. Waits for a change of the
-- password that is under way, and then sees it: who signs in with the old one meanwhile gets nothing.
insert into sessions (user_id, user_agent, expires_at)
select id, $2, $3 from users
where id = $1 and password_hash = $4 and disabled_at is null and deleted_at is null
    and coalesce(banned_until, '-infinity') <= now()
for share
returning id;

-- name: list_actors
-- $1 sessions, $2 their users. A row for each, in their order; nulls where the session is over or the user may not sign in.
select u.workspace_id, u.role, u.head_seq
from unnest($1::text[], $2::bigint[]) with ordinality as asked (session_id, user_id, place)
left join sessions s on s.id = asked.session_id
    and s.user_id = asked.user_id
    and s.revoked_at is null
    and s.expires_at > now()
left join users u on u.id = s.user_id and u.disabled_at is null and u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now()
order by asked.place;

-- name: rotate_session
-- $1 session, $2 generation of the refresh token, $3 when it runs out, $4 user agent
update sessions
set generation = generation + 1, last_used_at = now(), expires_at = $3, user_agent = $4
where id = $1 and generation = $2 and revoked_at is null and expires_at > now()
    and exists (select from users u where u.id = user_id and u.disabled_at is null and u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now())
returning user_id;

-- name: revoke_session
-- $1 session, $2 user. With it its devices go: they are told of nothing more.
with ended as (
    update sessions set revoked_at = now() where id = $1 and user_id = $2 and revoked_at is null returning id
), dropped as (
    delete from push_subscriptions where session_id in (select id from ended)
)
select id from ended;

-- name: revoke_sessions
-- $1 user. With them their devices go: they are told of nothing more.
with ended as (
    update sessions set revoked_at = now() where user_id = $1 and revoked_at is null returning id
), dropped as (
    delete from push_subscriptions where session_id in (select id from ended)
)
select id from ended;

-- name: revoke_other_sessions
-- $1 user, $2 the session to keep. With them their devices go: they are told of nothing more.
with ended as (
    update sessions set revoked_at = now() where user_id = $1 and id <> $2 and revoked_at is null returning id
), dropped as (
    delete from push_subscriptions where session_id in (select id from ended)
)
select id from ended;

-- name: list_sessions
-- $1 user
select id as session_id, created_at, last_used_at, user_agent
from sessions
where user_id = $1 and revoked_at is null and expires_at > now()
order by last_used_at desc, id
limit 200;

-- name: insert_invite
-- $1 workspace, $2 digest, $3 uses, $4 when it runs out, $5 who made it
insert into invites (workspace_id, digest, uses_left, expires_at, created_by)
values ($1, $2, $3, $4, $5)
returning id, uses_left, expires_at, created_by;

-- name: list_invites
-- $1 workspace
select id, uses_left, expires_at, created_by
from invites
where workspace_id = $1 and uses_left > 0 and expires_at > now()
order by created_at desc, id
limit 200;

-- name: use_invite
-- $1 workspace, $2 digest
update invites set uses_left = uses_left - 1
where workspace_id = $1 and digest = $2 and uses_left > 0 and expires_at > now()
returning id;

-- name: delete_invite
-- $1 workspace, $2 invite
delete from invites where workspace_id = $1 and id = $2 returning id;

-- name: prune_user_facts
-- $1 user, $2 up to this seq. Nobody resumes a log of a user's own: only open sockets read it, and none is behind for a day.
delete from user_facts where user_id = $1 and seq <= $2 and created_at < now() - interval '1 day';

-- name: get_do_not_disturb
-- $1 user
select do_not_disturb from users where id = $1;

-- name: set_do_not_disturb
-- $1 user, $2 hours; null for none
update users set do_not_disturb = $2 where id = $1 returning id;
