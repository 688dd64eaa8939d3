//! The findings of the rules about a dossier, as data: the level, the rule, and the values that show it.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{FormView, PlatformWord, UnreadableValue, Value};
use crate::case::inspection::FileFault;
use crate::case::keys::Key;
use crate::case::proofs::RowFault;
use crate::case::{BodyDoubt, ContactDoubt, Doubt};
use crate::guide::application::Age;
use crate::guide::attached::CentralStanding;
use crate::guide::central::CentralFault;
use crate::guide::follow_up::central::Comparison;
use crate::guide::supplements::Supplements;
use crate::guide::surveys::{Freshness, StaffSurveyFault, UserSurveyFault};
use crate::judge::agenda::Role;
use crate::judge::coherence::incoherence::Incoherence;
use crate::judge::follow_up::note::FollowUpNote;
use crate::judge::network::{ThreeQuarters, YearlySurveys};
use crate::judge::of_perimeter::OfPerimeter;
use crate::judge::recount::outcome::Recount;

pub use crate::judge::level::Level;

/// One finding about one dossier. Its sentence is in `wording/findings.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub dossier: i64,
    /// Id in the catalogue of rules.
    pub rule: &'static str,
    /// The guide's section.
    pub section: &'static str,
    pub level: Level,
    /// Who can mend it.
    pub owner: Role,
    pub what: What,
}

/// What was found, with the values that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    Piece(Key),
    EmptyFile {
        key: Key,
        name: String,
    },
    ScanPending {
        key: Key,
        name: String,
    },
    ScanRefused {
        key: Key,
        name: String,
    },
    /// Its bytes were inspected, and have a fault.
    BadFile {
        key: Key,
        name: String,
        fault: FileFault,
    },
    /// It was there and disappeared without a change by the candidate: the platform's antivirus deletes infected files,
    /// and the platform empties some fields after a decision (API §3.6).
    Vanished {
        key: Key,
        name: String,
    },
    PiecesComplete {
        count: usize,
    },
    Deposit {
        on: Date,
        limit: Date,
    },
    Contract,
    UserSurvey {
        invited: i64,
        admissible: i64,
        faults: Vec<UserSurveyFault>,
    },
    StaffSurvey {
        concerned: i64,
        invited: i64,
        admissible: i64,
        required: i64,
        faults: Vec<StaffSurveyFault>,
    },
    StaffNotAllInvited {
        concerned: i64,
        invited: i64,
    },
    MoreAnswersThanInvited {
        key: Key,
        invited: i64,
        admissible: i64,
    },
    Survey {
        key: Key,
        closed: Date,
        audit: Date,
        freshness: Freshness,
    },
    SelfAssessment {
        done: Date,
        audit: Date,
        age: Age,
    },
    /// The day of a proof that its dossier's audit rested on was replaced by that of a later one.
    TypedOver {
        key: Key,
        on: Date,
    },
    /// A row of the yearly proofs that is not used, or doubted. `row` counts from 1.
    ProofRow {
        row: usize,
        fault: RowFault,
    },
    Indicators {
        since: Date,
        latest: Date,
        met: bool,
    },
    SelfAssessments {
        provided: i64,
        locals: i64,
    },
    Points {
        valid: i64,
        total: i64,
        met: bool,
    },
    Reapplication {
        deposited: Date,
        from: Date,
    },
    Cannot {
        key: Key,
        why: UnreadableValue,
    },
    Broken(Key),
    /// Numbers and answers that a plain export writes alike whether they were filled or not.
    SilentExport {
        zeros: Vec<Key>,
        noes: Vec<Key>,
    },
    /// To which certification body the dossier belongs.
    Body(BodyDoubt),
    /// An address of the contact cannot be written to.
    Contact(ContactDoubt),
    /// The département is written in a way that is not recognised: its public holidays are not known.
    UnknownDepartement {
        written: String,
    },
    Unfilled {
        needs: Vec<Key>,
    },
    Differs {
        key: Key,
        declared: Value,
        verified: Value,
    },
    VisitReversed {
        first: Date,
        last: Date,
    },
    Postponed {
        times: usize,
    },
    PoolExhausted {
        sample: u64,
        available: Vec<u64>,
    },
    /// More locals are known here than the central's dossier says it has.
    MoreLocalsKnown {
        told: u64,
        known: u64,
    },
    Network(CentralFault),
    /// Three quarters of the year's sample can still be reached, and are not by those audited so far.
    ThreeQuartersAtRisk(ThreeQuarters),
    Supplements(Supplements),
    LowerMajority,
    /// What the year's majority gives when it is compared with the tier held (F-38).
    ComparedOtherwise(Comparison),
    /// Domains, sites, extensions.
    Perimeter(OfPerimeter),
    /// The yearly surveys of a central's labelled locals, at its follow-up.
    YearlySurveys(YearlySurveys),
    /// An attached local keeps its label, whatever became of its central's.
    LabelKept {
        standing: CentralStanding,
        ends: Date,
    },
    /// An attached local's central service cannot be known.
    CentralNotKnown(CentralStanding),
    EndDiffers {
        printed: Date,
        computed: Date,
    },
    /// A decision or a date that does not agree with the rest of the dossier.
    Coherence(Incoherence),
    /// About a follow-up, or an extension.
    FollowUp(FollowUpNote),
    DecidedOnPlatform,
    NotInGroup,
    /// The platform uses a word that this version does not know: nothing is deduced from it.
    UnknownWord {
        of: PlatformWord,
        word: String,
    },
    Doubt(Doubt),
    /// The marks computed from a table of results or a grid, compared with the declared ones.
    Recount(Recount),
}

