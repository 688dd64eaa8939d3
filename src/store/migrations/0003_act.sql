-- What the delivery of mails needs: once for each reader, few a day, with the server's answer.

-- 'now' leaves by itself; 'digest' waits for the body's daily mail; 'overflow' for the one mail that replaces a flood.
alter table outbox add column lane text not null default 'now';
-- The mail that carried it, when it did not leave by itself.
alter table outbox add column bundle text;
-- Print of the address it went to: the addresses themselves stand in the dossiers alone.
alter table outbox add column recipient text;
-- Prints of the addresses that accepted it, while others could not take it yet.
alter table outbox add column reached text not null default '';
-- What the mail server answered.
alter table outbox add column answer text;
create index outbox_by_bundle on outbox (bundle) where bundle is not null;
create index outbox_by_recipient on outbox (recipient, done_at) where recipient is not null;
create index outbox_by_lane on outbox (lane, role) where state = 'pending' and lane <> 'now';

-- Addresses that a server refused for good, by their print: not written to again until they change.
create table refused_addresses (
    address text primary key,
    dossier bigint not null,
    why text not null,
    at bigint not null
);
create index refused_addresses_by_dossier on refused_addresses (dossier);

-- Who was told what and why: the journal's lines about mails say it in columns.
alter table journal add column role text;
alter table journal add column rule text;
alter table journal add column key text;
alter table journal add column answer text;
