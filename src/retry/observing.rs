//! Reading what changed, and what is asked for by number.

use super::{DAY, Doubling, Duration, HOUR, MINUTE, SignedDuration};

/// Dossiers of a first page: champs and annotations are heavy, and the platform cuts at thirty seconds.
pub const PAGE: i64 = 30;
/// The platform gives no more (API §2.1).
pub const LARGEST_PAGE: i64 = 100;
/// A page grows when the larger one would come within so long, at the rate of the last one.
pub const QUICK: Duration = Duration::from_secs(8);
/// A page that took longer is followed by one of half its size, before the platform cuts.
pub const SLOW: Duration = Duration::from_secs(15);
/// Pages in a row that succeeded before a page that was made smaller grows again.
pub const PAGES_BEFORE_GROWTH: u32 = 3;
/// A dossier that the platform committed late may be before the cursor for this long at most (API §2.2).
pub const OVERLAP: SignedDuration = SignedDuration::from_mins(15);
/// A first reading longer than so many pages is cut in slices.
pub const FIRST_PAGES: usize = 1;
/// Slices of equal length that it begins with; an empty one costs a request.
pub const FIRST_SLICES: i64 = 4;
/// Slices read side by side. The requests of a minute are counted, whichever reader makes them.
pub const READERS: usize = 8;
/// A slice narrower than this is not cut any more.
pub const NARROW: SignedDuration = SignedDuration::from_secs(2);
/// A reader without a slice looks again after so long, in case it missed the notification.
pub const IDLE: Duration = Duration::from_millis(50);
/// Requests of the nightly reading in one pass: what changes during the night is read between two passes.
pub const SWEEP_REQUESTS: usize = 60;
/// Stored dossiers between the positions from which two pages of the list are asked for in one request: fewer than
/// a page holds, so that pages meet although dossiers were added, or stand in another order within one second.
pub const SWEEP_STEP: i64 = 90;
/// Dossiers of one request that stand elsewhere, above which the first page is read whole and not one by one.
pub const SWEEP_MOVED: usize = 20;
/// Between two nightly readings of whole dossiers: contents that change without any date (API §2.4) are seen within it.
pub const SWEEP_WHOLE: SignedDuration = SignedDuration::from_hours(7 * 24 - 12);
/// Dossiers asked for by number in one pass.
pub const ASKS: i64 = 200;

/// A dossier that could not be read, or is missing.
pub const ASIDE: Doubling = Doubling::new(SignedDuration::from_mins(10), DAY);
/// An attachment that the platform's antivirus has not looked at yet.
pub const SCAN: Doubling = Doubling::new(SignedDuration::from_mins(5), SignedDuration::from_hours(6));
/// A SIRET whose company the platform could not look up: its own source is away for hours.
pub const SIRET: Doubling = Doubling::new(HOUR, DAY);
/// An attestation that the platform makes after the decision.
pub const ATTESTATION: Doubling = Doubling::new(MINUTE, DAY);
/// An attestation that did not come within so many tries will not: the démarche has none.
pub const ATTESTATION_TRIES: i64 = 12;
/// Days after the decision (inclusive) during which an attestation is waited for.
pub const ATTESTATION_DAYS: i32 = 3;
