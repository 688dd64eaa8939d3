//! Faults by name, as a command line or a configuration file writes them: `[KIND:]NAME[=VALUE][@TURN]`.
//!
//! ```
//! use simulator::{Fault, On, Switch, Turn};
//! let switch: Switch = "query:slow=1500@every-3".parse()?;
//! assert_eq!((switch.on, switch.turn), (On::Query, Turn::Each(3)));
//! assert_eq!(switch.fault, Fault::Slow(std::time::Duration::from_millis(1500)));
//! # Ok::<(), simulator::SwitchError>(())
//! ```

use super::faults::{Fault, On};
use super::world::World;
use jiff::SignedDuration;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A fault, the kind of request that it applies to, and which requests of that kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    pub on: On,
    pub fault: Fault,
    pub turn: Turn,
}

/// Which of the matching requests meet the fault; all counts start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// `@3`: the third one only. Without `@…`: the first one only.
    Nth(usize),
    /// `@next-3`: the first three.
    Next(usize),
    /// `@every`: all of them.
    Every,
    /// `@every-3`: the third, the sixth, the ninth…
    Each(usize),
}

/// Why a switch cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchError {
    UnknownFault(String),
    UnknownKind(String),
    UnknownTurn(String),
    /// The fault, and what its value must be; a fault without a value expects « no value ».
    BadValue(&'static str, &'static str),
}

impl fmt::Display for SwitchError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SwitchError::UnknownFault(name) => {
                let known: Vec<&str> = FAULTS.iter().map(|fault| fault.name).collect();
                write!(out, "unknown fault {name:?}; there are: {}", known.join(", "))
            }
            SwitchError::UnknownKind(kind) => {
                write!(out, "unknown kind of request {kind:?}; there are: any, query, mutation, file")
            }
            SwitchError::UnknownTurn(turn) => {
                write!(out, "unknown turn {turn:?}; write @3, @next-3, @every or @every-3")
            }
            SwitchError::BadValue(name, expected) => write!(out, "{name} expects {expected}"),
        }
    }
}

impl std::error::Error for SwitchError {}

/// A fault as `--help` and the README show it.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    pub name: &'static str,
    /// What may follow `=`, with the default; empty when the fault takes no value.
    pub value: &'static str,
    pub does: &'static str,
    make: Make,
}

#[derive(Clone, Copy, Debug)]
enum Make {
    Plain(fn() -> Fault),
    Number(u64, fn(u64) -> Option<Fault>),
    Text(fn(&str) -> Option<Fault>),
}

const fn plain(name: &'static str, does: &'static str, make: fn() -> Fault) -> Named {
    Named { name, value: "", does, make: Make::Plain(make) }
}

const fn number(
    name: &'static str,
    value: &'static str,
    does: &'static str,
    default: u64,
    make: fn(u64) -> Option<Fault>,
) -> Named {
    Named { name, value, does, make: Make::Number(default, make) }
}

/// Every fault by its name, in the order of [`Fault`].
pub const FAULTS: &[Named] = &[
    plain("rate-limited", "429 in plain text with RateLimit-Reset, without Retry-After", || {
        Fault::RateLimited
    }),
    plain("rate-limited-bare", "429 that does not say when to come back", || Fault::RateLimitedBare),
    plain("maintenance", "503 with {\"error\": …}", || Fault::Maintenance),
    plain("bad-gateway", "502 with a page of HTML", || Fault::BadGateway),
    plain("gateway-timeout", "504 with a page of HTML; nothing is done", || Fault::GatewayTimeout),
    plain("gateway-timeout-after", "504 with a page of HTML; the request is done all the same", || {
        Fault::GatewayTimeoutAfter
    }),
    plain("internal-error", "500 with an exception_id", || Fault::InternalError),
    plain("moved", "301 to the same path", || Fault::Moved),
    plain("token-expired", "401: the token is too old", || Fault::TokenExpired),
    plain("forbidden-network", "403: the caller's address is not allowed for this token", || {
        Fault::ForbiddenNetwork
    }),
    plain("no-token", "403: as if the Authorization header had been lost on the way", || Fault::NoToken),
    plain("timeout", "200 with partial data; only the first error carries the code timeout", || {
        Fault::Timeout
    }),
    plain("root-error", "200 with the right data and one error without a path", || Fault::RootError),
    number(
        "invalid-null",
        "index of the item, from 0 (0)",
        "200; that item of the first page of dossiers is null, with its error",
        0,
        |index| usize::try_from(index).ok().map(Fault::InvalidNull),
    ),
    plain("null-data", "200 with data: null and an error; nothing is done", || Fault::NullData),
    plain("truncated", "200 with the first half of the JSON, announced with that length", || {
        Fault::Truncated
    }),
    plain("foreign", "200 with a JSON object that is not a GraphQL answer", || Fault::Foreign),
    plain("html", "200 with a page of HTML", || Fault::Html),
    plain("empty", "200 without a body", || Fault::Empty),
    plain("cut", "the connection closes; nothing is done", || Fault::Cut),
    plain("cut-in-body", "the request is done; the connection closes after half of the body", || {
        Fault::CutInBody
    }),
    plain("lost-response", "the request is done; the connection closes without an answer", || {
        Fault::LostResponse
    }),
    number(
        "late-commit",
        "seconds of the simulator's clock (60)",
        "the connection closes, and the request is done only after this delay",
        60,
        |seconds| i64::try_from(seconds).ok().map(|n| Fault::LateCommit(SignedDuration::from_secs(n))),
    ),
    plain("hang", "no answer, ever; the connection stays open", || Fault::Hang),
    number("slow", "milliseconds of real time (5000)", "the right answer after this delay", 5000, |millis| {
        Some(Fault::Slow(Duration::from_millis(millis)))
    }),
    Named {
        name: "rewrite",
        value: "FROM=>TO",
        does: "the right answer with a text replaced everywhere, such as a state that does not exist yet",
        make: Make::Text(|text| {
            let (from, to) = text.split_once("=>").filter(|(from, _)| !from.is_empty())?;
            Some(Fault::Rewrite { from: from.to_owned(), to: to.to_owned() })
        }),
    },
    number("status", "an HTTP status (418)", "this status without a body; nothing is done", 418, |status| {
        u16::try_from(status).ok().filter(|status| (200..600).contains(status)).map(Fault::Status)
    }),
    Named {
        name: "redirect",
        value: "an http or https URL",
        does: "302 to this address; a client that follows must not send its token there",
        make: Make::Text(|url| {
            let http = url.starts_with("http://") || url.starts_with("https://");
            http.then(|| Fault::Redirect(url.to_owned()))
        }),
    },
    plain("wrong-bytes", "files: the announced number of bytes, but other bytes", || Fault::WrongBytes),
    number("longer", "bytes (1)", "files: this many bytes more than announced", 1, |bytes| {
        usize::try_from(bytes).ok().map(Fault::Longer)
    }),
    plain("no-length", "files: the right bytes in pieces, without Content-Length", || Fault::NoLength),
    number(
        "endless",
        "bytes after which it ends all the same (1073741824)",
        "files: zeros without Content-Length",
        1 << 30,
        |bytes| Some(Fault::Endless(bytes)),
    ),
    plain("lying-gzip", "files: Content-Encoding: gzip over bytes that are not compressed", || {
        Fault::LyingGzip
    }),
];

