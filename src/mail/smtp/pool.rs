//! Connections kept for many mails, several at once up to a number that the server may lower.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use lettre::Address;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::fault::{Fault, What};
use super::line::{Line, Open, Sealed};
use super::reply::Stage;
use crate::retry::mails;

pub(super) struct Pool {
    line: Line,
    idle: Mutex<Vec<Open>>,
    seats: Semaphore,
    /// Connections that are open, idle or in use.
    open: AtomicUsize,
    /// Seats given up since the server refused another connection, until [`Pool::rest`].
    lost: AtomicUsize,
}

impl Pool {
    pub(super) fn new(line: Line, connections: usize) -> Pool {
        let (open, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Pool { line, idle: Mutex::default(), seats: Semaphore::new(connections), open, lost }
    }

    /// Hands one message over; what the server answered.
    pub(super) async fn hand_over(&self, mail: &Sealed) -> Result<String, Fault> {
        match self.once(mail).await {
            // Nothing of it has left: the server ends connections after so many mails.
            Err(fault) if fault.is_wear() => self.once(mail).await,
            other => other,
        }
    }

    async fn once(&self, mail: &Sealed) -> Result<String, Fault> {
        let crowded = || Fault::at(Stage::Session, What::Crowded);
        loop {
            let seat = timeout(mails::SEAT, self.seats.acquire()).await.map_err(|_| crowded())?;
            let seat = seat.map_err(|_| crowded())?;
            let mut open = match self.connection().await {
                Ok(open) => open,
                // A server that takes no further connection still serves those that are open.
                Err(_) if self.open.load(Ordering::SeqCst) > 0 => {
                    self.lost.fetch_add(1, Ordering::SeqCst);
                    seat.forget();
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            let outcome = open.hand_over(mail).await;
            let kept = match &outcome {
                Ok(_) => true,
                Err(fault) => fault.leaves_it_open() && open.reset().await,
            };
            self.give_back(open, kept);
            return outcome;
        }
    }

    /// An open connection that answers, or a new one.
    async fn connection(&self) -> Result<Open, Fault> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut open) = idle else { break };
            if open.is_alive().await {
                return Ok(open);
            }
            self.open.fetch_sub(1, Ordering::SeqCst);
        }
        let open = Box::pin(self.line.open()).await?;
        self.open.fetch_add(1, Ordering::SeqCst);
        Ok(open)
    }

    fn give_back(&self, open: Open, kept: bool) {
        if kept {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(open);
        } else {
            self.open.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Ends the connections that are not in use, and allows as many again as at first.
    pub(super) async fn rest(&self) {
        self.seats.add_permits(self.lost.swap(0, Ordering::SeqCst));
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for open in idle {
            self.open.fetch_sub(1, Ordering::SeqCst);
            open.quit().await;
        }
    }

    /// A conversation on a connection of its own: our sender, then up to the recipient for each of `mails`, without a
    /// message.
    pub(super) async fn try_out(
        &self,
        from: Option<Address>,
        mails: &[Sealed],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        // Somebody waits for the answer.
        let line = Line { patience: self.line.patience.min(mails::TRIAL), ..self.line.clone() };
        let mut open = Box::pin(line.open()).await?;
        open.try_sender(from).await?;
        let mut outcomes = Vec::new();
        for mail in mails {
            let outcome = open.try_out(mail).await;
            let goes_on = match &outcome {
                Ok(()) => true,
                Err(fault) => fault.leaves_it_open() && open.reset().await,
            };
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        open.quit().await;
        Ok(outcomes)
    }
}
