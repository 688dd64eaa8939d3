//! In whose name letters are written: the body's name, its address, its logo; and where the platform's pages are.

use label::outgoing::Platform;

use super::logo::Logo;

/// The same in every letter.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    /// The body; empty: the name in the sender's address.
    pub name: String,
    /// Lines of its postal address, or of anything that it signs with.
    pub address: Vec<String>,
    pub telephone: Option<String>,
    pub logo: Option<Logo>,
    pub platform: Platform,
}