impl FromStr for Switch {
    type Err = SwitchError;

    /// `[KIND:]NAME[=VALUE][@TURN]`. Without a kind: files for the faults of files, else any call of the API.
    fn from_str(text: &str) -> Result<Switch, SwitchError> {
        let (head, value, turn) = match text.split_once('=') {
            // A value may hold an @, as an address does: only what reads as a turn is one.
            Some((head, rest)) => match rest.rsplit_once('@').map(|(value, turn)| (value, turn.parse())) {
                Some((value, Ok(turn))) => (head, Some(value), turn),
                _ => (head, Some(rest), Turn::Nth(1)),
            },
            None => match text.split_once('@') {
                Some((head, turn)) => (head, None, turn.parse()?),
                None => (text, None, Turn::Nth(1)),
            },
        };
        let (kind, name) = head.split_once(':').map_or((None, head), |(kind, name)| (Some(kind), name));
        let named = FAULTS.iter().find(|fault| fault.name == name);
        let named = named.ok_or_else(|| SwitchError::UnknownFault(name.to_owned()))?;
        let fault = named.fault(value)?;
        let on = match kind {
            Some(kind) => kind.parse()?,
            None if named.does.starts_with("files: ") => On::File,
            None => On::Any,
        };
        Ok(Switch { on, fault, turn })
    }
}

impl Named {
    fn fault(&self, value: Option<&str>) -> Result<Fault, SwitchError> {
        let made = match (self.make, value) {
            (Make::Plain(make), None) => Some(make()),
            (Make::Plain(_), Some(_)) => return Err(SwitchError::BadValue(self.name, "no value")),
            (Make::Number(default, make), None) => make(default),
            (Make::Number(_, make), Some(text)) => text.parse().ok().and_then(make),
            (Make::Text(make), text) => text.and_then(make),
        };
        made.ok_or(SwitchError::BadValue(self.name, self.value))
    }
}

impl FromStr for On {
    type Err = SwitchError;

    fn from_str(text: &str) -> Result<On, SwitchError> {
        match text {
            "any" => Ok(On::Any),
            "query" => Ok(On::Query),
            "mutation" => Ok(On::Mutation),
            "file" => Ok(On::File),
            other => Err(SwitchError::UnknownKind(other.to_owned())),
        }
    }
}

impl FromStr for Turn {
    type Err = SwitchError;

    fn from_str(text: &str) -> Result<Turn, SwitchError> {
        let count = |digits: &str| digits.parse().ok().filter(|count| *count > 0);
        let turn = match text.split_once('-') {
            None if text == "every" => Some(Turn::Every),
            None => count(text).map(Turn::Nth),
            Some(("next", digits)) => count(digits).map(Turn::Next),
            Some(("every", digits)) => count(digits).map(Turn::Each),
            Some(_) => None,
        };
        turn.ok_or_else(|| SwitchError::UnknownTurn(text.to_owned()))
    }
}

impl World {
    /// Arms a fault that was given by name.
    pub fn arm(&mut self, switch: &Switch) {
        let fault = switch.fault.clone();
        match switch.turn {
            Turn::Nth(n) => self.arm_nth(switch.on, fault, n),
            Turn::Next(times) => self.inject(switch.on, fault, times),
            Turn::Every => self.arm_every(switch.on, fault),
            Turn::Each(n) => self.arm_each(switch.on, fault, n),
        }
    }
}
