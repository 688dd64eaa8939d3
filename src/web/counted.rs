//! The last count of the statistics, kept between requests.

use std::sync::Arc;

use jiff::civil::Date;
use tokio::sync::{Mutex, RwLock};

use crate::register::statistics::Statistics;

/// The statistics of an edition and a day: counted again when either changes.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub(super) kept: Arc<RwLock<Option<Edition>>>,
    /// Held while counting: one count at a time.
    pub(super) turn: Arc<Mutex<()>>,
}

/// Of which edition and day they are.
pub(super) type Edition = (String, Date, Arc<Statistics>);
