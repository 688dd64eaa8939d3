//! Every wait, lease, number of tries, time limit and batch size of the program, by who uses it.
//!
//! A wait that is stored (« not before ») is a [`SignedDuration`], a limit of the runtime is a [`Duration`]; both carry
//! their unit. Sizes in bytes and lines shown on a page are defined beside what they bound, not here.

use std::num::NonZeroU32;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// `wait` after `now`; the last instant that exists when there is none so late.
#[must_use]
pub fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(now)
}

/// A wait that doubles with each try that failed, up to a longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubling {
    first: SignedDuration,
    longest: SignedDuration,
}

impl Doubling {
    #[must_use]
    pub const fn new(first: SignedDuration, longest: SignedDuration) -> Doubling {
        Doubling { first, longest }
    }

    /// The wait before the next try. `earlier`: the tries that failed before the one that failed just now.
    #[must_use]
    pub fn after(self, earlier: i64) -> SignedDuration {
        let factor = 1_i32 << earlier.clamp(0, 30);
        self.first.checked_mul(factor).map_or(self.longest, |wait| wait.min(self.longest))
    }
}

/// Requests to the platform and its file hosts (`dn`).
pub mod platform {
    use super::Duration;

    pub const CONNECT: Duration = Duration::from_secs(10);
    /// The platform cuts a query after 30 s; a proxy in front of it may be slower to say so.
    pub const REQUEST: Duration = Duration::from_secs(45);
    /// Of one request, before the pass gives up. A pass is tried again at the next poll.
    pub const TRIES: usize = 4;
    /// Before the second try; doubled for each later one.
    pub const FIRST_WAIT: Duration = Duration::from_millis(500);
    pub const LONGEST_WAIT: Duration = Duration::from_secs(20);
    /// Within which requests are counted: the platform's whole minute (API §1.6).
    pub const COUNTED: Duration = Duration::from_secs(60);
    /// The longest that one file may take, however large.
    pub const FILE_LONGEST: Duration = Duration::from_secs(300);
    /// The time that a file is given, however small.
    pub const FILE_LEAST: Duration = Duration::from_secs(20);
    /// Bytes a second: a slower file would delay all the others.
    pub const FILE_RATE: u64 = 100_000;
    /// Between two lines of log that say how far a first reading is.
    pub const PROGRESS: Duration = Duration::from_secs(60);
}

/// Attachments: fetched, and inspected in a child process.
pub mod attachments {
    use super::{Doubling, Duration, SignedDuration};

    /// Dossiers whose attachments are read in one pass: a first night is long, and polls go on during it.
    pub const DOSSIERS: i64 = 40;
    /// Dossiers gone through in one pass for files that an older version inspected: new files do not wait for them.
    pub const LOOKED_AGAIN: i64 = 20;
    /// After so long no other file is begun in this pass: one slow host delays no mail and no judgement.
    pub const BUDGET: Duration = Duration::from_secs(60);
    /// A file that came altered so many times is altered at its source.
    pub const ALTERED_TRIES: i64 = 3;
    /// A file that could not be fetched or inspected.
    pub const WAIT: Doubling = Doubling::new(SignedDuration::from_mins(5), SignedDuration::from_hours(6));
    /// Wall clock of the child process; [`PROCESSOR_SECONDS`] bounds its processor time.
    pub const INSPECTION: Duration = Duration::from_secs(30);
    pub const PROCESSOR_SECONDS: u64 = 10;
    /// Wall clock of listing one zip of attachments, over all its children.
    pub const ZIP_LISTING: Duration = Duration::from_secs(600);
    /// The answer of clamd on one file.
    pub const ANTIVIRUS: Duration = Duration::from_secs(60);
    /// Its answer to a question that brings no file.
    pub const ANTIVIRUS_GREETING: Duration = Duration::from_secs(10);
}

/// Copies of attachments, in an S3-compatible bucket.
pub mod copies {
    use super::Duration;

    pub const CONNECT: Duration = Duration::from_secs(10);
    /// A large file on a slow line.
    pub const PUT: Duration = Duration::from_secs(300);
    /// A signature is used at once; the rest is for clocks that differ.
    pub const SIGNATURE: Duration = Duration::from_secs(600);
}

