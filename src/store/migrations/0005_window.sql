-- What lists, the register and the statistics show, written with each judgement: no list judges anything again.

-- Who the service is, folded for looking up and sorting: no accent, no capital.
alter table cases add column folded text not null default '';
alter table cases add column siret text;
alter table cases add column type_key text not null default '';
alter table cases add column departement text not null default '';
alter table cases add column organisme text not null default '';
-- The dossier of the central service that an attached local names.
alter table cases add column central bigint;
alter table cases add column demarche bigint not null default 0;
-- The dossier that matters now.
alter table cases add column dossier bigint not null default 0;
-- First day of the visit of that dossier.
alter table cases add column audit text;
-- A JSON list of « Nom (Commune) ».
alter table cases add column sites text not null default '[]';
-- The label in force or the last one; all null without one.
alter table cases add column granted text;
alter table cases add column notified text;
alter table cases add column ends text;
alter table cases add column withdrawn text;
alter table cases add column suspended_since text;
alter table cases add column suspended_limit text;
-- The last day on which the judgement said something else than the one before.
alter table cases add column changed_on text not null default '';
create index cases_by_name on cases (folded, case_id);
create index cases_by_type on cases (type_key, folded, case_id);
create index cases_by_state on cases (state, folded, case_id);
create index cases_by_departement on cases (departement, folded, case_id);
create index cases_by_organisme on cases (organisme, folded, case_id);
create index cases_labelled on cases (folded, case_id) where granted is not null;

-- Each obligation of each living case, replaced as a whole when it differs.
create table deadlines (
    case_id bigint not null,
    dossier bigint not null,
    -- O-nn
    code text not null,
    occurrence bigint not null,
    title text not null,
    rule text not null,
    section text not null,
    -- the nominal day, and the working day that it moves to
    due text not null,
    extended text not null,
    -- the first day of a window
    opens text,
    -- upcoming, late, passed, done
    status text not null,
    -- of the service, so that a list needs no other table
    name text not null,
    organisme text not null,
    -- how often its day moved, and when it last did: a calendar replaces the event by these
    moves bigint not null,
    moved_at bigint not null,
    primary key (dossier, code, occurrence)
);
create index deadlines_by_case on deadlines (case_id);
create index deadlines_by_due on deadlines (due, dossier, code, occurrence);
create index deadlines_by_status on deadlines (status, due, dossier, code, occurrence);

-- One line for each dossier of a case, for the statistics.
create table applications (
    dossier bigint primary key,
    case_id bigint not null,
    demande text not null,
    type_key text not null,
    organisme text not null,
    deposited text not null,
    -- last day of the visit
    audited text,
    -- whether the plan and the report came in time; null while that cannot be told
    plan_met boolean,
    report_met boolean,
    -- labellise, rejete, confirme… and the tier that was granted
    outcome text,
    tier text,
    decided text,
    -- from the deposit to the decision
    days bigint
);
create index applications_by_case on applications (case_id);

-- The calendars that a secret address opens: only the print of the secret is kept.
create table calendars (
    print text primary key,
    role text not null,
    created_at bigint not null,
    used_at bigint
);

-- Every living case is judged anew, so that these tables are filled.
update dossiers set dirty = true where case_id is not null;
