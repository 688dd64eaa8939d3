//! Read-only pages over what vigie stores. They read the store and show reviews; what a person
//! decides on them ([`mails_to_come`], [`settling`], [`kept`]) is all that they write.
//!
//! One file a screen: [`work_list`], [`case_page`] (with [`case_parts`], [`time_line`], [`evidence`], [`told`] and, for a
//! central service, [`central_page`] and [`annex`]), [`journal`], [`health`], [`year`] and [`details`] (drawings and figures of what was judged); [`api`] says the same to programs; [`demo`] adds the simulated clock and the mailbox.
//! [`router`] has every address. Templates and assets are compiled in: no build step, no remote asset, no inline script.

pub mod access;
mod annex;
mod api;
mod app_state;
mod behind;
mod calendar;
mod callback;
mod case_page;
mod case_parts;
mod central_page;
mod counted;
mod decision_sheet;
pub mod demo;
mod details;
mod draw;
mod error_page;
mod evidence;
mod exposition;
mod figures;
mod filters;
pub mod health;
pub mod journal;
mod kept;
mod labels;
mod legal;
mod list_file;
mod mails_to_come;
mod menu;
mod metrics;
mod open_data;
mod own_path;
mod owned;
mod page_error;
mod register;
mod router;
mod said;
mod serve;
mod services;
mod settling;
mod sheets;
mod shortcuts;
pub mod site;
mod situation;
mod statistics;
pub mod story;
mod sync;
mod templates;
mod time_line;
mod told;
mod traced;
mod views;
mod work_file;
mod work_list;
mod year;

pub use app_state::{AppState, Requests};
pub use own_path::OwnPath;
pub use page_error::PageError;
pub use router::{metrics_router, router};
pub use serve::serve;
