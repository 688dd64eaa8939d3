//! Démarche numérique, the platform: the only folder that calls its API. It may name the label's facts and keys, never
//! a rule and never the store.
//!
//! [`Dn`] sends typed operations (`queries`, made from `graphql/`) through `transport`, which retries what may pass later;
//! `pace` says when a request may leave, `answer` and `meaning` make an [`Error`] of what failed. `observe` asks for a
//! [`Page`] and `page` takes it apart; `list` asks for pages without contents; `dossier` is the shape of one dossier and `translate` makes [`Facts`](label::case::facts::Facts) of it. [`form`],
//! [`resolve`] and [`propose`] find the fields of `form.toml` in the live form; `write` writes annotations, [`messages`]
//! what the candidate reads, [`files`] fetches attachments.

mod answer;
mod ask;
mod certificate;
mod chosen;
mod client;
mod dossier;
mod error;
pub mod files;
pub mod form;
mod json;
mod keys;
mod kind;
mod list;
mod live;
mod meaning;
pub mod messages;
mod numbers;
mod observe;
mod pace;
mod page;
pub mod propose;
mod queries;
pub mod resolve;
mod scalars;
mod siret;
pub mod token;
mod translate;
mod transport;
mod words;
mod write;

pub use ask::{Ask, Cursors, Streams};
pub use client::{Dn, Scope};
pub use error::{Error, RefusalRemedy, Trouble};
pub use keys::SectionKeys;
pub use kind::RequestKind;
pub use list::LIST_PAGES;
pub use pace::Quota;
pub use page::{Gone, ListPage, Listed, Page, RawDossier};
pub use transport::{Counters, Endpoint};
pub use write::Written;
