drop table bot_tokens;
drop table bots;
drop sequence bot_ids;
