-- Dossiers that were asked to be forgotten: the platform may still show them, they are not read again.
create table forgotten (
    number bigint primary key,
    at bigint not null
);
-- What was erased at its term, so that it is erased once.
create table erased_terms (
    -- contacts, mails, facts, copies
    kind text not null,
    number bigint not null,
    at bigint not null,
    primary key (kind, number)
);
create index cases_over on cases (changed_on) where not living;
