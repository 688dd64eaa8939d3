//! The state of the simulated platform: démarche, form, groups, tokens, dossiers, mails, clock and counters.

use super::automatic::Silence;
use super::dates;
use super::dossier::{Dossier, State, Value};
use super::faults::Faults;
use super::form::{Form, Side};
use super::jobs::Job;
use super::opinions::{self, Label};
use super::uploads::Blob;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// Opaque to clients, as the platform's own.
pub const TOKEN: &str = "NmYzMWQ0ZTAtOGE1Zi00YzIyLTlkMTctM2I2YTUyZTFjMGY0O3NpbXVsYXRldXI=";
pub const INSTRUCTEUR_EMAIL: &str = "robot@organisme.example";
pub const DEMARCHE: u32 = 12345;
pub const GROUP: u32 = 678;
pub(super) const PLATFORM_EMAIL: &str = "ne-pas-repondre@plateforme.example";

/// The two known editions of the platform, where they behave differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    January2026,
    September2026,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub value: String,
    pub write: bool,
    /// `None`: every démarche of the administrateur.
    pub demarches: Option<Vec<u32>>,
    /// Address and prefix length; empty means anywhere.
    pub networks: Vec<(IpAddr, u8)>,
    /// Valid through that whole day.
    pub expires: Option<Date>,
    pub administrateur: String,
}

#[derive(Clone, Debug)]
pub struct Instructeur {
    pub number: u32,
    pub email: String,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub number: u32,
    pub label: String,
    pub instructeurs: Vec<Instructeur>,
    pub closed: bool,
}

/// What remains of an erased dossier; `id` is its own, not the dossier's.
#[derive(Clone, Debug)]
pub struct Tombstone {
    pub id: u32,
    pub dossier: u32,
    pub group: u32,
    pub state: &'static str,
    pub reason: &'static str,
    pub deleted_at: Timestamp,
}

/// A mail the platform would have sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    pub at: Timestamp,
    pub to: String,
    pub kind: &'static str,
    pub dossier: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// POSTs received, refused ones included.
    pub requests: u64,
    pub queries: u64,
    /// Mutation operations executed.
    pub mutations: u64,
    /// Mutation operations executed whose answer has not left yet.
    pub unanswered: u64,
    /// Annotations written with the value that they had already.
    pub repeated: u64,
    pub downloads: u64,
    /// Files uploaded, or refused.
    pub uploads: u64,
    /// Requests that met a fault.
    pub faults: u64,
}

#[derive(Clone, Copy, Debug)]
enum Clock {
    Manual(Timestamp),
    Real,
}

/// A version that readers still see because the newer one is not committed yet.
pub(super) struct Held {
    until: Timestamp,
    before: Option<Dossier>,
}

pub struct World {
    clock: Clock,
    last: Timestamp,
    serial: u32,
    pub demarche: u32,
    pub title: String,
    pub created_at: Timestamp,
    pub retention_months: i32,
    pub form: Form,
    pub groups: Vec<Group>,
    pub tokens: Vec<Token>,
    pub dossiers: BTreeMap<u32, Dossier>,
    pub tombstones: Vec<Tombstone>,
    pub mails: Vec<Mail>,
    pub edition: Edition,
    pub attestation_template: bool,
    pub labels: Vec<Label>,
    /// The state that each new dossier takes at once, without any agent.
    pub declarative: Option<State>,
    pub silence: Option<Silence>,
    /// How long the antivirus takes on a file without a delay of its own; `None`: the file is safe at once.
    pub scan_delay: Option<SignedDuration>,
    /// Requests per token and per minute of the world's clock; `None` by default, for tests freeze the clock.
    pub limit_per_minute: Option<u32>,
    /// 60 000 on a server that limits it; `None` by default.
    pub max_complexity: Option<u64>,
    pub(super) faults: Faults,
    pub(super) counters: Counters,
    pub(super) window: HashMap<String, (i64, u32)>,
    pub(super) files: String,
    pub(super) jobs: BTreeMap<(Timestamp, u32), Job>,
    pub(super) held: BTreeMap<u32, Held>,
    pub(super) blobs: Vec<Blob>,
    pub(super) former: Vec<Form>,
    pub(super) published: BTreeMap<u32, Timestamp>,
}

