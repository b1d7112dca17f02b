-- name: get_place
-- $1 channel, $2 seq of a message, $3 user: the user's role, and of the message what the rules ask. Under the channel's lock.
select
    (select role from members where channel_id = $1 and user_id = $3) as role,
    c.archived_at is not null as is_archived,
    m.author_id, m.text, m.deleted_at is not null as is_deleted, m.pinned_at is not null as is_pinned,
    m.hidden_at is not null as is_hidden,
    exists (
        select from members x where x.channel_id = $1 and x.user_id = $3 and x.muted_until > now()
    ) as is_muted
from channels c
left join messages m on m.channel_id = c.id and m.seq = $2
where c.id = $1;

-- name: get_last_change
-- $1 channel, $2 seq of a message: the newest fact about it, the posting if there is no other
select coalesce(max(seq), $2) from changes where channel_id = $1 and message_seq = $2;

-- name: insert_version
-- $1 channel, $2 seq, $3 text, $4 who replaces it
insert into message_versions (channel_id, message_seq, number, text, replaced_by, replaced_at)
select $1, $2, coalesce(max(number), 0) + 1, $3, $4, now()
from message_versions where channel_id = $1 and message_seq = $2
returning number;

-- name: edit_message
-- $1 channel, $2 seq, $3 text, $4 keys of the names in it, $5 broadcast, $6 who is here
update messages
set
    text = $3,
    kind = case
        when kind = 'file' and not exists (select from files where channel_id = $1 and message_seq = $2) then 'text'
        else kind
    end,
    edited_at = clock_timestamp(),
    previews = null,
    broadcast = $5,
    mentions = case when cardinality($4::text[]) + cardinality($6::bigint[]) > 0 then resolve_mentions($1, $4, $6) end
where channel_id = $1 and seq = $2
returning seq;

-- name: delete_message
-- $1 channel, $2 seq. The fingerprint stays: the post can still be told from another under its client_id.
with cleared as (
    delete from reactions where channel_id = $1 and message_seq = $2
), revealed as (
    delete from hidden_messages where channel_id = $1 and message_seq = $2
)
update messages
set
    text = '',
    deleted_at = clock_timestamp(),
    mentions = null,
    broadcast = null,
    pinned_at = null,
    pinned_by = null,
    reaction_count = null,
    hidden_at = null,
    hidden_by = null,
    previews = null
where channel_id = $1 and seq = $2
returning deleted_at;

-- name: list_versions
-- $1 channel, $2 seq
select number, text, replaced_by, replaced_at
from message_versions where channel_id = $1 and message_seq = $2
order by number;

-- name: get_reaction
-- $1 channel, $2 seq, $3 emoji, $4 user: the fact that added it, and how many kinds the message has, this one not counted
select
    (
        select seq from reactions
        where channel_id = $1 and message_seq = $2 and emoji = $3 and user_id = $4
    ) as seq,
    (
        select count(distinct emoji) from reactions
        where channel_id = $1 and message_seq = $2 and emoji <> $3
    ) as others;

-- name: insert_reaction
-- $1 channel, $2 seq, $3 emoji, $4 user, $5 seq of the fact
with inserted as (
    insert into reactions (channel_id, message_seq, emoji, user_id, seq) values ($1, $2, $3, $4, $5)
)
update messages set reaction_count = coalesce(reaction_count, 0) + 1
where channel_id = $1 and seq = $2
returning reaction_count;

-- name: delete_reaction
-- $1 channel, $2 seq, $3 emoji, $4 user
with deleted as (
    delete from reactions
    where channel_id = $1 and message_seq = $2 and emoji = $3 and user_id = $4
    returning seq
)
update messages set reaction_count = nullif(reaction_count - 1, 0)
where channel_id = $1 and seq = $2 and exists (select from deleted)
returning seq;

-- name: count_pins
-- $1 channel
select count(*) from messages where channel_id = $1 and pinned_at is not null;

-- name: pin_message
-- $1 channel, $2 seq, $3 by whom
update messages set pinned_at = clock_timestamp(), pinned_by = $3 where channel_id = $1 and seq = $2 returning pinned_at;

-- name: unpin_message
-- $1 channel, $2 seq
update messages set pinned_at = null, pinned_by = null where channel_id = $1 and seq = $2 returning seq;

-- name: list_pinned
-- $1 channel: the newest pin first
select channel_id, seq, author_id, kind, text, client_id, created_at, edited_at, deleted_at, reply_to, thread, more
from told_messages
where channel_id = $1 and (channel_id, seq) in (
    select p.channel_id, p.seq from messages p where p.channel_id = $1 and p.pinned_at is not null
)
order by more ->> 'pinned_at' desc, seq desc;

-- name: set_previews
-- $1 channel, $2 seq, $3 the text that they are of, $4 previews. Nothing, where it says something else by now.
update messages set previews = $4
where channel_id = $1 and seq = $2 and text = $3 and deleted_at is null and hidden_at is null
returning seq;
