-- Links that most dossiers do not have are not worth a line in an index for each.
drop index dossiers_by_previous;
create index dossiers_by_previous on dossiers (previous) where previous is not null;
drop index dossiers_by_central;
create index dossiers_by_central on dossiers (central) where central is not null;
drop index dossiers_by_case;
create index dossiers_by_case on dossiers (case_id) where case_id is not null;
