-- name: append_audit
-- $1 who, $2 what, $3 channel, $4 to whom, $5 more, $6 address
insert into audit (workspace_id, actor_id, action, channel_id, user_id, detail, address)
select workspace_id, id, $2, $3, $4, $5, $6 from users where id = $1
returning id;

-- name: list_audit
-- $1 workspace, $2 before this id, $3 who, $4 what, $5 channel, $6 to whom, $7 since, $8 until: null for any; $9 limit
select id, created_at, actor_id, action, channel_id, user_id, detail, address
from audit
where workspace_id = $1 and id < $2
    and ($3::bigint is null or actor_id = $3)
    and ($4::text is null or action = $4)
    and ($5::bigint is null or channel_id = $5)
    and ($6::bigint is null or user_id = $6)
    and ($7::timestamptz is null or created_at >= $7)
    and ($8::timestamptz is null or created_at < $8)
order by id desc
limit $9;