impl Finding {
    /// A contradiction found in `dossier`: a person must look, nothing is decided.
    #[must_use]
    pub fn contradiction(dossier: i64, incoherence: Incoherence) -> Finding {
        let (rule, section) = incoherence.reference();
        Finding::for_the_body(dossier, rule, section, Level::ToCheck, What::Coherence(incoherence))
    }

    /// A finding that the certification body must look at.
    pub(super) fn for_the_body(
        dossier: i64,
        rule: &'static str,
        section: &'static str,
        level: Level,
        what: What,
    ) -> Finding {
        Finding { dossier, rule, section, level, owner: Role::Organisme, what }
    }

    /// True for what the candidate must add to the dossier or mend in it: until then the dossier is incomplete. What only
    /// the certification body can fill is never asked of the candidate.
    #[must_use]
    pub fn asks_candidate(&self) -> bool {
        self.level >= Level::Missing && self.owner == Role::Candidat
    }
}

impl What {
    /// The field that a finding is about, when it is about one.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        match self {
            What::Piece(key)
            | What::EmptyFile { key, .. }
            | What::ScanPending { key, .. }
            | What::ScanRefused { key, .. }
            | What::BadFile { key, .. }
            | What::Vanished { key, .. } => Some(*key),
            _ => None,
        }
    }

    /// Who can mend it, in a dossier of this form. A value that is absent, or a file that cannot be used, is for whoever
    /// fills that field; surveys, self-assessments and indicators are for the candidate; a dossier of no known body is for
    /// DITP; the rest is for the body.
    pub(super) fn owner(&self, form: &FormView) -> Role {
        let filled_by = |key: &Key| match form.private.contains(key) {
            true => Role::Organisme,
            false => Role::Candidat,
        };
        match self {
            What::Unfilled { needs } => needs.first().map_or(Role::Organisme, filled_by),
            What::Body(BodyDoubt::Unknown { .. }) => Role::Ditp,
            What::UserSurvey { .. }
            | What::StaffSurvey { .. }
            | What::StaffNotAllInvited { .. }
            | What::Survey { .. }
            | What::SelfAssessment { .. }
            | What::SelfAssessments { .. }
            | What::Indicators { .. } => Role::Candidat,
            other => other.key().as_ref().map_or(Role::Organisme, filled_by),
        }
    }
}
