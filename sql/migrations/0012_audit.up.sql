-- Who did what to whom, when and from where: written in the transaction that does it.
create table audit (
    id bigint generated always as identity primary key,
    workspace_id bigint not null references workspaces,
    created_at timestamptz not null default now(),
    actor_id bigint not null,
    action text not null,
    channel_id bigint,
    user_id bigint,
    detail jsonb not null,
    address text
);
create index audit_by_workspace on audit (workspace_id, id);
create index audit_by_actor on audit (actor_id, id);
