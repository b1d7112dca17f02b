drop function calls_for(bigint, text, bigint[], text, boolean, boolean);
drop table pushes, push_cursors, push_subscriptions, push_keys;
