-- The mails of one state, the latest first: a page of those that left costs the page, and not all that ever left.
create index outbox_mails on outbox (state, created_at, key) where kind = 'mail';
