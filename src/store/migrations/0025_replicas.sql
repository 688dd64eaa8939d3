-- Processes that share one database: which of them observes, who is there, and what each may ask of the platform.
create table leases (
    name text primary key,
    holder text not null,
    -- Grows with each new holder.
    fence bigint not null,
    -- Microseconds, by the clock of the database.
    until bigint not null,
    -- PostgreSQL lets the holder renew its lease while a transaction of its own has read the number, and nobody take it.
    unique (name, fence)
);
insert into leases (name, holder, fence, until) values ('observer', '', 0, 0), ('quota', '', 0, 0);

create table replicas (
    id text primary key,
    name text not null,
    -- The session that ends with the process; 0: none.
    session bigint not null,
    -- A hash of the settings by which it acts.
    acts text not null,
    started_at bigint not null,
    seen_at bigint not null
);

create table quotas (
    token text not null,
    replica text not null,
    granted bigint not null,
    until bigint not null,
    primary key (token, replica)
);

alter table outbox add column claimed_by text not null default '';
-- When the annotations of a dossier were last written by us.
alter table dossiers add column written_at bigint not null default 0;
