-- People who signed in, until their session ends; what their browser holds is known by its hash alone.
create table sessions (
    print text not null primary key,
    provider text not null,
    address text not null,
    person text not null,
    hint text not null,
    opened_at bigint not null,
    ends_at bigint not null
);
create index sessions_end on sessions (ends_at);
create index sessions_address on sessions (address);
