-- Rows that the program could not read when it met them, until they are written again.
create table unreadable (
    -- table.column
    place text not null,
    -- the row's key, its parts joined by a slash
    line text not null,
    -- whose row it is; null when it is nobody's
    dossier bigint,
    primary key (place, line)
);
create index unreadable_by_dossier on unreadable (dossier) where dossier is not null;

-- Grows each time the dossier is marked to be judged: a judgement of what stood before leaves the mark.
alter table dossiers add column revision bigint not null default 0;
