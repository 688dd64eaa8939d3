-- The rules by which a person should look at each case, for a list to be narrowed to one of them.
create table case_findings (
    rule text not null,
    case_id bigint not null,
    primary key (rule, case_id)
);
create index case_findings_by_case on case_findings (case_id);
alter table cases add column found text not null default '[]';
-- Cases that have a deadline of some kind open.
create index deadlines_by_code on deadlines (code, status, due, case_id);
create index cases_by_departement_and_name on cases (departement, case_id);
-- Each case is judged once more, which fills them.
update cases set next_look = '';

-- Addresses of lists that people named, each its own; a hash says whose.
create table views (
    whose text not null,
    name text not null,
    address text not null,
    at bigint not null,
    primary key (whose, name)
);

-- What is behind a figure of the statistics, by the day on which it happened.
create index applications_deposited on applications (deposited, dossier);
create index applications_audited on applications (audited, dossier);
create index applications_decided on applications (decided, dossier);
