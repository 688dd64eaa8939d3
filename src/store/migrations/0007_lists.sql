-- What the journal's page and the calendars look up.
create index journal_by_kind on journal (kind, id);
create index outbox_by_state on outbox (state, kind, not_before);