/// Mails.
pub mod mails {
    use super::{Doubling, Duration, HOUR, MINUTE, NonZeroU32, SignedDuration};

    /// After so long another process may take the mail: longer than its handling may last, so that it is not sent twice.
    pub const LEASE: SignedDuration = SignedDuration::from_mins(20);
    pub const BATCH: i64 = 50;
    /// After so long no other mail is begun in this pass, and the next pass follows at once: a slow server delays no poll.
    pub const BUDGET: Duration = Duration::from_secs(20);
    /// A mail, annotation or message about a dossier whose stored row cannot be read: the dossier is asked for first.
    pub const UNREADABLE: SignedDuration = SignedDuration::from_mins(5);
    /// No number of tries: a mail is tried until it is sent, refused for good, or no longer wanted.
    pub const WAIT: Doubling = Doubling::new(MINUTE, SignedDuration::from_mins(256));
    /// An address, or a message, that was refused for good: it is believed on another day only.
    pub const REFUSED: Doubling = Doubling::new(HOUR, SignedDuration::from_hours(12));
    /// The answer to one command.
    pub const COMMAND: Duration = Duration::from_secs(60);
    pub const TRIAL: Duration = Duration::from_secs(15); // the same, in a trial that somebody looks at
    /// The answer to a whole message (RFC 5321 §4.5.3.2.6 asks for ten minutes): whoever gives up earlier sends it twice.
    pub const VERDICT: Duration = Duration::from_secs(300);
    /// No other address of a mail is tried after so long.
    pub const HANDLING: Duration = Duration::from_secs(120);
    /// A free connection.
    pub const SEAT: Duration = Duration::from_secs(120);
    /// Connections to one server, unless `mail.connections` says otherwise: few servers take more than ten of one client.
    pub const CONNECTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
    /// A connection that was silent for longer is asked whether it is still there.
    pub const IDLE: Duration = Duration::from_secs(15);
    /// The answer to QUIT, which changes nothing.
    pub const FAREWELL: Duration = Duration::from_secs(1);
    /// Mails in a row that are refused for good because of us, or not taken now, after which the others wait for the next
    /// pass: a server that counts refusals lists the client.
    pub const REFUSALS: usize = 5;
    pub const DELAYS: usize = 50;
}

/// Webhooks.
pub mod webhooks {
    use super::{Duration, MINUTE, SignedDuration};

    pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
    pub const BATCH: i64 = 50;
    /// One POST.
    pub const TRY: Duration = Duration::from_secs(15);
    /// The other notices of a receiver that did not answer in this pass.
    pub const MUTE: SignedDuration = MINUTE;
    /// Seconds, as Standard Webhooks has them: three days in all, then a person must look.
    const WAITS: [i64; 9] =
        [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];

    /// The wait before the next try; `None` when there is none. `earlier`: the tries that failed before the one that
    /// failed just now.
    #[must_use]
    pub fn wait(earlier: i64) -> Option<SignedDuration> {
        let seconds = usize::try_from(earlier).ok().and_then(|earlier| WAITS.get(earlier));
        seconds.copied().map(SignedDuration::from_secs)
    }
}

/// Annotations.
pub mod annotations {
    use super::{Doubling, HOUR, MINUTE, SignedDuration};

    pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
    pub const BATCH: i64 = 50;
    /// A dossier is annotated once its attachments are read, and after so long in any case: what they show would change what was
    /// written a moment before.
    pub const FILES: SignedDuration = SignedDuration::from_mins(30);
    /// Attachments that could not be read in so many tries are not waited for.
    pub const FILE_TRIES: i64 = 1;
    /// The platform failed, or hides the dossier.
    pub const WAIT: Doubling = Doubling::new(MINUTE, SignedDuration::from_mins(64));
    /// The form or the dossier's group changed: that lasts until a person has looked.
    pub const CHANGED: Doubling = Doubling::new(HOUR, SignedDuration::from_hours(64));
    /// The platform refused the token: no other write is tried in this pass.
    pub const REFUSED: SignedDuration = MINUTE;
    /// The answer to a write was lost: the dossier is read first.
    pub const UNHEARD: SignedDuration = MINUTE;
    /// Writes whose answers were lost in a row, before one waits [`UNHEARD`] although the dossier could be read.
    pub const UNHEARD_TRIES: i64 = 4;
}

