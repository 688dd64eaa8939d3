//! Mail: a letter becomes a message (text, HTML, calendar), which is sent by SMTP or kept in a folder or in memory.
//!
//! It may name `label`'s types, and uses neither the store nor a rule. No address is ever logged: [`masked`]. Begin
//! with `mailer`; `message` makes the message from the letter (`view`) and who writes it (`letterhead`), `calendar` its
//! events, `smtp` talks to the server.

mod address;
mod calendar;
mod drop_folder;
mod error;
mod header;
mod letterhead;
mod logo;
mod mailer;
mod message;
mod outgoing;
mod parts;
pub mod returned;
mod sender;
mod server;
mod smtp;
mod view;

pub use address::{masked, recipients};
pub use drop_folder::{DropFolder, Dropped};
pub use error::{Certainty, MailError, Receipt, Refusal};
pub use header::identifier;
pub use letterhead::Letterhead;
pub use logo::{Logo, LogoError};
pub use mailer::{Kept, Mailer};
pub use outgoing::{Attached, Outgoing};
pub use parts::{MailFile, MailParts};
pub use returned::{DeliveryReport, Recipient, Returned, Verdict};
pub use server::MailServer;
