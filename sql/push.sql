-- name: keep_push_key
-- $1 a private key, for the case that there is none yet
insert into push_keys (private_key) values ($1) on conflict do nothing;

-- name: get_push_key
select private_key from push_keys;

-- name: is_session_alive
-- $1 session, $2 its user
select exists (
    select from sessions where id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
);

-- name: release_push_endpoint
-- $1 endpoint, $2 user: a browser belongs to whoever signed in last
delete from push_subscriptions where endpoint = $1 and user_id <> $2;

-- name: count_push_subscriptions
-- $1 user, $2 the endpoint not to count
select count(*) from push_subscriptions where user_id = $1 and endpoint <> $2;

-- name: put_push_subscription
-- $1 user, $2 session, $3 endpoint, $4 the browser's key, $5 its secret, $6 whether notices show the text
-- The user's channels are looked through from now on.
with noted as (
    insert into push_cursors (channel_id, seen_seq)
    select c.id, c.head_seq from members m join channels c on c.id = m.channel_id where m.user_id = $1
    order by c.id
    on conflict do nothing
)
insert into push_subscriptions (user_id, session_id, endpoint, p256dh, auth, shows_text)
values ($1, $2, $3, $4, $5, $6)
on conflict (endpoint) do update set
    session_id = excluded.session_id,
    p256dh = excluded.p256dh,
    auth = excluded.auth,
    shows_text = excluded.shows_text,
    failures = 0
returning id, endpoint, session_id, created_at, shows_text, xmax = 0 as is_new;

-- name: list_push_subscriptions
-- $1 user
select s.id, s.endpoint, s.session_id, s.created_at, s.shows_text
from push_subscriptions s
join sessions l on l.id = s.session_id and l.revoked_at is null and l.expires_at > now()
where s.user_id = $1
order by s.created_at, s.id;

-- name: delete_push_subscription
-- $1 user, $2 subscription
delete from push_subscriptions where user_id = $1 and id = $2 returning id;

-- name: drop_push_subscription
-- $1 subscription, whose push service says that it is gone
delete from push_subscriptions where id = $1 returning id;

-- name: list_push_news
-- $1 limit: channels whose log nobody has looked through, because whoever wrote there died before
select p.channel_id
from push_cursors p
join channels c on c.id = p.channel_id and c.deleted_at is null and c.head_seq > p.seen_seq
limit $1;

-- name: note_calls
-- $1 channels. Whose devices may have to be told of what is new there; exactly once for each fact, since the cursor moves
-- with it. What is more than a thousand facts old calls nobody. It may note too much: list_calls decides.
with places as (
    select p.channel_id, p.seen_seq, c.head_seq, c.kind
    from push_cursors p
    join channels c on c.id = p.channel_id and c.deleted_at is null and c.head_seq > p.seen_seq
    where p.channel_id = any ($1::bigint[])
    order by p.channel_id
    for update of p
), moved as (
    update push_cursors p set seen_seq = greatest(p.seen_seq, n.head_seq)
    from places n
    where p.channel_id = n.channel_id
), news as (
    select
        x.channel_id, x.author_id, x.thread, x.mentions, x.broadcast,
        x.thread is null or coalesce(x.to_channel, false) as stands
    from places n
    join messages x
        on x.channel_id = n.channel_id and x.seq > greatest(n.seen_seq, n.head_seq - 1000) and x.seq <= n.head_seq
    where x.kind not in ('ai', 'system') and x.deleted_at is null and x.hidden_at is null
), readers as (
    select
        n.channel_id, n.seen_seq, n.head_seq, m.user_id,
        coalesce(m.notifications, case n.kind when 'direct' then 'all' else 'mentions' end) as level
    from places n
    join members m on m.channel_id = n.channel_id
    where exists (select from push_subscriptions s where s.user_id = m.user_id)
)
insert into pushes as known (channel_id, subscription_id, after_seq, until_seq)
select r.channel_id, s.id, r.seen_seq, r.head_seq
from readers r
join push_subscriptions s on s.user_id = r.user_id
where exists (
    select from news x
    where x.channel_id = r.channel_id and x.author_id <> r.user_id
        and calls_for(
            r.user_id, r.level, x.mentions, x.broadcast, x.stands,
            exists (
                select from thread_members t
                where t.channel_id = x.channel_id and t.thread = x.thread and t.user_id = r.user_id and t.follows
            )
        )
)
order by r.channel_id, s.id
on conflict (channel_id, subscription_id) do update set
    until_seq = greatest(known.until_seq, excluded.until_seq),
    after_seq = case when known.next_at = 'infinity' then excluded.after_seq else known.after_seq end,
    attempts = case when known.next_at = 'infinity' then 0 else known.attempts end,
    next_at = case when known.next_at = 'infinity' then now() else known.next_at end;

