-- name: insert_sketch
-- $1 channel, $2 title, $3 profile, $4 creator
insert into sketches (channel_id, title, profile, creator_id) values ($1, $2, $3, $4) returning id;

-- name: insert_sketch_message
-- $1 channel, $2 author, $3 title, $4 sketch. Its place in the log, under the channel's lock.
with bumped as (
    update channels set head_seq = head_seq + 1 where id = $1 returning head_seq
)
insert into messages (channel_id, seq, author_id, kind, text, client_id, fingerprint, created_at, sketch_id)
select $1, head_seq, $2, 'sketch', $3, 'sketch-' || $4::bigint, hashtextextended($3, 0), now(), $4 from bumped
returning seq;

-- name: set_sketch_message
-- $1 channel, $2 sketch, $3 seq of its message
update sketches set message_seq = $3 where channel_id = $1 and id = $2;

-- name: get_sketch
-- $1 sketch
select
    s.id, s.channel_id, s.title, s.profile,
    (select epoch from lives order by began_at desc limit 1) || '.' || s.epoch as epoch,
    s.head_seq, s.creator_id, s.created_at, s.updated_at, s.message_seq
from sketches s
join channels c on c.id = s.channel_id and c.deleted_at is null
where s.id = $1 and s.deleted_at is null;

-- name: list_sketches
-- $1 channel, $2 before this id, $3 limit
select
    s.id, s.channel_id, s.title, s.profile,
    (select epoch from lives order by began_at desc limit 1) || '.' || s.epoch as epoch,
    s.head_seq, s.creator_id, s.created_at, s.updated_at, s.message_seq
from sketches s
where s.channel_id = $1 and s.id < $2 and s.deleted_at is null
order by s.id desc
limit $3;

-- name: list_sketch_ids
-- $1 after this id, $2 limit: for the operator's commands
select id from sketches where id > $1 and deleted_at is null order by id limit $2;

-- name: update_sketch
-- $1 channel, $2 sketch, $3 title
update sketches set title = $3, updated_at = now()
where channel_id = $1 and id = $2 and deleted_at is null
returning id;

-- name: delete_sketch
-- $1 channel, $2 sketch
update sketches set deleted_at = now() where channel_id = $1 and id = $2 and deleted_at is null returning id;

-- name: append_sketch_updates
-- $1 sketches, each once, $2 their epochs, $3 updates, $4 authors. No seq for what is deleted or of another epoch.
with life as (
    select epoch from lives order by began_at desc limit 1
), input as (
    select *
    from unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[])
        with ordinality as t (sketch_id, epoch, update, author_id, ord)
), locked as (
    select s.channel_id, s.id
    from sketches s
    join input i on i.sketch_id = s.id
    cross join life l
    where s.deleted_at is null and i.epoch = l.epoch || '.' || s.epoch
    order by s.id
    for no key update of s
), bumped as (
    update sketches s set head_seq = s.head_seq + 1, updated_at = now()
    from locked l
    where s.channel_id = l.channel_id and s.id = l.id
    returning s.channel_id, s.id, s.head_seq
), inserted as (
    insert into sketch_updates (channel_id, sketch_id, seq, update, author_id)
    select b.channel_id, b.id, b.head_seq, i.update, i.author_id
    from bumped b
    join input i on i.sketch_id = b.id
)
select b.head_seq from input i left join bumped b on b.id = i.sketch_id order by i.ord;

-- name: append_sketch_update
-- $1 sketch, $2 its epoch, $3 update, $4 author: the same for one alone, which is most often. No row for none.
with bumped as (
    update sketches s set head_seq = s.head_seq + 1, updated_at = now()
    where
        s.id = $1 and s.deleted_at is null
        and $2::text = (select epoch from lives order by began_at desc limit 1) || '.' || s.epoch
    returning s.channel_id, s.id, s.head_seq
), inserted as (
    insert into sketch_updates (channel_id, sketch_id, seq, update, author_id)
    select channel_id, id, head_seq, $3::bytea, $4::bigint from bumped
)
select head_seq from bumped;

-- name: list_sketch_heads
-- $1 sketches
select id, head_seq from sketches where id = any ($1::bigint[]);

-- name: list_sketch_log
-- $1 sketch, $2 after this seq, $3 limit. Where the updates are gone the snapshot stands for them, in the same moment.
select seq, data, is_whole from (
    select n.seq, n.state as data, true as is_whole
    from sketches s
    join sketch_snapshots n on n.channel_id = s.channel_id and n.sketch_id = s.id
    where s.id = $1 and n.seq > $2
    union all
    (
        select u.seq, u.update, false
        from sketches s
        join sketch_updates u on u.channel_id = s.channel_id and u.sketch_id = s.id
        where s.id = $1 and u.seq > $2
        order by u.seq
        limit $3
    )
) log
order by seq
limit $3;

-- name: load_sketch
-- $1 sketch: the head, then the snapshot, then each update, all of one moment
select s.head_seq as seq, 'head' as kind, null::bytea as data
from sketches s where s.id = $1 and s.deleted_at is null
union all
select n.seq, 'snapshot', n.state
from sketches s
join sketch_snapshots n on n.channel_id = s.channel_id and n.sketch_id = s.id
where s.id = $1
union all
(
    select u.seq, 'update', u.update
    from sketches s
    join sketch_updates u on u.channel_id = s.channel_id and u.sketch_id = s.id
    where s.id = $1
    order by u.seq
);