/// Messages to the candidate, on the platform.
pub mod messages {
    use super::{Doubling, HOUR, MINUTE, SignedDuration};

    /// Longer than any request may last: what an earlier try began is then visible, or will never be.
    pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
    pub const BATCH: i64 = 50;
    /// The platform failed.
    pub const WAIT: Doubling = Doubling::new(SignedDuration::from_mins(2), SignedDuration::from_mins(64));
    /// The platform does not show the dossier, or it changed: that lasts.
    pub const CHANGED: Doubling = Doubling::new(HOUR, SignedDuration::from_hours(32));
    /// The platform refused the token: no other write is tried in this pass.
    pub const REFUSED: SignedDuration = MINUTE;
}

/// When the body is told that vigie can no longer do its work.
pub mod alarms {
    use super::SignedDuration;

    /// The platform has not answered for so long. A refusal is told at once: a person must act.
    pub const AWAY: SignedDuration = SignedDuration::from_hours(6);
    /// Bytes left on the disk of the store.
    pub const ROOM: u64 = 200 * 1024 * 1024;
    /// This machine's clock and the platform's differ by so much.
    pub const CLOCK: SignedDuration = SignedDuration::from_mins(5);
    /// A mail that may not leave because its section was not read for too long looks again after so long.
    pub const LOOK: SignedDuration = SignedDuration::from_hours(1);
}

/// Passes: when the next one begins, and how much of the store it takes at once.
pub mod passes {
    use super::{Doubling, Duration, HOUR, SignedDuration};

    /// How long the action under way may last once a stop is asked for, unless `schedule.stop_within` says otherwise.
    pub const STOP_WITHIN: Duration = Duration::from_secs(20);
    /// `run --once` waits so long at most for tasks that another process has taken, or took before it was killed.
    pub const CLAIMED: SignedDuration = SignedDuration::from_secs(30);
    /// How often the wall clock is looked at while nothing is due: a machine that wakes from sleep polls so soon after,
    /// though the timer of the runtime did not advance while it slept.
    pub const LOOK: Duration = Duration::from_secs(20);
    /// Before the next pass when the expression of the schedule names no further time.
    pub const NO_TIME: Duration = Duration::from_secs(3600);
    /// Between a call of the platform and the pass that it brings forward: those that come meanwhile make no other one.
    pub const WOKEN: Duration = Duration::from_secs(5);
    /// After passes that panicked in a row: an hour is the longest wait that a person does not notice too late.
    pub const AFTER_PANIC: Doubling = Doubling::new(SignedDuration::from_secs(30), HOUR);
    /// A pass ends when nothing is left to do; its own writes make it read once more. Beyond this something loops.
    pub const ROUNDS: usize = 6;
    /// Dossiers judged at once: the memory of a pass does not grow with the démarche.
    pub const JUDGED: i64 = 100;
    /// A judgement marks its neighbours (a central, its locals), which are then judged again: at most so often in a pass.
    pub const JUDGING: usize = 4;
    /// Cases of the work list that a command reads at once.
    pub const CASES: i64 = 200;
    /// Lines of the register or of the journal read at once.
    pub const LINES: i64 = 500;
}

pub mod api;
pub mod observing;
pub mod replicas;
pub mod watching;

/// The database.
pub mod store {
    use super::Duration;

    /// For the other writer (SQLite), or for a free connection (PostgreSQL).
    pub const BUSY: Duration = Duration::from_secs(10);
    pub const POSTGRES_CONNECTIONS: u32 = 8;
    /// One more try, to learn why there was no connection.
    pub const CAUSE: Duration = Duration::from_secs(5);
    /// A connection that was not used for longer is tested before it is used again.
    pub const SURE: Duration = Duration::from_secs(5);
    /// Readers on one SQLite file; the writer of what was done has a connection of its own.
    pub const SQLITE_CONNECTIONS: u32 = 4;
    /// A value that was changed back after so many writes in a row is not written again.
    pub const WRITES: i64 = 3;
    /// The largest family that is judged together; more dossiers under one SIRET are a fault of the data.
    pub const FAMILY: usize = 500;
    /// Dossiers of several families that are read at once: they are all in memory.
    pub const TOGETHER: usize = 1000;
    /// Dossiers that name one central service, as far as they are read.
    pub const NETWORK: i64 = 5000;
    /// Times that a transaction is done again after another one won over it.
    pub const DEADLOCKS: u32 = 3;
    /// Values in one list of a query: the engines bound their number.
    pub const VALUES: usize = 10_000;
    /// Cases up to which a filter of the work list names them one by one (inclusive).
    pub const NARROWED: usize = 3000;
}

