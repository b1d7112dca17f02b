-- name: has_thread
-- $1 channel, $2 seq of a thread's first message
select exists (select from messages where channel_id = $1 and seq = $2 and thread is null);

-- name: list_thread
-- $1 channel, $2 seq of its first message, $3 after this seq, $4 limit: the first message, then the replies
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
from told_messages
where channel_id = $1 and (seq = $2 or thread = $2) and seq > $3
order by seq
limit $4;

-- name: follow_thread
-- $1 channel, $2 thread, $3 user, $4 whether to follow. What was said before counts as read.
insert into thread_members (channel_id, thread, user_id, follows, last_read_seq)
select $1, $2, m.user_id, $4, c.head_seq
from members m
join channels c on c.id = m.channel_id
where m.channel_id = $1 and m.user_id = $3
on conflict (channel_id, thread, user_id) do update set follows = excluded.follows
returning follows;

-- name: mark_thread_read
-- $1 channel, $2 thread, $3 user, $4 seq: where the user was before and is now, and what is unread from there on
with place as (
    select m.user_id, c.head_seq, least($4, c.head_seq) as seq, coalesce(old.last_read_seq, 0) as before_seq
    from members m
    join channels c on c.id = m.channel_id
    left join thread_members old on old.channel_id = m.channel_id and old.thread = $2 and old.user_id = m.user_id
    where m.channel_id = $1 and m.user_id = $3
), moved as (
    insert into thread_members (channel_id, thread, user_id, follows, last_read_seq)
    select $1, $2, user_id, false, seq from place
    on conflict (channel_id, thread, user_id) do update set last_read_seq = excluded.last_read_seq
)
select p.before_seq, p.seq as last_read_seq, p.head_seq, unread.unread, unread.mentions
from place p, unread_in_thread($1, $2, $3, p.seq) unread;

-- name: list_threads
-- $1 workspace, $2 user, $3 whether only those with something unread, $4 offset, $5 limit, $6 channel or null,
-- $7 thread or null: the last reply first
select
    t.last_read_seq, unread.unread, unread.mentions,
    root.channel_id, root.seq, root.author_id, root.kind, root.text, root.client_id, root.created_at, root.edited_at,
    root.deleted_at, root.reply_to, root.thread, root.more
from thread_members t
join members m on m.channel_id = t.channel_id and m.user_id = t.user_id
join channels c on c.id = t.channel_id and c.workspace_id = $1 and c.deleted_at is null
join told_messages root on root.channel_id = t.channel_id and root.seq = t.thread
join messages counts on counts.channel_id = t.channel_id and counts.seq = t.thread
left join messages latest on latest.channel_id = t.channel_id and latest.seq = counts.last_reply_seq
cross join lateral unread_in_thread(t.channel_id, t.thread, t.user_id, t.last_read_seq) unread
where t.user_id = $2 and t.follows and (not $3::boolean or unread.unread > 0)
    and t.channel_id = coalesce($6::bigint, t.channel_id) and t.thread = coalesce($7::bigint, t.thread)
order by coalesce(latest.created_at, root.created_at) desc, t.channel_id, t.thread
offset $4
limit $5;
