drop function unread_in_thread(bigint, bigint, bigint, bigint);
drop function unread_in_channel(bigint, bigint, bigint);
drop function append_messages(
    bigint[], bigint[], text[], text[], bigint[], bigint[], boolean[], text[], bigint[], text[], bigint[]
);
drop function join_threads(bigint[], bigint[], text[], timestamptz);
drop function resolve_mentions(bigint, text[], bigint[]);
drop view told_messages;
alter table channels drop column archived_at, drop column slow_seconds, drop column post_role;
alter table users drop column do_not_disturb;
alter table members drop column notifications, drop column posted_at;
drop table thread_members;
drop index changes_of_messages;
drop table reactions;
drop table message_versions;
drop index messages_pinned;
drop index messages_of_threads;
alter table messages
    drop column mentions,
    drop column broadcast,
    drop column to_channel,
    drop column pinned_at,
    drop column pinned_by,
    drop column reply_count,
    drop column last_reply_seq,
    drop column reaction_count;
