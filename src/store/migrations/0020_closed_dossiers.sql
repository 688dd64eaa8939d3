-- Cases that are over are looked at again too, on the days of the reminders that the platform deletes one of their dossiers.
drop index cases_to_look_at;
create index cases_to_look_at on cases (next_look);