impl World {
    /// An empty démarche with the form of the label, two groups, the robot in both; the clock stands still at `now`.
    pub fn new(now: Timestamp) -> World {
        let robot = Instructeur { number: 7, email: INSTRUCTEUR_EMAIL.to_owned() };
        let agent = Instructeur { number: 8, email: "camille.rousset@organisme.example".to_owned() };
        let other = Instructeur { number: 9, email: "sacha.blin@organisme.example".to_owned() };
        let group = |number, label: &str, agent| Group {
            number,
            label: label.to_owned(),
            instructeurs: vec![robot.clone(), agent],
            closed: false,
        };
        World {
            clock: Clock::Manual(micros(now)),
            last: Timestamp::UNIX_EPOCH,
            serial: 0,
            demarche: DEMARCHE,
            title: "Label « Services publics + » (simulation)".to_owned(),
            created_at: micros(now) - SignedDuration::from_hours(24 * 90),
            retention_months: 60,
            form: Form::label_services_publics(),
            groups: vec![group(GROUP, "Boréal Certification", agent), group(679, "Cap Qualité Audit", other)],
            tokens: vec![Token {
                value: TOKEN.to_owned(),
                write: true,
                demarches: None,
                networks: Vec::new(),
                expires: None,
                administrateur: "administration@organisme.example".to_owned(),
            }],
            dossiers: BTreeMap::new(),
            tombstones: Vec::new(),
            mails: Vec::new(),
            edition: Edition::September2026,
            attestation_template: true,
            labels: opinions::labels(),
            declarative: None,
            silence: None,
            scan_delay: None,
            limit_per_minute: None,
            max_complexity: None,
            faults: Faults::default(),
            counters: Counters::default(),
            window: HashMap::new(),
            files: String::new(),
            jobs: BTreeMap::new(),
            held: BTreeMap::new(),
            blobs: Vec::new(),
            former: Vec::new(),
            published: BTreeMap::new(),
        }
    }

    /// From now on the world follows the real time; `set_now` has no effect any more.
    pub fn follow_real_time(&mut self) {
        self.clock = Clock::Real;
    }

    #[expect(clippy::disallowed_methods, reason = "the simulator's own real clock")]
    pub fn now(&self) -> Timestamp {
        match self.clock {
            Clock::Manual(at) => at,
            Clock::Real => micros(Timestamp::now()),
        }
    }

    /// Moves the clock, never backwards, and does what became due meanwhile.
    pub fn set_now(&mut self, now: Timestamp) {
        if let Clock::Manual(at) = &mut self.clock {
            *at = micros(now).max(*at);
        }
        self.settle();
    }

    pub fn advance(&mut self, by: SignedDuration) {
        self.set_now(self.now() + by);
    }

    /// A date for one write: the clock, plus one microsecond when two writes fall on the same instant.
    pub(super) fn stamp(&mut self) -> Timestamp {
        let at = self.now().max(self.last + SignedDuration::from_micros(1));
        self.last = at;
        at
    }

    /// Identifiers depend on the order of events alone.
    pub(super) fn serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    pub(super) fn today(&self) -> Date {
        dates::paris(self.now()).date()
    }

    pub fn dossier(&self, number: u32) -> Option<&Dossier> {
        self.dossiers.get(&number)
    }

    pub fn annotation(&self, number: u32, label: &str) -> Option<Value> {
        self.value(number, Side::Annotations, label)
    }

    pub fn annotation_text(&self, number: u32, label: &str) -> Option<String> {
        self.annotation(number, label)?.text()
    }

    pub fn champ(&self, number: u32, label: &str) -> Option<Value> {
        self.value(number, Side::Champs, label)
    }

    fn value(&self, number: u32, side: Side, label: &str) -> Option<Value> {
        let stable_id = self.stable_id(number, side, label)?;
        let dossier = self.dossiers.get(&number)?;
        let fields = if side == Side::Champs { &dossier.champs } else { &dossier.annotations };
        fields.cells.get(&stable_id).map(|cell| cell.value.clone())
    }

    pub(super) fn group(&self, number: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.number == number)
    }

    pub(super) fn instructeur(&self, number: u32) -> Option<&Instructeur> {
        self.groups
            .iter()
            .flat_map(|group| &group.instructeurs)
            .find(|instructeur| instructeur.number == number)
    }

    /// Makes `edit`, but readers get what was before it until `delay` has passed (§2.2, late commit).
    pub fn commit_later(&mut self, delay: SignedDuration, edit: impl FnOnce(&mut World)) {
        let before = self.dossiers.clone();
        edit(self);
        let until = self.now() + delay;
        for (number, dossier) in &self.dossiers {
            let old = before.get(number);
            if old != Some(dossier) {
                // A version that is still hidden stays hidden: readers go on from the one that they saw.
                let before = match self.held.remove(number) {
                    Some(held) if held.until > self.now() => held.before,
                    _ => old.cloned(),
                };
                self.held.insert(*number, Held { until, before });
            }
        }
    }

    /// A candidate's edit dated now, which readers get only after `delay`, when their cursors are past that date.
    pub fn edit_late(&mut self, number: u32, label: &str, value: impl Into<Value>, delay: SignedDuration) {
        self.commit_later(delay, |world| world.edit_champ(number, label, value));
    }

    /// What readers get of a dossier: its former version until the newer one is committed.
    pub(super) fn seen(&self, number: u32) -> Option<&Dossier> {
        match self.held.get(&number) {
            Some(held) if self.now() < held.until => held.before.as_ref(),
            _ => self.dossiers.get(&number),
        }
    }

    pub(super) fn all_seen(&self) -> impl Iterator<Item = &Dossier> {
        self.dossiers.keys().filter_map(|number| self.seen(*number))
    }
}

fn micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond())
        .expect("an instant stays an instant when its nanoseconds are dropped")
}
