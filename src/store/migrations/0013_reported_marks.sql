-- The marks of a dossier as they were first read once its report was sent: a report's marks are not revised.
create table reported_marks (
    dossier bigint not null,
    -- the day on which the report was sent: a report sent again has its own marks
    report text not null,
    key text not null,
    -- JSON of the value
    value text not null,
    primary key (dossier, report, key)
);
