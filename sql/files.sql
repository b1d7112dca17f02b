-- name: touch_blob
-- $1 digest in hex, $2 size, $3 type, $4 width, $5 height, $6 size of the thumbnail. Waits for whoever is just deleting it.
insert into blobs (digest, size, type, width, height, thumbnail_size) values (decode($1, 'hex'), $2, $3, $4, $5, $6)
on conflict (digest) do update set
    touched_at = now(),
    type = excluded.type,
    width = excluded.width,
    height = excluded.height,
    thumbnail_size = excluded.thumbnail_size
returning uses;

-- name: insert_file
-- $1 workspace, $2 channel, $3 id, $4 uploader, $5 digest in hex, $6 name: only where the uploader still is a member
insert into files (workspace_id, channel_id, id, uploader_id, digest, name)
select c.workspace_id, c.id, $3, m.user_id, decode($5, 'hex'), $6
from channels c
join members m on m.channel_id = c.id and m.user_id = $4
where c.id = $2 and c.workspace_id = $1 and c.deleted_at is null
returning id;

-- name: get_file_usage
-- $1 workspace, $2 user: the bytes of both
select
    coalesce((select bytes from file_usage where workspace_id = $1 and user_id = 0), 0)::bigint as of_workspace,
    coalesce((select bytes from file_usage where workspace_id = $1 and user_id = $2), 0)::bigint as of_user;

-- name: get_file
-- $1 workspace, $2 id, $3 reader, $4 whether they are an admin: only what they may read, before it is posted only what is
-- theirs; of a hidden message only who may moderate
select
    f.id, f.name, b.size, b.type, b.width, b.height, b.thumbnail_size, encode(b.digest, 'hex') as digest, f.channel_id,
    f.uploader_id, f.message_seq
from files f
join blobs b on b.digest = f.digest
join channels c on c.id = f.channel_id and c.deleted_at is null
join members m on m.channel_id = f.channel_id and m.user_id = $3
where f.id = $2 and f.workspace_id = $1 and (f.message_seq is not null or f.uploader_id = $3)
    and not exists (
        select from messages x
        where x.channel_id = f.channel_id and x.seq = f.message_seq and x.hidden_at is not null and m.role = 'member'
            and not $4::boolean
    );

-- name: delete_waiting_file
-- $1 channel, $2 id: only one that no message has
delete from files where channel_id = $1 and id = $2 and message_seq is null returning id;

-- name: drop_files
-- $1 channel, $2 seq of a message, $3 the files that stay. Under the channel's lock.
with dropped as (
    delete from files where channel_id = $1 and message_seq = $2 and id <> all ($3::text[]) returning id
)
select count(*) from dropped;

-- name: list_file_ids
-- $1 channel, $2 seq of a message
select id from files where channel_id = $1 and message_seq = $2 order by place;

-- name: try_to_sweep
-- One instance at a time, until the end of its transaction.
select pg_try_advisory_xact_lock(hashtextextended('chalkline files', 0));

-- name: expire_files
-- $1 seconds that a file may wait for its message, $2 limit. What was just named by a post is locked, and left out.
with expired as (
    select f.channel_id, f.id
    from files f
    where f.message_seq is null and f.created_at < now() - $1::double precision * interval '1 second'
    order by f.created_at
    limit $2
    for update skip locked
), deleted as (
    delete from files f using expired e where f.channel_id = e.channel_id and f.id = e.id returning f.id
)
select count(*) from deleted;

-- name: clear_deleted_channels
-- $1 limit. Nobody reaches what is in them.
with unreachable as (
    select f.channel_id, f.id
    from channels c
    join files f on f.channel_id = c.id
    where c.deleted_at is not null
    limit $1
), deleted as (
    delete from files f using unreachable u where f.channel_id = u.channel_id and f.id = u.id returning f.id
)
select count(*) from deleted;

-- name: lock_unused_blobs
-- $1 seconds since somebody last began to put them there, $2 limit
select encode(digest, 'hex') as digest, thumbnail_size
from blobs
where uses = 0 and touched_at < now() - $1::double precision * interval '1 second'
order by touched_at
limit $2
for update skip locked;

-- name: delete_blobs
-- $1 digests in hex, locked before and without their bytes by now
delete from blobs where digest = any (array(select decode(one, 'hex') from unnest($1::text[]) one)) and uses = 0
returning digest;

-- name: list_blobs
-- $1 after this digest in hex, $2 limit
select encode(digest, 'hex') as digest, size, thumbnail_size, uses
from blobs
where digest > decode($1, 'hex')
order by digest
limit $2;

-- name: has_blobs
-- $1 digests in hex: those that are known, also if only just begun
select encode(digest, 'hex') as digest
from blobs where digest = any (array(select decode(one, 'hex') from unnest($1::text[]) one));

-- name: count_blob_uses
-- Puts right what differs from what the files say; how many rows that were
with counted as (
    select b.digest, count(f.id) as uses
    from blobs b left join files f on f.digest = b.digest
    group by b.digest
), put_right as (
    update blobs b set uses = c.uses from counted c where c.digest = b.digest and c.uses <> b.uses returning b.digest
)
select count(*) from put_right;

-- name: sum_files
-- Of the metrics: files and bytes of all workspaces, and bytes in the store
select
    (select count(*) from files) as files,
    coalesce((select sum(bytes) from file_usage where user_id = 0), 0)::bigint as bytes;
