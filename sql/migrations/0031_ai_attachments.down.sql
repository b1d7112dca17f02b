drop function begin_run(
    bigint, bigint, bigint, text, text, bigint, bigint, bigint, text, text, interval, integer, bigint[], bigint, text
);
