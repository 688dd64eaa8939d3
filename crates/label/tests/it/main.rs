//! The rules proved without the program: `cargo test -p label` needs no database, no network and no binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says so")]
#![expect(clippy::disallowed_methods, reason = "some tests read the catalogue and the sources")]

mod boards;
mod cases;
mod guide_contents;
mod guide_examples;
mod guide_properties;
mod judgement;
mod letters;
mod life;
mod mail_keys;
