//! What can go wrong on the way: a queue of faults, each for the next requests of its kind.

use jiff::SignedDuration;

#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429, plain text, `RateLimit-Reset`, no `Retry-After`.
    RateLimited,
    /// 503 with `{"error": …}`.
    Maintenance,
    /// 502, HTML of the front proxy.
    BadGateway,
    /// 504, HTML of the front proxy.
    GatewayTimeout,
    /// 500, JSON with an `exception_id`.
    InternalError,
    /// 301 to another host.
    Moved,
    /// 200 with partial data and `code: timeout` on the first error only.
    Timeout,
    /// The connection closes before anything is done.
    Cut,
    /// What was asked is done, then the connection closes without an answer.
    LostResponse,
    /// The connection closes, and what was asked is done only after this delay of the simulator's clock.
    LateCommit(SignedDuration),
    /// No answer, ever.
    Hang,
    /// The right answer, after this real delay.
    Slow(std::time::Duration),
    /// The right answer with one text replaced everywhere: a type or a state nobody knows yet, a damaged body…
    Rewrite { from: String, to: String },
}

/// Which requests a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Any,
    Query,
    Mutation,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<(On, Fault, usize)>);

impl Faults {
    pub(super) fn push(&mut self, on: On, fault: Fault, times: usize) {
        self.0.push((on, fault, times));
    }

    pub(super) fn take(&mut self, mutation: bool) -> Option<Fault> {
        let wanted = |on: On| match on {
            On::Any => true,
            On::Query => !mutation,
            On::Mutation => mutation,
        };
        let place = self.0.iter().position(|(on, _, times)| wanted(*on) && *times > 0)?;
        let entry = &mut self.0[place];
        entry.2 -= 1;
        let fault = entry.1.clone();
        if entry.2 == 0 {
            self.0.remove(place);
        }
        Some(fault)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
