-- Search. Messages are indexed beside the log and a moment later, so that posting pays nothing for it; a search indexes
-- first what is new in the channels that it looks into. Who edits or deletes a message writes its row here at once.

create table search_settings (
    language regconfig not null
);
insert into search_settings values ('simple');

create table search_progress (
    channel_id bigint primary key,
    seq bigint not null
) with (fillfactor = 50);
comment on table search_progress is 'Up to which seq the messages of a channel are indexed.';

create table message_index (
    channel_id bigint not null,
    seq bigint not null,
    id bigint generated always as identity,
    created_at timestamptz not null,
    document tsvector not null,
    primary key (channel_id, seq)
);
comment on column message_index.document is 'The words, and lexemes that no text has: #channel, @author, +link, +file, +sketch.';
-- What waits to be put into the index is looked through by every search, and put there by one insert all at once.
create index message_index_document on message_index using gin (document) with (gin_pending_list_limit = 1024);
create unique index message_index_newest on message_index (created_at, id);

create function search_document(place bigint, author bigint, kind text, said text) returns tsvector
language sql stable
as $$
    select array_to_tsvector(array_remove(array[
        '#' || place,
        '@' || author,
        case when said ~* '\mhttps?://' then '+link' end,
        case when kind in ('file', 'sketch') then '+' || kind end
    ], null)) || to_tsvector(language, said)
    from search_settings
$$;

-- Indexes a piece of what is behind, of `places` or of all: up to `most` steps of the logs in total, of the channels first
-- that are the least behind, so that a flood in one holds up no other. Answers with how many are left; one at a time does it.
create function index_messages(most integer, places bigint[]) returns bigint
language plpgsql
as $$
declare
    remaining bigint;
begin
    if not exists (
        select from channels c left join search_progress p on p.channel_id = c.id
        where (places is null or c.id = any (places)) and c.head_seq > coalesce(p.seq, 0)
    ) then
        return 0;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('chalkline search', 0));
    -- What a crash takes is indexed again: the progress goes with it.
    perform set_config('synchronous_commit', 'off', true);
    with behind as (
        select c.id, coalesce(p.seq, 0) as seq, c.head_seq - coalesce(p.seq, 0) as steps
        from channels c left join search_progress p on p.channel_id = c.id
        where (places is null or c.id = any (places)) and c.head_seq > coalesce(p.seq, 0)
    ), counted as (
        select id, seq, steps, (most - sum(steps) over (order by steps, id) + steps)::bigint as allowed from behind
    ), piece as (
        select id, seq, seq + least(steps, allowed) as until from counted where allowed > 0
    ), indexed as (
        insert into message_index (channel_id, seq, created_at, document)
        select m.channel_id, m.seq, m.created_at, search_document(m.channel_id, m.author_id, m.kind, m.text)
        from piece
        cross join lateral (
            select * from messages x
            where x.channel_id = piece.id and x.seq > piece.seq and x.seq <= piece.until
            order by x.seq
            limit most
        ) m
        order by m.created_at, m.seq
        on conflict do nothing
    ), moved as (
        insert into search_progress (channel_id, seq)
        select id, until from piece
        on conflict (channel_id) do update set seq = excluded.seq
    )
    select coalesce(sum(steps), 0) - (select coalesce(sum(until - seq), 0) from piece) into remaining from behind;
    return remaining;
end
$$;

-- Words and phrases, the beginning of a word, and lexemes that must all be there.
create function search_query(phrases text[], beginning text, facets text[]) returns tsquery
language plpgsql stable
as $$
declare
    config regconfig := (select language from search_settings);
    wanted tsquery := '';
    one text;
begin
    foreach one in array phrases loop
        wanted := wanted && phraseto_tsquery(config, one);
    end loop;
    if beginning is not null then
        wanted := wanted && to_tsquery(config, '''' || replace(replace(beginning, '\', '\\'), '''', '''''') || ''':*');
    end if;
    foreach one in array facets loop
        wanted := wanted && ('''' || one || '''')::tsquery;
    end loop;
    return wanted;
end
$$;

-- The newest messages that match, from a place in time on backwards. What is common stands among the newest few; how
-- often it stands there tells how far back enough of the rest will be found, and within that time the index of words
-- meets the index of times. What is rare is found by the index of words alone, narrowed to the channels that may be read.
create function search_messages(
    places bigint[], wanted tsquery, since timestamptz, until timestamptz, from_time timestamptz, from_id bigint, most integer
) returns table (channel_id bigint, seq bigint, id bigint, created_at timestamptz)
language plpgsql stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    sample constant integer := 3000;
    seen bigint;
    ids bigint[] := '{}';
    narrowed tsquery := wanted;
    oldest timestamptz;
    youngest timestamptz;
    back timestamptz := since;
begin
    if numnode(wanted) = 0 then
        return;
    end if;
    select array_agg(r.id order by r.created_at desc, r.id desc)
            filter (where r.channel_id = any (places) and r.created_at >= since and r.document @@ wanted),
        count(*), min(r.created_at), max(r.created_at)
    into ids, seen, oldest, youngest
    from (
        select i.id, i.channel_id, i.document, i.created_at
        from message_index i
        where (i.created_at, i.id) < (from_time, from_id) and i.created_at < until
        order by i.created_at desc, i.id desc
        limit sample
    ) r;
    if cardinality(ids) >= most then
        ids := ids[1:most];
    elsif seen = sample and oldest > since then
        -- Of a few channels the index knows the messages; many would take it longer to join than to look at what it finds.
        if cardinality(places) <= 8 then
            select wanted && string_agg('''#' || place || '''', '|')::tsquery into narrowed from unnest(places) place;
        end if;
        if cardinality(ids) > 0 then
            -- Twice as far as it should take.
            back := greatest(since, oldest - (youngest - oldest) * (2 * most / cardinality(ids)));
        end if;
        loop
            ids := array(
                with matching as materialized (
                    select i.id, i.created_at
                    from message_index i
                    where i.document @@ narrowed and i.channel_id = any (places) and i.created_at < until
                        and i.created_at >= back
                )
                select m.id from matching m
                where (m.created_at, m.id) < (from_time, from_id)
                order by m.created_at desc, m.id desc
                limit most
            );
            exit when cardinality(ids) = most or back = since;
            back := since;
        end loop;
    end if;
    return query
        select i.channel_id, i.seq, i.id, i.created_at
        from message_index i
        where i.id = any (ids);
end
$$;
create unique index message_index_id on message_index (id);