/// Pages in the browser.
pub mod pages {
    use super::{Duration, SignedDuration};

    /// One request.
    pub const REQUEST: Duration = Duration::from_secs(30);
    /// The head of a request, from the first byte that is waited for to the last.
    pub const HEADERS: Duration = Duration::from_secs(10);
    /// Bytes of that head.
    pub const HEAD: usize = 64 * 1024;
    /// A reader who takes longer than this leaves the place to somebody else, when there is no other.
    pub const READER: Duration = Duration::from_secs(120);
    /// Connections at once, where the process may open enough files.
    pub const CONNECTIONS: usize = 512;
    /// Before the next accept, after one that failed.
    pub const ACCEPT: Duration = Duration::from_millis(100);
    /// Pages that are made at once; the others wait their turn.
    pub const AT_ONCE: usize = 32;
    /// How long open connections may delay the end of the program, after the last pass.
    pub const DRAIN: Duration = Duration::from_secs(5);
    /// One answer of the provider where people sign in.
    pub const PROVIDER: Duration = Duration::from_secs(10);
    /// What keys of that provider are kept for; a signature by another one has them read at once.
    pub const PROVIDER_KEYS: SignedDuration = SignedDuration::from_mins(10);
    /// One sign-in at the provider, from the link to the return.
    pub const SIGN_IN: SignedDuration = SignedDuration::from_mins(10);
    /// When the last complete reading is older than this, every page says so.
    pub const FRESH: SignedDuration = SignedDuration::from_mins(15);
    /// A complete pass older than this makes `/readyz` fail.
    pub const READY: SignedDuration = SignedDuration::from_mins(30);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_of_a_mail_doubles_up_to_its_longest() {
        let minutes: Vec<i64> = (0..11).map(|earlier| mails::WAIT.after(earlier).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
    }

    #[test]
    fn the_wait_of_a_webhook_grows_to_a_day_and_ends_after_three() {
        let waits: Vec<i64> = (0..20).map_while(webhooks::wait).map(|wait| wait.as_secs()).collect();
        assert!(waits.is_sorted_by(|wait, next| wait < next), "{waits:?}");
        assert_eq!((waits.first(), waits.last()), (Some(&5), Some(&(24 * 3600))));
        assert_eq!(waits.iter().sum::<i64>() / 3600, 75);
        assert_eq!(webhooks::wait(-1), None);
    }

    #[test]
    fn a_doubling_overflows_nowhere() {
        for earlier in [i64::MIN, -1, 0] {
            assert_eq!(observing::SCAN.after(earlier).as_mins(), 5);
        }
        let endless = Doubling::new(SignedDuration::MAX, SignedDuration::MAX);
        assert_eq!(endless.after(i64::MAX), SignedDuration::MAX);
        assert_eq!(later(Timestamp::MAX, DAY), Timestamp::MAX);
    }

    #[test]
    fn a_lease_outlives_the_try_that_it_covers() {
        // Two conversations when the first connection was worn, each twice two commands long before the message.
        let conversations = 8 * mails::COMMAND + mails::VERDICT;
        assert!(mails::LEASE.unsigned_abs() > mails::SEAT + mails::HANDLING + conversations);
        assert!(webhooks::LEASE.unsigned_abs() > webhooks::TRY);
        assert!(replicas::FORGOTTEN > mails::LEASE.unsigned_abs());
    }

    #[test]
    fn another_process_observes_within_a_minute() {
        assert!(replicas::LEASE + replicas::BEAT + replicas::BEAT_WITHIN < Duration::from_secs(60));
        // A beat that fails once does not cost the lease, nor does one process seem gone before its lease is over.
        assert!(replicas::LEASE > replicas::BEAT * 2 + replicas::BEAT_WITHIN);
        assert!(replicas::SILENT > replicas::LEASE * 2);
    }
}
