drop function begin_run;
drop function ai_refusal;
drop table ai_spent;
drop table ai_pieces;
drop table ai_runs;
drop table ai_channels;
alter table messages drop column ai;
