-- Files: what people upload and attach to messages. Rows are here, bytes in a store beside the database, under the
-- SHA-256 of what they are, so that the same bytes are kept once. In which order rows and bytes are written and deleted
-- is told in store/files.py.

create table blobs (
    digest bytea primary key,
    size bigint not null,
    type text not null,
    width integer,
    height integer,
    thumbnail_size integer,
    uses bigint not null default 0,
    touched_at timestamptz not null default now()
) with (fillfactor = 80);
comment on table blobs is 'Bytes that are in the store, are just being put there, or are just being deleted there.';
comment on column blobs.uses is 'Files of these bytes. At 0 they are deleted, some time after somebody last began to put them there.';
create index blobs_unused on blobs (touched_at) where uses = 0;

create table files (
    channel_id bigint not null references channels,
    id text not null,
    workspace_id bigint not null references workspaces,
    uploader_id bigint not null,
    digest bytea not null references blobs,
    name text not null,
    created_at timestamptz not null default now(),
    message_seq bigint,
    place smallint,
    primary key (channel_id, id)
);
comment on column files.message_seq is 'The message that it is attached to. Null: it was uploaded and waits to be posted.';
comment on column files.place is 'Among the files of its message.';
create index files_by_id on files (id);
create index files_of_messages on files (channel_id, message_seq) where message_seq is not null;
create index files_by_digest on files (digest);
create index files_waiting on files (created_at) where message_seq is null;

create table file_usage (
    workspace_id bigint not null references workspaces,
    user_id bigint not null,
    bytes bigint not null,
    primary key (workspace_id, user_id)
) with (fillfactor = 50);
comment on table file_usage is 'Bytes of the files of each user, and of the whole workspace as user 0.';

-- Keeps the two counts right, whichever statement adds or deletes files. The workspace's row is taken before those of
-- users, and these in order: whoever counts waits there and nowhere else.
create function count_files() returns trigger
language plpgsql
as $$
declare
    sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into file_usage as known (workspace_id, user_id, bytes)
    select c.workspace_id, 0, sign * sum(b.size)
    from changed c join blobs b on b.digest = c.digest
    group by c.workspace_id
    order by c.workspace_id
    on conflict (workspace_id, user_id) do update set bytes = known.bytes + excluded.bytes;

    insert into file_usage as known (workspace_id, user_id, bytes)
    select c.workspace_id, c.uploader_id, sign * sum(b.size)
    from changed c join blobs b on b.digest = c.digest
    group by c.workspace_id, c.uploader_id
    order by c.workspace_id, c.uploader_id
    on conflict (workspace_id, user_id) do update set bytes = known.bytes + excluded.bytes;

    update blobs b set uses = b.uses + sign * n.number
    from (select digest, count(*) as number from changed group by digest) n
    where b.digest = n.digest;
    return null;
end
$$;
create trigger files_added after insert on files
referencing new table as changed for each statement execute function count_files();
create trigger files_deleted after delete on files
referencing old table as changed for each statement execute function count_files();

-- Files as their readers see them, in the order of the list.
create function file_facts(of_channel bigint, ids text[]) returns jsonb
language sql stable
as $$
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'id', f.id,
            'name', f.name,
            'size', b.size,
            'type', b.type,
            'url', '/api/v1/files/' || f.id,
            'width', b.width,
            'height', b.height,
            'thumbnail_url', case when b.thumbnail_size is not null then '/api/v1/files/' || f.id || '/thumbnail' end
        ))
        order by array_position(ids, f.id)
    )
    from files f join blobs b on b.digest = f.digest
    where f.channel_id = of_channel and f.id = any (ids)
$$;

create or replace view told_messages as
select
    m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
    m.reply_to, m.thread,
    case
        when m.mentions is null and m.broadcast is null and m.to_channel is null and m.pinned_at is null
            and m.reply_count is null and m.reaction_count is null and m.sketch_id is null and m.ai is null
            and m.kind <> 'file'
        then null
        else jsonb_strip_nulls(jsonb_build_object(
            'sketch_id', case when m.deleted_at is null then m.sketch_id end,
            'ai', case when m.deleted_at is null then m.ai end,
            'attachments', case when m.kind = 'file' then (
                select file_facts(m.channel_id, array_agg(f.id order by f.place))
                from files f
                where f.channel_id = m.channel_id and f.message_seq = m.seq
            ) end,
            'mentions', m.mentions,
            'broadcast', m.broadcast,
            'to_channel', m.to_channel,
            'pinned_at', to_char(m.pinned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'pinned_by', m.pinned_by,
            'reply_count', m.reply_count,
            'last_reply_seq', m.last_reply_seq,
            'reactions', case when m.reaction_count > 0 then (
                select jsonb_agg(
                    jsonb_build_object('emoji', r.emoji, 'count', r.number, 'user_ids', r.user_ids) order by r.first_seq
                )
                from (
                    select emoji, count(*) as number, min(seq) as first_seq, jsonb_agg(user_id order by seq) as user_ids
                    from reactions
                    where channel_id = m.channel_id and message_seq = m.seq
                    group by emoji
                ) r
            ) end
        ))
    end as more
from messages m;
