//! One delivery of mails: what the server has answered so far, and what those under way at once share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use super::standing::Away;
use crate::mail::{MailError, Receipt};
use crate::retry::mails;

/// One delivery, as all mails under way at once see it.
pub(super) struct Round {
    began: Instant,
    /// The server took or refused a mail: what it says of the others is worth asking.
    answers: AtomicBool,
    /// The server is not worth another mail in this pass.
    mute: AtomicBool,
    /// Mails in a row refused because of us, and not taken now.
    refusals: AtomicUsize,
    delays: AtomicUsize,
    /// Mails that each reader has had today, with those under way.
    pub(super) had: Mutex<BTreeMap<String, i64>>,
    /// The sections that cannot be read now: what is said of their dossiers is what was known.
    pub(super) away: Away,
    /// Whoever writes into the store holds one of these: writers of one file that meet wait longer for its lock.
    pens: Semaphore,
}

impl Round {
    /// `writers`: how many the store takes at once.
    pub(super) fn new(writers: usize, away: Away) -> Round {
        Round {
            began: Instant::now(),
            answers: AtomicBool::default(),
            mute: AtomicBool::default(),
            refusals: AtomicUsize::default(),
            delays: AtomicUsize::default(),
            had: Mutex::default(),
            away,
            pens: Semaphore::new(writers),
        }
    }

    pub(super) fn is_mute(&self) -> bool {
        self.mute.load(Ordering::SeqCst)
    }

    pub(super) fn is_over(&self) -> bool {
        self.began.elapsed() > mails::BUDGET
    }

    /// The server took or refused a mail.
    pub(super) fn answers(&self) -> bool {
        self.answers.load(Ordering::SeqCst)
    }

    /// No other mail is begun.
    pub(super) fn end(&self) {
        self.mute.store(true, Ordering::SeqCst);
    }

    /// Held while the store is written; the semaphore is never closed.
    pub(super) async fn pen(&self) -> Option<SemaphorePermit<'_>> {
        self.pens.acquire().await.ok()
    }

    /// Notes what a receipt says of the server.
    pub(super) fn hear(&self, receipt: &Receipt) {
        self.answers.fetch_or(!receipt.mute, Ordering::SeqCst);
        let count = |counter: &AtomicUsize, counts: bool, most: usize| match counts {
            true => counter.fetch_add(1, Ordering::SeqCst) + 1 >= most,
            false => {
                counter.store(0, Ordering::SeqCst);
                false
            }
        };
        let us = matches!(receipt.later, Some(MailError::RefusesUs(_)));
        let too_many = count(&self.refusals, us, mails::REFUSALS);
        let too_slow = count(&self.delays, receipt.later.is_some(), mails::DELAYS);
        self.mute.fetch_or(receipt.mute || too_many || too_slow, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round() -> Round {
        Round::new(1, Away::new())
    }

    fn later(error: MailError) -> Receipt {
        Receipt { later: Some(error), ..Receipt::default() }
    }

    /// Whether the round is over after each of so many answers, then one more.
    fn ends_at(round: &Round, most: usize, answer: &Receipt) -> [bool; 2] {
        (1..most).for_each(|_| round.hear(answer));
        let before = round.is_mute();
        round.hear(answer);
        [before, round.is_mute()]
    }

    #[test]
    fn refusals_in_a_row_end_a_round_and_one_mail_that_is_taken_begins_the_row_anew() {
        for (most, error) in [
            (mails::REFUSALS, MailError::RefusesUs("553".to_owned())),
            (mails::DELAYS, MailError::Later("451".to_owned())),
        ] {
            let (round, answer) = (round(), later(error));
            (1..most).for_each(|_| round.hear(&answer));
            round.hear(&Receipt::default());
            assert_eq!(ends_at(&round, most, &answer), [false, true], "{answer:?}");
        }
    }

    #[test]
    fn a_server_that_does_not_answer_ends_a_round_at_once() {
        let mute = Receipt {
            mute: true,
            ..later(MailError::Unreachable("no route".to_owned(), label::wording::mail_server::Obstacle::Cut))
        };
        let round = round();
        round.hear(&mute);
        assert_eq!((round.is_mute(), round.answers()), (true, false));
        let round = self::round();
        round.hear(&later(MailError::Later("451".to_owned())));
        assert_eq!((round.is_mute(), round.answers()), (false, true), "an answer, whatever it says");
        round.hear(&mute);
        assert!(round.is_mute() && round.answers());
    }

    #[test]
    fn a_round_is_over_after_its_time() {
        let mut round = round();
        assert!(!round.is_over());
        round.began = Instant::now().checked_sub(mails::BUDGET).unwrap();
        assert!(round.is_over());
    }
}
