-- The mails to others than the certification body that will leave in the days to come, as worked out once a day.
create table coming (
    key text primary key,
    dossier bigint not null,
    case_id bigint not null,
    role text not null,
    rule text not null,
    leaves text not null,
    service text not null,
    payload text not null
);
create index coming_by_day on coming (leaves, key);
