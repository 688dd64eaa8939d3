//! The findings of the rules about a dossier, as data: the level, the rule, and the values that show it.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{FormView, PlatformWord, SiretDoubt, UnreadableValue, Value};
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
    /// Number of the dossier that it is about.
    pub dossier: i64,
    /// Id in the catalogue of rules.
    pub rule: &'static str,
    /// The guide's section.
    pub section: &'static str,
    /// How serious it is; `Ok` for a rule that is met.
    pub level: Level,
    /// Who can mend it.
    pub owner: Role,
    /// What was found, with the values that show it.
    pub what: What,
}

/// What was found, with the values that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    /// A document or a piece of information is absent (R-3.5.1-a…i).
    Piece(Key),
    /// An attachment has no bytes.
    EmptyFile {
        /// The field that the file is attached to.
        key: Key,
        /// The file's name, as deposited.
        name: String,
    },
    /// The platform's antivirus has not answered yet.
    ScanPending {
        /// The field that the file is attached to.
        key: Key,
        /// The file's name, as deposited.
        name: String,
    },
    /// The platform's antivirus rejected the file: it must be deposited again.
    ScanRefused {
        /// The field that the file is attached to.
        key: Key,
        /// The file's name, as deposited.
        name: String,
    },
    /// Its bytes were inspected, and have a fault.
    BadFile {
        /// The field that the file is attached to.
        key: Key,
        /// The file's name, as deposited.
        name: String,
        /// What is wrong with its bytes.
        fault: FileFault,
    },
    /// It was there and disappeared without a change by the candidate: the platform's antivirus deletes infected files,
    /// and the platform empties some fields after a decision (API §3.6).
    Vanished {
        /// The field that the file is attached to.
        key: Key,
        /// The file's name, as last seen.
        name: String,
    },
    /// No document of the application is missing or unusable (R-3.5.1-a).
    PiecesComplete {
        /// How many documents and pieces of information are present.
        count: usize,
    },
    /// The day of deposit, compared with one month before the audit (R-3.5.1-k).
    Deposit {
        /// The day of deposit.
        on: Date,
        /// The last day in time, inclusive.
        limit: Date,
    },
    /// The contract is not stated as signed (R-3.5.2-a).
    Contract,
    /// The survey of users: its answers, and whether they are enough (R-3.4.1-g).
    UserSurvey {
        /// Users invited to answer.
        invited: i64,
        /// Answers that count (« recevables »).
        admissible: i64,
        /// What it lacks; empty when it is valid.
        faults: Vec<UserSurveyFault>,
    },
    /// The survey of staff: its answers, and whether they are enough (R-3.4.2-d).
    StaffSurvey {
        /// Staff of the service that the survey concerns.
        concerned: i64,
        /// Staff invited to answer.
        invited: i64,
        /// Answers that count (« recevables »).
        admissible: i64,
        /// Answers required for that many invited, in the service's head-count class.
        required: i64,
        /// What it lacks; empty when it is valid.
        faults: Vec<StaffSurveyFault>,
    },
    /// Fewer staff were invited than are concerned: all must be (R-3.4.2-a).
    StaffNotAllInvited {
        /// Staff of the service that the survey concerns.
        concerned: i64,
        /// Staff invited to answer.
        invited: i64,
    },
    /// More answers than invitations: possible with QR codes, so to check (F-04).
    MoreAnswersThanInvited {
        /// The field of the answers.
        key: Key,
        /// People invited to answer.
        invited: i64,
        /// Answers that count (« recevables »).
        admissible: i64,
    },
    /// How old a survey is at the audit (R-3.4-a; for a follow-up, F-28).
    Survey {
        /// The field of its closing day, which tells users from staff.
        key: Key,
        /// The day on which it was closed.
        closed: Date,
        /// The first visit day.
        audit: Date,
        /// Whether it is good on that day.
        freshness: Freshness,
    },
    /// How old the self-assessment is at the audit (R-3.5.1-e).
    SelfAssessment {
        /// The day on which it was done.
        done: Date,
        /// The first visit day.
        audit: Date,
        /// Whether it is good on that day.
        age: Age,
    },
    /// The day of a proof that its dossier's audit rested on was replaced by that of a later one.
    TypedOver {
        /// The field that was typed over.
        key: Key,
        /// The later day that it holds now.
        on: Date,
    },
    /// A row of the yearly proofs that is not used, or doubted. `row` counts from 1.
    ProofRow {
        /// Its place in the table of yearly proofs, from 1.
        row: usize,
        /// Why it is not used, or what to check in it.
        fault: RowFault,
    },
    /// Since when the quality indicators are in place: at least six months (R-3.5.1-i).
    Indicators {
        /// The day since which they are.
        since: Date,
        /// The latest good day, inclusive.
        latest: Date,
        /// True when `since` is not after `latest`.
        met: bool,
    },
    /// A central's self-assessments: one from each local (R-2.2.2-c).
    SelfAssessments {
        /// Self-assessments provided.
        provided: i64,
        /// Locals that the central's dossier says it has.
        locals: i64,
    },
    /// A central's control points: 75 % must be valid (R-2.2.2-d).
    Points {
        /// Points found valid.
        valid: i64,
        /// Points checked.
        total: i64,
        /// True when 75 % is reached.
        met: bool,
    },
    /// A new application after a refusal: once six months have elapsed (R-3.8.1-g).
    Reapplication {
        /// The day of its deposit.
        deposited: Date,
        /// The first day on which it may be deposited.
        from: Date,
    },
    /// A value that cannot be read: no rule uses it.
    Cannot {
        /// The field that holds it.
        key: Key,
        /// What makes it unreadable.
        why: UnreadableValue,
        /// The word in the place of an option.
        word: Option<String>,
    },
    /// Some of several choices are no known options: the others are used.
    UnknownChoice {
        /// The field that holds them.
        key: Key,
        /// The words that are none.
        word: String,
    },
    /// What is written in the place of a SIRET is none.
    Siret(SiretDoubt),
    /// A field that the live form lacks, or has with another type.
    Broken(Key),
    /// Numbers and answers that a plain export writes alike whether they were filled or not.
    SilentExport {
        /// Numbers: 0 or empty.
        zeros: Vec<Key>,
        /// Answers: no or empty.
        noes: Vec<Key>,
        /// Of any kind: the exports of other dossiers have the column, none of this one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<Key>,
    },
    /// To which certification body the dossier belongs.
    Body(BodyDoubt),
    /// An address of the contact cannot be written to.
    Contact(ContactDoubt),
    /// The département is written in a way that is not recognised: its public holidays are not known.
    UnknownDepartement {
        /// The text of the field, as typed.
        written: String,
    },
    /// Fields that a rule needs and that are empty, all to be filled by the same people.
    Unfilled {
        /// The empty fields; at least one.
        needs: Vec<Key>,
    },
    /// The body verified another value than the candidate declared (R-3.5.2-b).
    Differs {
        /// The field of the two values.
        key: Key,
        /// The candidate's value.
        declared: Value,
        /// The body's value, which the rules use.
        verified: Value,
    },
    /// The last visit day comes before the first.
    VisitReversed {
        /// The first visit day, as typed.
        first: Date,
        /// The last visit day, as typed.
        last: Date,
    },
    /// Repeated postponements of the audit, a cause of suspension (R-5.3.1-b).
    Postponed {
        /// How many; at least 2.
        times: usize,
    },
    /// A central has too few locals left to audit a new sample each year (R-3.9.2-c).
    PoolExhausted {
        /// Locals to audit each year.
        sample: u64,
        /// Locals not yet audited, year after year.
        available: Vec<u64>,
    },
    /// More locals are known here than the central's dossier says it has.
    MoreLocalsKnown {
        /// Locals that the central's dossier says it has.
        told: u64,
        /// Locals whose dossiers name the central.
        known: u64,
    },
    /// A central has not audited the sample of locals that its label requires (R-3.1-c).
    Network(CentralFault),
    /// Three quarters of the year's sample can still be reached, and are not by those audited so far.
    ThreeQuartersAtRisk(ThreeQuarters),
    /// Three quarters of the year's sample are out of reach: what to present beside it.
    Supplements(Supplements),
    /// The majority of the year's locals is at a lower tier: the tier held is kept (R-3.9.2-k, F-17).
    LowerMajority,
    /// What the year's majority gives when it is compared with the tier held (F-38).
    ComparedOtherwise(Comparison),
    /// Domains, sites, extensions.
    Perimeter(OfPerimeter),
    /// The yearly surveys of a central's labelled locals, at its follow-up.
    YearlySurveys(YearlySurveys),
    /// An attached local keeps its label, whatever became of its central's.
    LabelKept {
        /// What became of the central's application or label.
        standing: CentralStanding,
        /// The last day of the local's own label.
        ends: Date,
    },
    /// An attached local's central service cannot be known.
    CentralNotKnown(CentralStanding),
    /// The end of validity on the attestation is not the one computed (R-2.3-a).
    EndDiffers {
        /// The attestation's, which is used.
        printed: Date,
        /// The one that follows from the decisions.
        computed: Date,
    },
    /// A decision or a date that does not agree with the rest of the dossier.
    Coherence(Incoherence),
    /// About a follow-up, or an extension.
    FollowUp(FollowUpNote),
    /// Accepted on the platform without a typed decision: the day of acceptance is used.
    DecidedOnPlatform,
    /// The account of vigie is not in the dossier's group of instructors: it can write nothing there.
    NotInGroup,
    /// The platform uses a word that this version does not know: nothing is deduced from it.
    UnknownWord {
        /// Where the platform used the word.
        of: PlatformWord,
        /// The word, as the platform wrote it.
        word: String,
    },
    /// About the case as a whole: its previous dossier, or a decision that was erased.
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
