//! What receivers were told: the bodies of notices that were put, read again.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use label::Tier;
use label::case::{Decision, Event};
use label::outgoing::{Announced, CorrectedDecision, LastTold, NoticeKey, NoticeKind};
use label::plan::corrections::announced;
use label::plan::notices::{Untold, announces};

/// The body of a notice, as far as a correction needs it. A body of an earlier version may lack the last two.
#[derive(Deserialize)]
struct ToldBody {
    timestamp: Timestamp,
    data: ToldData,
}

#[derive(Deserialize)]
struct ToldData {
    decision: Option<Decision>,
    palier: Option<Tier>,
    date_decision: Option<Date>,
    date_notification: Option<Date>,
    date_effet: Option<Date>,
    #[serde(default)]
    corrige: Vec<CorrectedDecision>,
}

/// Adds what one sent notice said; `None` when this version cannot read it: it cannot be compared.
pub(super) fn told_last(last: &mut Vec<LastTold>, key: &str, payload: &str) -> Option<()> {
    let NoticeKey::Label { dossier, kind, .. } = key.parse().ok()? else { return Some(()) };
    let body: ToldBody = serde_json::from_str(payload).ok()?;
    let (told, data) = (label::paris_date(body.timestamp), body.data);
    let mut put =
        |decision, announced| LastTold { dossier, decision, told, announced, before: None }.put(last);
    if let Some(decision) = announces(kind).filter(|decision| data.decision == Some(*decision)) {
        let (decided, notified, effective) = (data.date_decision, data.date_notification, data.date_effet);
        let event = Event { dossier, decision, tier: data.palier, decided, notified, effective, cause: None };
        put(decision, announced(&event));
    }
    for one in data.corrige {
        let now = one.date_effet.filter(|_| !one.annulee).map(|on| Announced::new(one.palier, on));
        put(one.decision, now);
    }
    Some(())
}

/// The correction that a notice with this body tells.
pub(super) fn correction(key: NoticeKey, payload: &str) -> Option<Untold> {
    let NoticeKey::Label { dossier, kind: NoticeKind::Corrected, day } = key else { return None };
    let corrige = serde_json::from_str::<ToldBody>(payload).ok()?.data.corrige;
    Some(Untold { dossier, day, corrige, given_up: false })
}
