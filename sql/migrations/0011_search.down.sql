drop function search_messages(bigint[], tsquery, timestamptz, timestamptz, timestamptz, bigint, integer);
drop function search_query(text[], text, text[]);
drop function index_messages(integer, bigint[]);
drop function search_document(bigint, bigint, text, text);
drop table message_index;
drop table search_progress;
drop table search_settings;
