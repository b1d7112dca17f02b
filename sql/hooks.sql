-- name: insert_incoming_hook
-- $1 channel, $2 name, $3 digest of the secret, $4 whether it may address everybody, $5 who made it
insert into incoming_hooks (channel_id, name, digest, may_broadcast, created_by)
values ($1, $2, $3, $4, $5)
returning channel_id, id, name, may_broadcast, created_by, created_at, last_used_at;

-- name: list_incoming_hooks
-- $1 channel
select channel_id, id, name, may_broadcast, created_by, created_at, last_used_at
from incoming_hooks where channel_id = $1 order by id;

-- name: update_incoming_hook
-- $1 channel, $2 hook, $3 name, $4 whether it may address everybody, $5 digest of a new secret: null leaves each as it is
update incoming_hooks
set name = coalesce($3, name), may_broadcast = coalesce($4, may_broadcast), digest = coalesce($5, digest)
where channel_id = $1 and id = $2
returning channel_id, id, name, may_broadcast, created_by, created_at, last_used_at;

-- name: delete_incoming_hook
-- $1 channel, $2 hook
delete from incoming_hooks where channel_id = $1 and id = $2 returning id;

-- name: find_incoming_hook
-- $1 digest of a secret
select h.channel_id, h.id, h.name, h.may_broadcast, h.created_by, h.created_at, h.last_used_at
from incoming_hooks h
join channels c on c.id = h.channel_id and c.deleted_at is null
where h.digest = $1;

-- name: count_hooks
-- $1 channel: of both kinds
select (select count(*) from incoming_hooks where channel_id = $1)
    + (select count(*) from outgoing_hooks where channel_id = $1);

-- name: post_by_program
-- $1 channel, $2 author, $3 client id, $4 text, $5 via, $6 keys of the names in it, $7 broadcast, $8 who is here
-- $9 the message that it replies to, $10 whether slow mode holds it up
select outcome, seq, due_at from post_by_program($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: insert_outgoing_hook
-- $1 channel, $2 name, $3 URL, $4 secret, $5 events, $6 triggers, $7 who made it. It is told what comes from now on.
insert into outgoing_hooks (channel_id, name, url, secret, events, triggers, created_by, cursor_seq)
select id, $2, $3, $4, $5, $6, $7, head_seq from channels where id = $1
returning channel_id, id, name, url, events, triggers, created_by, created_at, cursor_seq, 0::bigint as waiting,
    attempts, failing_since, last_error, disabled_at;

-- name: list_outgoing_hooks
-- $1 channel, $2 hook; null for all
select
    h.channel_id, h.id, h.name, h.url, h.events, h.triggers, h.created_by, h.created_at, h.cursor_seq,
    c.head_seq - h.cursor_seq as waiting, h.attempts, h.failing_since, h.last_error, h.disabled_at
from outgoing_hooks h
join channels c on c.id = h.channel_id
where h.channel_id = $1 and ($2::bigint is null or h.id = $2)
order by h.id;

-- name: update_outgoing_hook
-- $1 channel, $2 hook, $3 name, $4 URL, $5 events, $6 triggers, $7 whether it is disabled: null leaves each as it is.
-- Any change has it tried again at once.
update outgoing_hooks
set
    name = coalesce($3, name),
    url = coalesce($4, url),
    events = coalesce($5, events),
    triggers = coalesce($6, triggers),
    disabled_at = case $7::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end,
    attempts = 0,
    failing_since = null,
    next_at = now()
where channel_id = $1 and id = $2
returning id;

-- name: delete_outgoing_hook
-- $1 channel, $2 hook
with dead as (
    delete from dead_letters where channel_id = $1 and hook_id = $2
)
delete from outgoing_hooks where channel_id = $1 and id = $2 returning id;

-- name: claim_outgoing_hooks
-- $1 who claims, $2 for how long, $3 how many. Those whose channel has news for them, and whom nobody else works on.
with due as (
    select h.channel_id, h.id
    from outgoing_hooks h
    join channels c on c.id = h.channel_id and c.deleted_at is null
    where h.disabled_at is null and h.next_at <= now() and coalesce(h.lease_until, '-infinity') < now()
        and c.head_seq > h.cursor_seq
    order by h.next_at
    limit $3
    for update of h skip locked
)
update outgoing_hooks h set lease_owner = $1, lease_until = now() + $2::interval
from due
where h.channel_id = due.channel_id and h.id = due.id
returning h.channel_id, h.id, h.name, h.url, h.secret, h.events, h.triggers, h.cursor_seq, h.attempts, h.failing_since;

-- name: get_outgoing_hook
-- $1 channel, $2 hook
select channel_id, id, name, url, secret, events, triggers, cursor_seq, attempts, failing_since
from outgoing_hooks where channel_id = $1 and id = $2;

-- name: move_outgoing_hook
-- $1 channel, $2 hook, $3 who holds the lease, $4 up to which seq, $5 for how long the lease goes on. Nothing failed.
update outgoing_hooks
set
    cursor_seq = greatest(cursor_seq, $4),
    attempts = 0,
    failing_since = null,
    last_error = null,
    lease_until = now() + $5::interval
where channel_id = $1 and id = $2 and lease_owner = $3 and lease_until > now()
returning cursor_seq;

-- name: fail_outgoing_hook
-- $1 channel, $2 hook, $3 who holds the lease, $4 the seq that failed, $5 why, $6 after how long to try again
-- $7 whether to give up this seq, $8 whether to disable the hook. Both let the lease go.
with failed as (
    update outgoing_hooks
    set
        attempts = case when $7::boolean then 0 else attempts + 1 end,
        failing_since = coalesce(failing_since, now()),
        last_error = $5,
        next_at = now() + $6::interval,
        lease_until = null,
        disabled_at = case when $8::boolean then now() else disabled_at end,
        cursor_seq = case when $7::boolean then greatest(cursor_seq, $4) else greatest(cursor_seq, $4 - 1) end
    where channel_id = $1 and id = $2 and lease_owner = $3 and lease_until > now()
    returning attempts
), dead as (
    insert into dead_letters (channel_id, hook_id, seq, attempts, error)
    select $1, $2, $4, h.attempts + 1, $5
    from outgoing_hooks h, failed
    where h.channel_id = $1 and h.id = $2 and $7::boolean
    on conflict do nothing
)
select attempts from failed;

-- name: release_outgoing_hook
-- $1 channel, $2 hook, $3 who holds the lease
update outgoing_hooks set lease_until = null where channel_id = $1 and id = $2 and lease_owner = $3 returning id;

-- name: list_dead_letters
-- $1 channel, $2 hook, $3 after this seq, $4 limit
select seq, attempts, error, died_at from dead_letters
where channel_id = $1 and hook_id = $2 and seq > $3
order by seq
limit $4;

-- name: get_dead_letter
-- $1 channel, $2 hook, $3 seq
select seq from dead_letters where channel_id = $1 and hook_id = $2 and seq = $3;

-- name: delete_dead_letter
-- $1 channel, $2 hook, $3 seq
delete from dead_letters where channel_id = $1 and hook_id = $2 and seq = $3 returning seq;
