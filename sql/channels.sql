-- name: insert_channel
-- $1 workspace, $2 kind, $3 name, $4 name key, $5 description, $6 visibility, $7 password hash, $8 creator, $9 user ids of a direct channel
insert into channels (workspace_id, kind, name, name_key, description, visibility, password_hash, creator_id, direct_user_ids)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
returning id;

-- name: get_channel
-- $1 workspace, $2 channel, $3 caller
select
    c.id, c.name, c.description, c.kind, c.visibility, c.password_hash is not null as has_password,
    c.creator_id, c.created_at, c.head_seq, c.member_count, c.direct_user_ids,
    c.archived_at, c.slow_seconds, c.post_role,
    m.role, m.last_read_seq, unread.unread, unread.mentions, m.notifications,
    case when m.muted_until > now() then m.muted_until end as muted_until,
    case when m.muted_until > now() then (
        select r.reason from restraints r where r.channel_id = c.id and r.user_id = m.user_id and r.kind = 'mute'
    ) end as mute_reason
from channels c
left join members m on m.channel_id = c.id and m.user_id = $3
left join lateral unread_in_channel(c.id, $3, m.last_read_seq) unread on m.user_id is not null
where c.workspace_id = $1 and c.id = $2 and c.deleted_at is null and (m.user_id is not null or c.visibility = 'public');

-- name: list_joined_channels
-- $1 workspace, $2 caller, $3 pattern for the name, $4 after this id, $5 limit
select
    c.id, c.name, c.description, c.kind, c.visibility, c.password_hash is not null as has_password,
    c.creator_id, c.created_at, c.head_seq, c.member_count, c.direct_user_ids,
    c.archived_at, c.slow_seconds, c.post_role,
    m.role, m.last_read_seq, unread.unread, unread.mentions, m.notifications,
    case when m.muted_until > now() then m.muted_until end as muted_until,
    case when m.muted_until > now() then (
        select r.reason from restraints r where r.channel_id = c.id and r.user_id = m.user_id and r.kind = 'mute'
    ) end as mute_reason
from members m
join channels c on c.id = m.channel_id and c.workspace_id = $1 and c.deleted_at is null
left join lateral unread_in_channel(c.id, $2, m.last_read_seq) unread on true
where m.user_id = $2 and m.channel_id > $4 and coalesce(c.name_key, '') like $3
order by m.channel_id
limit $5;

-- name: list_channels
-- $1 workspace, $2 caller, $3 pattern for the name, $4 after this id, $5 limit
select
    c.id, c.name, c.description, c.kind, c.visibility, c.password_hash is not null as has_password,
    c.creator_id, c.created_at, c.head_seq, c.member_count, c.direct_user_ids,
    c.archived_at, c.slow_seconds, c.post_role,
    m.role, m.last_read_seq, unread.unread, unread.mentions, m.notifications,
    case when m.muted_until > now() then m.muted_until end as muted_until,
    case when m.muted_until > now() then (
        select r.reason from restraints r where r.channel_id = c.id and r.user_id = m.user_id and r.kind = 'mute'
    ) end as mute_reason
from channels c
left join members m on m.channel_id = c.id and m.user_id = $2
left join lateral unread_in_channel(c.id, $2, m.last_read_seq) unread on m.user_id is not null
where c.workspace_id = $1
    and c.deleted_at is null
    and c.id > $4
    and (m.user_id is not null or c.visibility = 'public')
    and coalesce(c.name_key, '') like $3
order by c.id
limit $5;

-- name: find_direct
-- $1 workspace, $2 sorted user ids
select id from channels where workspace_id = $1 and direct_user_ids = $2::bigint[] and deleted_at is null;

-- name: list_standings
-- $1 workspaces, $2 channels, $3 users. A row for each three, in their order; nulls where there is no such channel.
select
    c.id as channel_id, c.kind, c.visibility, c.head_seq, m.role, c.password_hash,
    coalesce(c.post_role = 'member' or m.role in ('owner', c.post_role), false)
        and coalesce(m.muted_until, '-infinity') <= now() as may_post,
    coalesce(m.muted_until, '-infinity') > now() as is_muted
from unnest($1::bigint[], $2::bigint[], $3::bigint[])
    with ordinality as asked (workspace_id, channel_id, user_id, place)
left join channels c on c.id = asked.channel_id and c.workspace_id = asked.workspace_id and c.deleted_at is null
left join members m on m.channel_id = c.id and m.user_id = asked.user_id
order by asked.place;

-- name: lock_channel
-- $1 channel. Every change of a channel's log or membership holds this lock.
select id from channels where id = $1 and deleted_at is null for no key update;

