-- Overdue deadlines that a person found settled: which one, on which day, and who says so.
create table settled (
    dossier bigint not null,
    code text not null,
    due text not null,
    settled_on text not null,
    who text not null,
    at bigint not null,
    primary key (dossier, code, due)
);
