-- name: insert_command
-- $1 workspace, $2 name, $3 hint, $4 description, $5 URL, $6 secret, $7 who made it
insert into commands (workspace_id, name, hint, description, url, secret, created_by)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
returning name, hint, description, id, url, created_by, created_at, secret;

-- name: list_commands
-- $1 workspace, $2 name; null for all
select name, hint, description, id, url, created_by, created_at, secret
from commands where workspace_id = $1 and ($2::text is null or name = $2)
order by name;

-- name: count_commands
-- $1 workspace
select count(*) from commands where workspace_id = $1;

-- name: update_command
-- $1 workspace, $2 command, $3 hint, $4 description, $5 URL: null leaves each as it is
update commands
set hint = coalesce($3, hint), description = coalesce($4, description), url = coalesce($5, url)
where workspace_id = $1 and id = $2
returning name, hint, description, id, url, created_by, created_at, secret;

-- name: delete_command
-- $1 workspace, $2 command
delete from commands where workspace_id = $1 and id = $2 returning id;
