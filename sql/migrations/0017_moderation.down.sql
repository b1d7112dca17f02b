drop function append_messages(
    bigint[], bigint[], text[], text[], bigint[], bigint[], boolean[], text[], bigint[], text[], bigint[], text[]
);
create or replace view told_messages as
select
    m.channel_id, m.seq, m.author_id, m.kind, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
    m.reply_to, m.thread,
    case
        when m.mentions is null and m.broadcast is null and m.to_channel is null and m.pinned_at is null
            and m.reply_count is null and m.reaction_count is null and m.sketch_id is null and m.ai is null
            and m.kind <> 'file' and m.via is null
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
            'via', m.via,
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
drop table reports;
drop table hidden_messages;
alter table messages drop column hidden_at, drop column hidden_by, drop column previews;
drop index users_banned;
alter table users drop column banned_until, drop column ban;
alter table members drop column muted_until;
drop table restraints;
