//! Who may see which page. What is not listed in [`area()`] is for the certification body alone: a page that is added and
//! forgotten here is closed, not open.
//!
//! Somebody is known by a session that a sign-in opened ([`session`], [`provider`], [`sign_in`]), or by a header of a
//! proxy that is trusted. Pages that only the machine itself can reach ask nobody.

mod area;
pub(crate) mod gate;
pub mod nets;
mod origin;
#[cfg_attr(not(feature = "oidc"), path = "no_provider.rs")]
pub mod provider;
pub mod sealed;
pub mod session;
pub mod sign_in;
pub(crate) mod viewing;
pub(crate) mod who;

pub use area::{Area, area, may};
pub use viewing::{Access, Door};
pub use who::{UserRole, UserRoles, Viewer, Who};
