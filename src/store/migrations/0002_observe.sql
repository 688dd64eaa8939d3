-- What the observation needs to miss nothing and to read nothing twice.

-- Of the very text that came: a dossier seen again unchanged costs this comparison and nothing else.
alter table dossiers add column print text;
-- Its place in the platform's list (opaque, only compared) and when the platform last touched it.
alter table dossiers add column place text;
alter table dossiers add column modified bigint not null default 0;
-- The nightly reading that saw it last.
alter table dossiers add column swept bigint not null default 0;
create index dossiers_by_modified on dossiers (scope, modified);

-- False until the first reading came to its end.
alter table cursors add column filled boolean not null default true;
-- The walk through the trailing window: where it stands, when it began (0: none), when the one before began.
alter table cursors add column recents text;
alter table cursors add column recents_began bigint not null default 0;
alter table cursors add column recents_before bigint not null default 0;
-- The nightly reading: where it stands, when it began (0: none), when the last whole one began.
alter table cursors add column sweep text;
alter table cursors add column sweep_began bigint not null default 0;
alter table cursors add column swept_at bigint not null default 0;

-- Slices of a first reading, by the platform's dates; each goes on from its own cursor.
create table slices (
    scope text not null,
    since bigint not null,
    until bigint,
    place text,
    done boolean not null,
    primary key (scope, since)
);

-- Dossiers to be asked for by number: set aside, missing from the list, waiting for what moves no date.
create table asks (
    number bigint not null,
    why text not null,
    scope text not null,
    due_at bigint not null,
    attempts bigint not null,
    primary key (number, why)
);
create index asks_by_due on asks (scope, due_at);

-- Attachments that left without the candidate touching the dossier: the antivirus may have taken them.
create table vanished (
    dossier bigint not null,
    key text not null,
    name text not null,
    at bigint not null,
    primary key (dossier, key)
);

-- What each attachment was, the first time it was seen: the platform forgets finished dossiers long before a label ends.
create table evidence (
    dossier bigint not null,
    key text not null,
    checksum text not null,
    name text not null,
    bytes bigint not null,
    media_type text not null,
    seen_at bigint not null,
    -- the copy's name in the folder or bucket, when copies are kept
    kept text,
    primary key (dossier, key, checksum)
);

-- What each file turned out to be, by what it is read for: the same bytes are read once.
create table inspections (
    checksum text not null,
    purpose text not null,
    state text not null,
    inspection text,
    why text,
    attempts bigint not null,
    due_at bigint not null,
    at bigint not null,
    primary key (checksum, purpose)
);
