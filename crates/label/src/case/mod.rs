//! A case: one service's life, assembled from the facts of its dossiers. Pure: the same facts give the same cases.
//! It may name `guide`, `address` and `folding` only. Look first at [`facts`], then at [`assemble()`].

mod assembly;
pub mod awarded;
pub mod beside;
mod body;
pub mod cells;
mod contact;
mod contents;
mod event;
pub mod facts;
mod frame;
pub mod grid_points;
pub mod inspection;
pub mod keys;
pub mod lost_pieces;
pub mod proofs;
mod service;
mod settled;
pub mod table;
mod zone;

pub use assembly::{Histories, Remembered, assemble};
pub use body::{BodyDoubt, body_name, body_of};
pub use contact::{Contact, ContactDoubt, Instead};
pub use contents::{Case, Doubt, Held, Local, LocalResult};
pub(crate) use event::has_table;
pub use event::{
    Decision, Event, decision_is_untold, is_emptied, postponements, present_event, remember, unreadable_rows,
};
pub use frame::{Body, DayOff, Frame};
pub use service::{Demande, Service};
pub use settled::Settled;
pub(crate) use zone::calendar;
pub use zone::{ZoneOrigin, ZoneUsed};
