//! One integration binary: scenarios over the simulator, both stores, the command line, the pages, the rules about
//! sources.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says so"
)]

mod access;
mod addresses;
mod api;
mod architecture;
mod bench;
mod bodies;
mod calendar_files;
mod callback;
#[path = "../../crates/label/tests/it/cases.rs"]
mod cases;
mod check_changes_nothing;
mod cli;
mod coming;
mod copies;
mod corrections;
mod corrections_given_up;
mod crowd;
mod demo;
mod documents;
mod dossier_notices;
mod draw_page;
mod environment;
mod exports;
mod exports_doubtful;
mod exports_odd;
mod exports_shown;
mod exports_twins;
mod exports_zip;
mod faults;
mod fence;
mod figures;
mod forget;
mod good_news;
mod graphql;
mod grid_columns;
mod grid_points;
mod guide_reached;
mod init;
mod inspected_again;
mod journeys;
mod judged_print;
mod lists;
mod lives;
mod mail_delivery;
mod mail_replies;
mod mail_server;
mod mails;
mod mails_to_come;
mod matrix;
mod messages;
mod missing_keys;
mod networks;
mod observe;
mod one_write;
mod open_data;
mod other_form;
mod outlets;
mod own_paths;
mod pages;
mod panics;
mod platform_form;
mod private_fields;
mod proposed_forms;
mod quiet;
mod reaching;
mod real_tables;
mod recipe;
mod record;
mod record_lives;
mod record_rules;
mod register;
mod replicas;
mod replicas_campaign;
mod returned;
mod running;
mod sections;
mod settling;
mod several_decisions;
mod since_award;
mod situation_page;
mod smtp;
mod stop;
mod store;
mod store_full;
mod store_judging;
mod store_lists;
mod store_pooler;
mod store_unreadable;
mod store_work;
mod sweep;
mod table_journeys;
mod tables;
mod typed_values;
mod upgrades;
mod web;
mod webhooks;
mod window;
mod written_forms;
