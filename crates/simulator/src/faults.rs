//! Faults that can be injected: armed for the next, the n-th, each n-th or every request of a kind.

use super::world::{Counters, World};
use jiff::SignedDuration;

/// What happens to one request instead of, or beside, its answer. [`super::FAULTS`] gives each a name for the command line.
///
/// ```
/// # use simulator::{Fault, On, Scenario};
/// let mut world = Scenario::named("petit", 0, 0).unwrap().world();
/// world.inject(On::Query, Fault::RateLimited, 2); // the next two queries
/// world.arm_nth(On::Mutation, Fault::LostResponse, 3); // the third mutation from now
/// world.arm_every(On::File, Fault::Truncated); // every file, until `clear_faults`
/// world.arm_each(On::Any, Fault::BadGateway, 10); // each tenth call of the API
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429, plain text, `RateLimit-Reset`, no `Retry-After`.
    RateLimited,
    /// 429 that does not even say when to come back, as one made by a proxy in front.
    RateLimitedBare,
    /// 503 with `{"error": …}`.
    Maintenance,
    /// 502, HTML of the front proxy.
    BadGateway,
    /// 504, HTML of the front proxy.
    GatewayTimeout,
    /// The front proxy answers 504 when its time limit is over, but what was asked is done.
    GatewayTimeoutAfter,
    /// 500, JSON with an `exception_id`.
    InternalError,
    /// 301 to the same path.
    Moved,
    /// 401: the token is too old.
    TokenExpired,
    /// 403: the caller's address is not of the token's networks.
    ForbiddenNetwork,
    /// 403: as if the header had been lost on the way.
    NoToken,
    /// 200 with partial data and `code: timeout` on the first error only.
    Timeout,
    /// 200, the right data, and beside it an error of the whole answer, without a path.
    RootError,
    /// 200; this item of the first page of dossiers is null, its error beside it.
    InvalidNull(usize),
    /// 200 with `data: null` and an error; nothing is done.
    NullData,
    /// 200 and a JSON text that stops half-way, though its length is the announced one.
    Truncated,
    /// 200 and a JSON object that is no GraphQL answer.
    Foreign,
    /// 200 and a page of HTML.
    Html,
    /// 200 and nothing at all.
    Empty,
    /// The connection closes before anything is done.
    Cut,
    /// Headers, half of the announced body, then the connection closes. What was asked is done.
    CutInBody,
    /// What was asked is done, then the connection closes without an answer.
    LostResponse,
    /// The connection closes, and what was asked is done only after this delay of the simulator's clock.
    LateCommit(SignedDuration),
    /// No answer, ever.
    Hang,
    /// The right answer, after this real delay.
    Slow(std::time::Duration),
    /// The right answer with one text replaced everywhere: an unknown type or state, a damaged body…
    Rewrite { from: String, to: String },
    /// A bare status, without a body.
    Status(u16),
    /// 302 to this address. A client that follows it must not take its credentials along.
    Redirect(String),
    /// Files: as many bytes as announced, but not those of the checksum.
    WrongBytes,
    /// Files: this many bytes more than the metadata announced.
    Longer(usize),
    /// Files: the right bytes, in pieces, without a `Content-Length`.
    NoLength,
    /// Files: zeros without a `Content-Length`, up to this bound, so that a client without a limit of its own ends too.
    Endless(u64),
    /// Files: `Content-Encoding: gzip` over bytes that are no such thing.
    LyingGzip,
}

/// The kind of request that a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Any call of the API; the host of files is apart.
    Any,
    Query,
    Mutation,
    /// Any request to the host of files, downloads and uploads.
    File,
}

/// The kind of a request, which armed faults are matched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Query,
    Mutation,
    File,
}

impl On {
    fn wants(self, kind: Kind) -> bool {
        match self {
            On::Any => kind != Kind::File,
            On::Query => kind == Kind::Query,
            On::Mutation => kind == Kind::Mutation,
            On::File => kind == Kind::File,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum When {
    /// For that many more requests.
    Next(usize),
    /// Once, after that many more requests.
    After(usize),
    Every,
    /// Each time that this many requests have come.
    Each {
        period: usize,
        count: usize,
    },
}

#[derive(Clone, Debug)]
struct Armed {
    on: On,
    fault: Fault,
    when: When,
}

impl Armed {
    /// Counts one matching request; true when the fault is due. One that is due while another fault applies stays due.
    fn counts(&mut self) -> bool {
        match &mut self.when {
            When::Next(times) => *times > 0,
            When::After(left) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            When::Every => true,
            When::Each { period, count } => {
                *count += 1;
                *count >= *period
            }
        }
    }

    /// Notes that the fault was applied; true when it will not apply again.
    fn spend(&mut self) -> bool {
        match &mut self.when {
            When::Next(times) => {
                *times -= 1;
                *times == 0
            }
            When::After(_) => true,
            When::Every => false,
            When::Each { count, .. } => {
                *count = 0;
                false
            }
        }
    }
}

/// The armed faults, oldest first: of those that are due, the first one applies.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<Armed>);

impl Faults {
    fn arm(&mut self, on: On, fault: Fault, when: When) {
        self.0.push(Armed { on, fault, when });
    }

    pub(super) fn next(&mut self, on: On, fault: Fault, times: usize) {
        self.arm(on, fault, When::Next(times));
    }

    pub(super) fn nth(&mut self, on: On, fault: Fault, n: usize) {
        self.arm(on, fault, When::After(n.max(1)));
    }

    pub(super) fn every(&mut self, on: On, fault: Fault) {
        self.arm(on, fault, When::Every);
    }

    pub(super) fn each(&mut self, on: On, fault: Fault, n: usize) {
        self.arm(on, fault, When::Each { period: n.max(1), count: 0 });
    }

    pub(super) fn take(&mut self, kind: Kind) -> Option<Fault> {
        let mut due = None;
        for (place, armed) in self.0.iter_mut().enumerate() {
            if armed.on.wants(kind) && armed.counts() {
                due.get_or_insert(place);
            }
        }
        let place = due?;
        let armed = &mut self.0[place];
        let (fault, over) = (armed.fault.clone(), armed.spend());
        if over {
            self.0.remove(place);
        }
        Some(fault)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl World {
    pub fn counters(&self) -> Counters {
        self.counters
    }

    pub fn reset_counters(&mut self) {
        self.counters = Counters::default();
    }

    /// For the next `times` requests of that kind.
    pub fn inject(&mut self, on: On, fault: Fault, times: usize) {
        self.faults.next(on, fault, times);
    }

    /// For the `n`-th request of that kind from now, counted from 1.
    pub fn arm_nth(&mut self, on: On, fault: Fault, n: usize) {
        self.faults.nth(on, fault, n);
    }

    /// For every request of that kind, until `clear_faults`.
    pub fn arm_every(&mut self, on: On, fault: Fault) {
        self.faults.every(on, fault);
    }

    /// For each `n`-th request of that kind, until `clear_faults`.
    pub fn arm_each(&mut self, on: On, fault: Fault, n: usize) {
        self.faults.each(on, fault, n);
    }

    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }
}
