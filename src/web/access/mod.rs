//! Who may see which page. What is not listed in [`area()`] is for the certification body alone: a page that is added and
//! forgotten here is closed, not open.
//!
//! Somebody is known by a session that a sign-in opened ([`session`], [`provider`], [`sign_in`]), or by a header of a
//! proxy that is trusted; a program that reads the API by a token (`bearer`). Pages that only the machine itself can reach
//! ask nobody.

mod area;
mod bearer;
pub(crate) mod gate;
pub mod hosts;
pub(crate) mod named;
pub mod nets;
pub mod oidc;
pub(in crate::web) mod origin;
#[cfg_attr(not(feature = "oidc"), path = "no_provider.rs")]
pub mod provider;
mod refused;
mod routes;
pub mod sealed;
pub mod session;
mod sign_in;
mod sign_out;
pub(crate) mod viewing;
pub(crate) mod who;

pub use area::{Area, area, is_api, may};
pub use bearer::TOKEN_PREFIX;
pub(crate) use routes::routes;
pub use viewing::{Access, Door, SignInDoor};
pub use who::{Doubt, Seat, UserRole, UserRoles, Viewer, Who};
