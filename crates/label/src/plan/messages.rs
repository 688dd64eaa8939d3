//! The messages to the candidate on the platform, when `act.messages` allows them: an acknowledgement of receipt, and a
//! list of missing or unusable documents.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Demande};
use crate::guide::application::complements_limit;
use crate::judge::Review;
use crate::judge::finding::{Finding, Level};
use crate::outgoing::{Correction, Message, MessageKey, MessageSubject};
use crate::plan::occasion::is_decided;
use crate::wording::messages;

/// Every message that should have been sent by today for dossiers deposited since `since`, including those that were.
#[must_use]
pub fn wanted_messages(review: &Review, case: &Case, since: Date) -> Vec<Message> {
    let open = |facts: &&Facts| {
        let state = matches!(facts.state, PlatformState::EnConstruction | PlatformState::EnInstruction);
        state && !facts.gone && facts.deposited >= since && !is_decided(review, facts)
    };
    let of = |facts: &Facts| [acknowledgement(facts), request(review, facts)];
    case.dossiers.iter().filter(open).flat_map(of).flatten().collect()
}

/// R-3.5.2-c — *accuse réception*. Not sent for a dossier that a person has already accepted for examination or sent back.
fn acknowledgement(facts: &Facts) -> Option<Message> {
    let untouched = facts.state == PlatformState::EnConstruction && facts.examined.is_none();
    if !untouched || facts.correction.is_some() {
        return None;
    }
    message(facts, MessageSubject::Receipt, "R-3.5.2-c", None, |reference| {
        messages::received(facts, reference)
    })
}

/// R-3.5.2-d — *compléments*, to be sent before the visit; once for the same faults, and one request at a time.
fn request(review: &Review, facts: &Facts) -> Option<Message> {
    let applies = matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement);
    let audit = facts.date(Key::AuditDebut);
    if !applies || facts.correction.is_some() || audit.is_some_and(|first| first <= review.today) {
        return None;
    }
    let about_pieces = |finding: &&Finding| finding.asks_candidate() && finding.what.key().is_some();
    let faults: Vec<&Finding> = review.faults(Some(facts.number)).filter(about_pieces).collect();
    if faults.is_empty() {
        return None;
    }
    let missing = faults.iter().any(|finding| finding.level == Level::Missing);
    let correction = if missing { Correction::Incomplete } else { Correction::Incorrect };
    let subject = MessageSubject::Documents { faults: fingerprint(&faults) };
    let limit = audit.map(complements_limit);
    message(facts, subject, "R-3.5.2-d", Some(correction), |reference| {
        messages::pieces(facts, &faults, limit, reference)
    })
}

fn message(
    facts: &Facts,
    subject: MessageSubject,
    rule: &'static str,
    correction: Option<Correction>,
    body: impl FnOnce(&str) -> String,
) -> Option<Message> {
    let key = MessageKey { dossier: facts.number, subject };
    let reference = key.reference();
    Some(Message {
        key,
        dossier: facts.number,
        dossier_id: facts.id.clone(),
        author: facts.author.clone()?,
        body: body(&reference),
        reference,
        correction,
        rule,
    })
}

/// A hash of the faults that does not depend on their order. It is part of keys in existing ledgers, so that no name
/// that `Debug` writes for a fault may change.
fn fingerprint(faults: &[&Finding]) -> u32 {
    let mut named: Vec<String> =
        faults.iter().map(|finding| format!("{:?} {:?}", finding.level, finding.what)).collect();
    named.sort();
    named.dedup();
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(named.join("\n").as_bytes()).into();
    u32::from_be_bytes([a, b, c, d])
}