-- name: lock_sketch_snapshot
-- $1 sketch: at most one instance writes a snapshot of it
select pg_try_advisory_xact_lock(hashtextextended('sketch snapshot ' || $1::bigint, 0));

-- name: put_sketch_snapshot
-- $1 channel, $2 sketch, $3 seq, $4 state. Nothing where a newer one is there.
insert into sketch_snapshots as n (channel_id, sketch_id, seq, state)
values ($1, $2, $3, $4)
on conflict (channel_id, sketch_id) do update
set seq = excluded.seq, state = excluded.state, created_at = now()
where n.seq < excluded.seq
returning n.seq;

-- name: delete_sketch_updates
-- $1 channel, $2 sketch, $3 up to this seq
delete from sketch_updates where channel_id = $1 and sketch_id = $2 and seq <= $3;

-- name: insert_sketch_version
-- $1 channel, $2 sketch, $3 label, $4 seq, $5 state, $6 author; under the channel's lock
insert into sketch_versions (channel_id, sketch_id, number, label, seq, state, author_id)
select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6
from sketch_versions where channel_id = $1 and sketch_id = $2
returning number, label, seq, author_id, created_at;

-- name: list_sketch_versions
-- $1 channel, $2 sketch, $3 before this number, $4 limit
select number, label, seq, author_id, created_at
from sketch_versions
where channel_id = $1 and sketch_id = $2 and number < $3
order by number desc
limit $4;

-- name: get_sketch_version
-- $1 channel, $2 sketch, $3 number
select state from sketch_versions where channel_id = $1 and sketch_id = $2 and number = $3;

-- name: insert_sketch_link
-- $1 channel, $2 sketch, $3 digest, $4 author
insert into sketch_links (channel_id, sketch_id, digest, author_id) values ($1, $2, $3, $4)
returning id, author_id, created_at;

-- name: list_sketch_links
-- $1 channel, $2 sketch
select id, author_id, created_at from sketch_links
where channel_id = $1 and sketch_id = $2 and revoked_at is null
order by id;

-- name: revoke_sketch_link
-- $1 channel, $2 sketch, $3 link
update sketch_links set revoked_at = now()
where channel_id = $1 and sketch_id = $2 and id = $3 and revoked_at is null
returning id;

-- name: find_sketch_link
-- $1 digest
select l.id, l.sketch_id, c.head_seq
from sketch_links l
join channels c on c.id = l.channel_id
where l.digest = $1 and l.revoked_at is null;

-- name: insert_sketch_comment
-- $1 channel, $2 sketch, $3 thread, $4 element, $5 text, $6 author. Nothing where the thread isn't one.
insert into sketch_comments (channel_id, sketch_id, thread, element_id, text, author_id)
select $1, $2, $3, $4, $5, $6
where $3::bigint is null or exists (
    select from sketch_comments
    where channel_id = $1 and sketch_id = $2 and id = $3 and thread is null and deleted_at is null
)
returning id, sketch_id, thread, element_id, text, author_id, created_at, resolved_at, deleted_at;

-- name: list_sketch_comments
-- $1 channel, $2 sketch, $3 after this id, $4 limit
select id, sketch_id, thread, element_id, text, author_id, created_at, resolved_at, deleted_at
from sketch_comments
where channel_id = $1 and sketch_id = $2 and id > $3 and deleted_at is null
order by id
limit $4;

-- name: get_sketch_comment
-- $1 channel, $2 sketch, $3 comment
select id, sketch_id, thread, element_id, text, author_id, created_at, resolved_at, deleted_at
from sketch_comments where channel_id = $1 and sketch_id = $2 and id = $3 and deleted_at is null;

-- name: resolve_sketch_comment
-- $1 channel, $2 sketch, $3 comment, $4 whether it is resolved
update sketch_comments set resolved_at = case when $4::boolean then now() end
where channel_id = $1 and sketch_id = $2 and id = $3 and thread is null and deleted_at is null
returning id, sketch_id, thread, element_id, text, author_id, created_at, resolved_at, deleted_at;

-- name: delete_sketch_comment
-- $1 channel, $2 sketch, $3 comment. What it said goes.
update sketch_comments set deleted_at = now(), text = ''
where channel_id = $1 and sketch_id = $2 and id = $3 and deleted_at is null
returning id, sketch_id, thread, element_id, text, author_id, created_at, resolved_at, deleted_at;

-- name: insert_sketch_quarantine
-- $1 channel, $2 sketch, $3 update, $4 author, $5 error
insert into sketch_quarantine (channel_id, sketch_id, update, author_id, error) values ($1, $2, $3, $4, $5);

-- name: get_sketch_settings
-- $1 channel
select allows_generic from sketch_settings where channel_id = $1;

-- name: put_sketch_settings
-- $1 channel, $2 whether generic documents are let in
insert into sketch_settings (channel_id, allows_generic) values ($1, $2)
on conflict (channel_id) do update set allows_generic = excluded.allows_generic;
