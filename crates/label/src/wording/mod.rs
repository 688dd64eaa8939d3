//! Every French sentence about a judgement: findings, deadlines, mails.
//!
//! One folder in place of one file, so that each file stays short: [`names`] for words and dates, [`fields`] for the
//! form, [`findings`] for what the rules say (`recount` and `beside` for what tables say, `unread` for what cannot be used, [`found`] as the store keeps it), [`letters`] and [`notices`] for mails,
//! `central` for what a central service reads of its network, [`network`] for what is missing there, [`perimeter`] for
//! sites and domains, [`bodies`] for several bodies in one installation, [`situation`] for the simulator of candidates, [`addressed`] for what each letter says of its service, [`agreement`] for numbers and limits, [`digest`] and [`monthly`] for the mails that carry several, [`messages`] for those on the
//! platform, [`exports`] for what is read from spreadsheets, [`open_data`] for the open files of the register, [`legal`] for the pages that law asks for, [`journal`] for what is written about each action, [`draw`] for the page of a draw, [`webhooks`] for what is printed about receivers, [`decision_sheet`] for the page of the committee, [`passes`] for what `run` prints, [`platform`] for what it refuses, [`reaching`] for servers that are not reached, [`store`] for a base that is not opened. Pages keep their own
//! headings in `web/templates`.

pub mod addressed;
pub mod again;
pub mod agreement;
pub mod alarms;
pub mod api;
mod beside;
pub mod boards;
pub mod bodies;
mod body;
pub mod callback;
mod candidate;
pub mod cause;
mod central;
mod coherence;
mod contact;
pub mod corrections;
pub mod dates_gone;
pub mod decided;
pub mod decision_sheet;
pub mod differences;
pub mod digest;
pub mod draw;
pub mod drawings;
pub mod exports;
pub mod fields;
pub mod findings;
mod follow_up;
pub mod form;
pub mod found;
pub mod freshness;
pub mod init;
pub mod journal;
mod label_end;
mod late;
pub mod legal;
pub mod letterhead;
pub mod letters;
pub mod lists;
pub mod mail_server;
pub mod messages;
pub mod monthly;
pub mod names;
pub mod network;
pub mod notices;
pub mod open_data;
pub mod passes;
pub mod perimeter;
pub mod platform;
pub mod questions;
pub mod reaching;
pub mod record;
mod recount;
pub mod rules_change;
pub mod shortcuts;
pub mod sign_in;
pub mod situation;
mod sourced;
pub mod standing;
pub mod statement;
pub mod store;
pub mod story;
mod surveys;
pub mod suspension;
pub mod template;
pub mod tiers;
mod unread;
pub mod webhooks;
pub mod zones;

pub use coherence::{identity, outcome};
pub use findings::{due_line, finding, level};
pub use names::{date_full, date_short, state, tier};
pub use tiers::{network_text, tier_text};
