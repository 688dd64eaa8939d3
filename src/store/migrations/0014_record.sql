-- The record: what was judged and done, append-only. Each entry holds the hash of the one before it.
create table record (
    seq bigint primary key,
    at bigint not null,
    -- the day that was judged; for an act, the day in Paris
    day text not null,
    -- judgement, act, rules, erasure
    kind text not null,
    case_id bigint,
    dossier bigint,
    -- JSON of hashes, days, keys and counts: nothing that is ever erased
    body text not null,
    previous text not null,
    hash text not null
);
create index record_by_case on record (case_id, seq);
-- Few, among all that is about no case: the last one is looked for in each pass.
create index record_of_rules on record (seq) where kind = 'rules';
create index record_by_dossier on record (dossier, seq);

-- What entries name by hash, compressed. An erased content keeps its hash, its kind and its days.
create table record_contents (
    hash text primary key,
    -- facts, case, frame, statement
    kind text not null,
    -- the dossier of facts, the case of the others; none for a frame
    subject bigint,
    packed bytea,
    at bigint not null,
    erased_at bigint
);
create index record_contents_by_subject on record_contents (subject);

-- The end of the chain: the row that every writer locks.
create table record_head (
    id bigint primary key,
    seq bigint not null,
    hash text not null
);
insert into record_head (id, seq, hash)
    values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
-- The text of a line of the journal, once its time is over.
alter table journal add column erased boolean not null default false;
-- Each case is judged again: its first entry is what the program says of it now.
update dossiers set dirty = true, revision = revision + 1 where case_id is not null;
