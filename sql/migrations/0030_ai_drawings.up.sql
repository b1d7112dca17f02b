-- What answers of AI models drew on sketches, so that it can be taken back.

create table ai_drawings (
    channel_id bigint not null,
    run_id bigint not null,
    id bigint generated always as identity,
    sketch_id bigint not null,
    tool text not null,
    altered bytea not null,
    primary key (channel_id, run_id, id)
);
comment on table ai_drawings is 'Written before the edit is made, gone once it was taken back.';
comment on column ai_drawings.altered is 'MessagePack: root, key, value before and value after, one for each value.';
