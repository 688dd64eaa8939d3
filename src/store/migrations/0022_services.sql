-- All services in one list, found by the domain of their contact and by their département too.
alter table cases add column contact_domain text not null default '';
create index cases_by_departement on cases (departement);
create index cases_by_contact on cases (contact_domain);
-- Each case is judged once more, which writes its domain.
update cases set next_look = '';
