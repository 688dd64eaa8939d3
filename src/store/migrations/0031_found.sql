-- What was found in each dossier by the last judgement of its case, and how often that changed: lists and programs read it
-- without judging, and what is new is told. Every case is judged once more, so that it is there.
create table found (
    dossier bigint primary key,
    case_id bigint not null,
    organisme text not null,
    changes bigint not null,
    found text not null
);
create index found_by_case on found (case_id);
update dossiers set dirty = true, revision = revision + 1 where case_id is not null;
