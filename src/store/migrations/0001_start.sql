-- One text for SQLite and PostgreSQL: natural keys, instants in microseconds, days and JSON as text, no default clock.

-- What the platform said last of each dossier.
create table dossiers (
    number bigint primary key,
    scope text not null,
    siret text,
    previous bigint,
    -- the dossier of the central service that an attached local names
    central bigint,
    case_id bigint,
    -- of the translated facts: a dossier seen again unchanged costs this comparison and nothing else
    hash text not null,
    facts text not null,
    -- to be judged
    dirty boolean not null,
    seen_at bigint not null,
    gone_at bigint,
    erased boolean not null
);
create index dossiers_by_siret on dossiers (siret);
create index dossiers_by_previous on dossiers (previous);
create index dossiers_by_central on dossiers (central);
create index dossiers_by_case on dossiers (case_id);
create index dossiers_to_judge on dossiers (number) where dirty;

-- Where each reading stands; `since` is fixed at the first one, the cursors only mean something with it.
create table cursors (
    scope text primary key,
    since bigint not null,
    dossiers text,
    pending text,
    deleted text
);

-- Dossiers that could not be read.
create table set_aside (
    number bigint primary key,
    why text not null,
    at bigint not null
);

-- Decisions seen in single fields, which only ever show the latest.
create table decisions (
    dossier bigint not null,
    position bigint not null,
    event text not null,
    primary key (dossier, position)
);

-- First visit days seen of each dossier: a form only shows the latest, and repeated postponements matter (R-5.3.1-b).
create table audit_days (
    dossier bigint not null,
    position bigint not null,
    day text not null,
    primary key (dossier, position)
);

-- The last judgement of each case, for lists; the review itself is made again when it is looked at.
create table cases (
    case_id bigint primary key,
    name text not null,
    service text not null,
    state text not null,
    tier text,
    living boolean not null,
    late boolean not null,
    faults bigint not null,
    next_due text,
    next_what text,
    judged_on text not null
);
create index cases_by_due on cases (next_due, case_id);

-- What is to be done in the world. The key is the identity of the thing: putting it twice puts it once.
create table outbox (
    key text primary key,
    kind text not null,
    dossier bigint not null,
    role text,
    rule text,
    payload text not null,
    state text not null,
    not_before bigint not null,
    claimed_until bigint not null,
    attempts bigint not null,
    last_error text,
    created_at bigint not null,
    done_at bigint
);
create index outbox_by_dossier on outbox (dossier);
create index outbox_to_do on outbox (not_before, key) where state = 'pending';

-- What was last written in each annotation, and how many times in a row: a value that does not hold is not retried for ever.
create table written (
    dossier bigint not null,
    key text not null,
    value text not null,
    times bigint not null,
    primary key (dossier, key)
);

-- Values that the platform refused or does not keep.
create table refused (
    dossier bigint not null,
    key text not null,
    value text not null,
    why text not null,
    at bigint not null,
    primary key (dossier, key, value)
);

-- Append-only: everything observed, judged and done.
create table journal (
    id text primary key,
    at bigint not null,
    kind text not null,
    dossier bigint,
    detail text not null
);
create index journal_by_dossier on journal (dossier, id);

create table settings (
    name text primary key,
    value text not null
);
