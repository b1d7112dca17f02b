-- name: put_restraint
-- $1 channel, $2 user, $3 kind, $4 for so many hours; null for ever, $5 why, $6 by whom
insert into restraints (channel_id, user_id, kind, until, reason, created_by)
values ($1, $2, $3, coalesce(now() + $4::integer * interval '1 hour', timestamptz '9999-12-31 00:00:00Z'), $5, $6)
on conflict (channel_id, user_id, kind) do update
set until = excluded.until, reason = excluded.reason, created_by = excluded.created_by, created_at = now()
returning until;

-- name: delete_restraint
-- $1 channel, $2 user, $3 kind
delete from restraints where channel_id = $1 and user_id = $2 and kind = $3 and until > now() returning user_id;

-- name: list_restraints
-- $1 channel, $2 kind, $3 after this user, $4 limit: those that still hold
select user_id, until, reason, created_by, created_at
from restraints
where channel_id = $1 and kind = $2 and until > now() and user_id > $3
order by user_id
limit $4;

-- name: get_ban
-- $1 channel, $2 user
select until, reason from restraints where channel_id = $1 and user_id = $2 and kind = 'ban' and until > now();

-- name: set_muted
-- $1 channel, $2 user, $3 until when; null for not at all
update members set muted_until = $3 where channel_id = $1 and user_id = $2 returning user_id;

-- name: ban_user
-- $1 workspace, $2 user, $3 for so many hours; null for ever, $4 why and by whom
update users
set banned_until = coalesce(now() + $3::integer * interval '1 hour', timestamptz '9999-12-31 00:00:00Z'), ban = $4
where workspace_id = $1 and id = $2 and deleted_at is null and role <> 'admin'
returning banned_until;

-- name: unban_user
-- $1 workspace, $2 user
update users set banned_until = null, ban = null
where workspace_id = $1 and id = $2 and banned_until > now()
returning id;

-- name: list_banned_users
-- $1 workspace, $2 after this id, $3 limit
select
    id as user_id, banned_until as until, ban ->> 'reason' as reason, (ban ->> 'by')::bigint as created_by,
    (ban ->> 'at')::timestamptz as created_at
from users
where workspace_id = $1 and banned_until > now() and deleted_at is null and id > $2
order by id
limit $3;

-- name: hide_message
-- $1 channel, $2 seq, $3 by whom
with kept as (
    insert into hidden_messages (channel_id, message_seq, text, mentions, broadcast)
    select channel_id, seq, text, mentions, broadcast from messages where channel_id = $1 and seq = $2
)
update messages
set text = '', mentions = null, broadcast = null, hidden_at = clock_timestamp(), hidden_by = $3
where channel_id = $1 and seq = $2
returning hidden_at;

-- name: show_message
-- $1 channel, $2 seq
with kept as (
    delete from hidden_messages where channel_id = $1 and message_seq = $2 returning text, mentions, broadcast
)
update messages m
set text = kept.text, mentions = kept.mentions, broadcast = kept.broadcast, hidden_at = null, hidden_by = null
from kept
where m.channel_id = $1 and m.seq = $2
returning m.seq;

-- name: list_hidden
-- $1 channel, $2 seqs
select message_seq, text from hidden_messages where channel_id = $1 and message_seq = any ($2::bigint[]);

-- name: insert_report
-- $1 channel, $2 seq of the message, $3 who reports, $4 reason, $5 note. Nothing, where they did before.
insert into reports (channel_id, message_seq, reporter_id, reason, note)
select channel_id, seq, $3, $4, $5 from messages where channel_id = $1 and seq = $2 and deleted_at is null
on conflict do nothing
returning channel_id, id, message_seq, reporter_id, reason, note, created_at, state, resolved_by, resolved_at, resolution;

-- name: get_report
-- $1 channel, $2 seq of the message, $3 who reported
select channel_id, id, message_seq, reporter_id, reason, note, created_at, state, resolved_by, resolved_at, resolution
from reports where channel_id = $1 and message_seq = $2 and reporter_id = $3;

-- name: list_reports
-- $1 workspace, $2 channel; null for all, $3 state; null for any, $4 before this id, $5 limit
select
    r.channel_id, r.id, r.message_seq, r.reporter_id, r.reason, r.note, r.created_at, r.state, r.resolved_by,
    r.resolved_at, r.resolution
from reports r
join channels c on c.id = r.channel_id and c.deleted_at is null
where c.workspace_id = $1 and ($2::bigint is null or r.channel_id = $2) and ($3::text is null or r.state = $3)
    and r.id < $4
order by r.id desc
limit $5;

-- name: resolve_report
-- $1 channel, $2 report, $3 state, $4 note, $5 by whom
update reports
set state = $3, resolution = $4, resolved_by = case when $3 <> 'open' then $5::bigint end,
    resolved_at = case when $3 <> 'open' then now() end
where channel_id = $1 and id = $2
returning channel_id, id, message_seq, reporter_id, reason, note, created_at, state, resolved_by, resolved_at, resolution;

-- name: list_moderators
-- $1 channel: those who shall hear of a report
select user_id from members where channel_id = $1 and role <> 'member' order by user_id limit 50;
