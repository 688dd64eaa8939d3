-- What the platform's spreadsheets said of each dossier, column by column: for bodies without a token.
create table exported (
    dossier bigint primary key,
    life text not null
);