-- name: claim_pushes
-- $1 who claims, $2 for how long, $3 how many
with due as (
    select channel_id, subscription_id
    from pushes
    where next_at <= now() and next_at < 'infinity'
    order by next_at
    limit $3
    for update skip locked
)
update pushes p set lease_owner = $1, next_at = now() + $2::interval
from due
where p.channel_id = due.channel_id and p.subscription_id = due.subscription_id
returning p.channel_id, p.subscription_id, p.after_seq, p.until_seq, p.attempts;

-- name: list_calls
-- $1 channels, $2 subscriptions, $3 after which seqs, $4 up to which. Of each the newest message that calls the reader, as
-- it is at this moment: unread, there to be seen, and in a channel that they are in. No row where there is none.
select
    asked.channel_id, asked.subscription_id, s.user_id, s.endpoint, s.p256dh, s.auth, s.shows_text,
    u.do_not_disturb, c.kind as channel_kind, c.name as channel_name, x.seq, case when not x.stands then x.thread end as thread,
    x.kind, x.text, x.created_at,
    coalesce(x.via ->> 'name', a.display_name, '') as author_name,
    c.kind = 'direct' or coalesce(x.broadcast = 'channel', false) or coalesce(u.id = any (x.mentions), false) as is_urgent
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[])
    as asked (channel_id, subscription_id, after_seq, until_seq)
join push_subscriptions s on s.id = asked.subscription_id
join sessions l on l.id = s.session_id and l.revoked_at is null and l.expires_at > now()
join users u on u.id = s.user_id and u.disabled_at is null and u.deleted_at is null
    and coalesce(u.banned_until, '-infinity') <= now()
join channels c on c.id = asked.channel_id and c.workspace_id = u.workspace_id and c.deleted_at is null
join members m on m.channel_id = c.id and m.user_id = u.id
cross join lateral (
    select f.seq, f.author_id, f.thread, f.kind, f.text, f.created_at, f.via, f.mentions, f.broadcast, f.stands
    from (
        select y.*, y.thread is null or coalesce(y.to_channel, false) as stands
        from messages y
        where y.channel_id = c.id and y.seq > asked.after_seq and y.seq <= asked.until_seq
    ) f
    left join thread_members t on t.channel_id = f.channel_id and t.thread = f.thread and t.user_id = u.id
    where f.author_id <> u.id and f.kind not in ('ai', 'system') and f.deleted_at is null and f.hidden_at is null
        and f.seq > case when f.stands then m.last_read_seq else coalesce(t.last_read_seq, 0) end
        and calls_for(
            u.id,
            coalesce(m.notifications, case c.kind when 'direct' then 'all' else 'mentions' end),
            f.mentions, f.broadcast, f.stands, coalesce(t.follows, false)
        )
    order by f.seq desc
    limit 1
) x
left join users a on a.id = x.author_id;

-- name: finish_pushes
-- $1 channels, $2 subscriptions, $3 up to which seqs they are done, $4 who holds the lease. Those for which more has come
-- meanwhile are due at once.
update pushes p
set
    after_seq = done.until_seq,
    attempts = 0,
    lease_owner = null,
    next_at = case when p.until_seq > done.until_seq then now() else 'infinity' end
from unnest($1::bigint[], $2::text[], $3::bigint[]) as done (channel_id, subscription_id, until_seq)
where p.channel_id = done.channel_id and p.subscription_id = done.subscription_id and p.lease_owner = $4
returning p.channel_id;

-- name: postpone_pushes
-- $1 channels, $2 subscriptions, $3 after how long each is due again, $4 whether that counts as a try, $5 who holds the lease
update pushes p
set attempts = p.attempts + case when $4::boolean then 1 else 0 end, lease_owner = null, next_at = now() + later.pause
from unnest($1::bigint[], $2::text[], $3::interval[]) as later (channel_id, subscription_id, pause)
where p.channel_id = later.channel_id and p.subscription_id = later.subscription_id and p.lease_owner = $5
returning p.channel_id;

-- name: count_push_failure
-- $1 subscription, $2 how many in a row are too many: it is dropped then
with failed as (
    update push_subscriptions set failures = failures + 1 where id = $1 and failures + 1 < $2 returning id
)
delete from push_subscriptions where id = $1 and failures + 1 >= $2 returning id;

-- name: count_push_success
-- $1 subscription
update push_subscriptions set failures = 0 where id = $1 and failures > 0 returning id;

-- name: sweep_pushes
-- What is done, and the devices of sessions that ran out.
with done as (
    delete from pushes where next_at = 'infinity'
)
delete from push_subscriptions s
where exists (
    select from sessions l where l.id = s.session_id and (l.revoked_at is not null or l.expires_at <= now())
);
