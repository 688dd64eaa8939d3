-- Programs that read the API; what they carry is known by its hash alone. Days are those of Paris, as text.
create table tokens (
    print text not null primary key,
    seat text not null,
    name text not null,
    created_on text not null,
    ends_on text,
    used_on text
);