-- name: update_channel
-- $1 channel, $2 name, $3 name key, $4 description: null leaves each as it is; $5 whether to set the password, $6 password hash
-- $7 slow mode in seconds, $8 who may post, $9 whether it is archived: null leaves each as it is
update channels
set
    name = coalesce($2, name),
    name_key = case when kind = 'channel' then coalesce($3, name_key) end,
    description = coalesce($4, description),
    password_hash = case when $5::boolean then $6 else password_hash end,
    slow_seconds = coalesce($7, slow_seconds),
    post_role = coalesce($8, post_role),
    archived_at = case when $9::boolean then coalesce(archived_at, now()) when not $9 then null else archived_at end
where id = $1
returning id;

-- name: is_name_taken
-- $1 workspace, $2 name key, $3 the channel that may have it. Only names of kind `channel` are unique.
select exists (select from channels where workspace_id = $1 and name_key = $2 and id <> $3 and deleted_at is null)
    and exists (select from channels where id = $3 and kind = 'channel');

-- name: delete_channel
-- $1 channel
update channels set deleted_at = now() where id = $1 returning id;

-- name: append_change
-- $1 channel, $2 kind, $3 actor, $4 body, $5 seq of the message that it is about
with bumped as (
    update channels set head_seq = head_seq + 1 where id = $1 returning head_seq
)
insert into changes (channel_id, seq, kind, actor_id, body, message_seq)
select $1, head_seq, $2, $3, $4, $5 from bumped
returning seq;

-- name: list_channel_heads
-- $1 channels
select id, head_seq from channels where id = any ($1::bigint[]);

-- name: insert_member
-- $1 channel, $2 user, $3 role. What was said before counts as read. For somebody with devices to be told, the channel's
-- log is looked through from now on.
with inserted as (
    insert into members (channel_id, user_id, role, last_read_seq, muted_until)
    select
        id, $2, $3, head_seq,
        (select until from restraints r where r.channel_id = $1 and r.user_id = $2 and r.kind = 'mute' and until > now())
    from channels where id = $1
    on conflict do nothing
    returning user_id
), noted as (
    insert into push_cursors (channel_id, seen_seq)
    select id, head_seq from channels
    where id = $1 and exists (select from inserted) and exists (select from push_subscriptions s where s.user_id = $2)
    on conflict do nothing
), counted as (
    update channels set member_count = member_count + 1
    where id = $1 and exists (select from inserted)
)
select user_id from inserted;

-- name: delete_member
-- $1 channel, $2 user
with deleted as (
    delete from members where channel_id = $1 and user_id = $2 returning role
), counted as (
    update channels set member_count = member_count - 1
    where id = $1 and exists (select from deleted)
)
select role from deleted;

-- name: get_role
-- $1 channel, $2 user
select role from members where channel_id = $1 and user_id = $2;

-- name: update_member
-- $1 channel, $2 user, $3 role
update members set role = $3 where channel_id = $1 and user_id = $2 and role <> $3 returning role;

-- name: count_other_owners
-- $1 channel, $2 the user not to count
select count(*) from members where channel_id = $1 and user_id <> $2 and role = 'owner';

-- name: choose_heir
-- $1 channel, $2 the owner who leaves: moderators first, then whoever has been there longest
select user_id from members
where channel_id = $1 and user_id <> $2
order by role = 'moderator' desc, joined_at, user_id
limit 1;

-- name: list_members
-- $1 channel, $2 after this user, $3 limit
select m.user_id, u.username, u.display_name, m.role, m.joined_at
from members m
join users u on u.id = m.user_id
where m.channel_id = $1 and m.user_id > $2
order by m.user_id
limit $3;

-- name: list_channels_of
-- $1 user, all but direct ones
select m.channel_id
from members m
join channels c on c.id = m.channel_id
where m.user_id = $1 and c.kind <> 'direct'
order by m.channel_id;

-- name: mark_read
-- $1 channel, $2 user, $3 seq: where the user was before and is now, and what is unread from there on
with moved as (
    update members m set last_read_seq = least($3, c.head_seq)
    from members old, channels c
    where m.channel_id = $1 and m.user_id = $2 and c.id = m.channel_id
        and old.channel_id = m.channel_id and old.user_id = m.user_id
    returning old.last_read_seq as before_seq, m.last_read_seq, c.head_seq
)
select n.before_seq, n.last_read_seq, n.head_seq, unread.unread, unread.mentions
from moved n, unread_in_channel($1, $2, n.last_read_seq) unread;

-- name: set_notifications
-- $1 channel, $2 user, $3 level; null for the usual one
update members set notifications = $3
where channel_id = $1 and user_id = $2
returning user_id;

-- name: list_shared_memberships
-- $1 channels, $2 users
select channel_id, user_id from members
where channel_id = any ($1::bigint[]) and user_id = any ($2::bigint[]);
